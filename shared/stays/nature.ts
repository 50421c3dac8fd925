import { humanName } from "./guest-name.ts";
import { plain, tidy } from "./plain-words.ts";
import { type Platform, platformIn } from "./platform.ts";
import { ARRIVAL, BLOCKED, CANCELLED, DEPARTURE, OWNER, RESERVED, TAKEN } from "./words.ts";

/**
 * What an event of a feed is.
 *
 *   stay           somebody booked: a code, a name, or the host's word for it
 *   stay-or-block  the home is taken; whether by a guest nobody says (Booking.com writes both alike)
 *   block          nobody may book, and nobody did (S53)
 *   note           a day of a stay that stands in the feed itself: arrival, departure
 *   cancelled      said to take place no more
 */
export const NATURES = ["stay", "stay-or-block", "block", "note", "cancelled"] as const;
export type Nature = (typeof NATURES)[number];

export interface Named {
  readonly nature: Nature;
  readonly customer?: string;
  /** The portal that a channel manager's title names. */
  readonly platform?: Platform;
}

export interface Titled {
  readonly title: string;
  readonly platform: Platform;
  /** The feed tells a code, or that a reservation stands behind it. */
  readonly isReserved: boolean;
  /** STATUS in capitals, "" without one. */
  readonly status: string;
  readonly nights: number;
  /** TRANSP says that it takes no time. */
  readonly isFree: boolean;
}

const SEPARATOR = "\\s*[-:|,(\\[]+\\s*";
const ANYWHERE = new RegExp(`(?<![a-z])${BLOCKED}(?![a-z])`);
const WHOLLY = new RegExp(`^[\\s("'*-]*(?:${BLOCKED})[\\s)"'*.!-]*$`);
const RESERVED_FIRST = new RegExp(`^(?:${RESERVED})(?=$|[^a-z])`);
const TAKEN_WHOLLY = new RegExp(`^(?:${TAKEN})$`);
const CANCELLED_FIRST = new RegExp(`^[\\s[(*]*(?:${CANCELLED})(?=$|[^a-z])`);
const NOTE_FIRST = new RegExp(`^(?:guest )?(?:${ARRIVAL}|${DEPARTURE})(?=$|[^a-z])`);
/** Who needs no booking; channel managers number what they do all the same. */
const OWNERS = new RegExp(`(?<![a-z])${OWNER}(?![a-z])`);
const CLOSED = /^closed\s*[-:]\s*/;
/** Longer than anybody stays at a portal that writes both alike: it is closed. */
const LONGEST_STAY = 60;

/** Decides by what is certain first: a cancellation, then evidence of a reservation, then the words of the title. */
export function natureOf(event: Titled): Named {
  const words = plain(event.title);
  if (event.status === "CANCELLED" || CANCELLED_FIRST.test(words)) return { nature: "cancelled" };
  if (NOTE_FIRST.test(words) && event.nights <= 1) return { nature: "note" };
  if (event.isReserved && !OWNERS.test(words)) return { nature: "stay", ...partsOf(event.title) };
  if (event.platform === "booking" && CLOSED.test(words)) return closedAtBooking(event);
  if (RESERVED_FIRST.test(words)) return afterReserved(event.title);
  if (ANYWHERE.test(words)) return { nature: "block" };
  if (words === "" || TAKEN_WHOLLY.test(words) || event.status === "TENTATIVE") return { nature: "stay-or-block" };
  if (event.platform === "calendar" && event.isFree) return { nature: "note" };
  return { nature: "stay", ...partsOf(event.title) };
}

/** `CLOSED - Not available` is a booking or a block, nobody knows; with a guest's name in its place it is a booking. */
function closedAtBooking({ title, nights }: Titled): Named {
  const customer = humanName(tidy(title).replace(/^closed\s*\S?\s+/i, ""));
  if (customer !== undefined) return { nature: "stay", customer };
  return { nature: nights > LONGEST_STAY ? "block" : "stay-or-block" };
}

/** `Reserved - Jane Doe`, `Réservée - Melanie`, `Booked (Airbnb)`; `Reserved - Not available` is a block all the same. */
function afterReserved(title: string): Named {
  const rest = afterSeparator(title);
  if (rest !== "" && WHOLLY.test(plain(rest))) return { nature: "block" };
  return { nature: "stay", ...partsOf(title) };
}

function afterSeparator(title: string): string {
  const match = new RegExp(SEPARATOR).exec(tidy(title).replace(/[\u2010-\u2015]/g, "-"));
  return match === null
    ? ""
    : tidy(title)
        .slice(match.index + match[0].length)
        .replace(/[)\]]+$/, "");
}

/**
 * The parts of a title between dashes, colons and brackets: where one of them says that it is a reservation, or whose,
 * and one alone of the others is a name, that is the guest's. A title of one part is no name for sure (it may be the home's).
 */
function partsOf(title: string): Omit<Named, "nature"> {
  const parts = tidy(title)
    .replace(/[\u2010-\u2015]/g, "-")
    .split(/\s+[-|·]+\s+|\s*[:|([\])]\s*|-(?=\s)|,\s+/)
    .map(tidy)
    .filter((part) => part !== "");
  const platform = parts.map(platformIn).find((found) => found !== undefined);
  const told = platform === undefined ? {} : { platform };
  const saysReserved = parts.some((part) => RESERVED_FIRST.test(plain(part)) || platformIn(part) !== undefined);
  const names = parts.flatMap((part) => humanName(part) ?? []).filter((part) => !RESERVED_FIRST.test(plain(part)));
  const [customer, ...others] = names;
  if (parts.length < 2 || !saysReserved || customer === undefined || others.length > 0) return told;
  return { ...told, customer };
}
