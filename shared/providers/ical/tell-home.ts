import type { BadRow, SourceBooking, SourceNotice } from "../../ports/booking-source.ts";
import { canonicalStays } from "../../stays/canonical.ts";
import { badId } from "../../stays/stay-id.ts";
import { isPresent, presentStays } from "./echoes.ts";
import type { Home, HomeFeed } from "./homes.ts";
import type { Settings } from "./schema.ts";
import { isSuspect } from "./take-in.ts";
import { asBooking } from "./translate.ts";

/** What a home's feeds tell of its stays. */
export interface ToldHome {
  readonly bookings: readonly SourceBooking[];
  readonly bad: readonly BadRow[];
  /** Known stays that could not be looked for: of their absence nothing follows. */
  readonly unread: readonly string[];
  readonly notices: readonly SourceNotice[];
}

/** Readings in a row with nothing but new UIDs, until somebody is told (S17). */
const UNSTABLE_READINGS = 3;

/** Every stay once, whatever feeds have it; rolling blocks not at all (S53). Costs no call. */
export function tellHome(home: Home, settings: Settings): ToldHome {
  const { told } = canonicalStays(home.feeds.map(presentStays), home.at);
  const shown = told.filter(
    ({ row }) => row.rolling !== true && (row.nature !== "block" || settings.blocks === "show"),
  );
  const bookings = shown.map((stay) => asBooking(home.property, stay));
  const cancelled = home.feeds.flatMap(({ feed, memory }) =>
    memory.known.filter(({ gone }) => gone === "cancelled").map(({ id, row }) => ({ id, feed, row })),
  );
  const present = new Set(bookings.map(({ id }) => id));
  const over = cancelled.filter(({ id }) => !present.has(id));
  return {
    bookings: [...bookings, ...over.map((stay) => asBooking(home.property, stay, "cancelled"))],
    bad: home.feeds.flatMap((feed) => badRows(home.property, feed)),
    unread: home.feeds.flatMap(unreadIds).filter((id) => !present.has(id)),
    notices: [...home.failed.map(failureNotice), ...home.feeds.flatMap((feed) => feedNotices(home, feed))],
  };
}

/** Those that a reading may have overlooked, and those that are missing from a reading that is not of this moment. */
function unreadIds({ memory, isFresh }: HomeFeed): string[] {
  return memory.known
    .filter((stay) => !isPresent(stay, memory) && stay.gone !== "cancelled")
    .filter(({ gone }) => gone === undefined || !isFresh)
    .map(({ id }) => id);
}

/** An event that cannot be read any more keeps the id of the stay it was. */
function badRows(property: string, { feed, memory }: HomeFeed): BadRow[] {
  return memory.bad.map(({ uid, reason, cancelled }) => {
    const known = memory.known.find(({ row }) => row.uid === uid);
    const id = known?.id ?? badId({ property, feed }, uid);
    return { id, reason: `${reason} (feed ${feed})`, ...(cancelled === undefined ? {} : { cancelled }) };
  });
}

function failureNotice({ feed, error }: Home["failed"][number]): SourceNotice {
  const detail = `${error.message} What was known of it stays; nothing is cancelled because of that.`;
  return { kind: "feed-unreadable", subject: feed, detail };
}

function feedNotices({ at }: Home, { feed, memory }: HomeFeed): SourceNotice[] {
  const notices: SourceNotice[] = [];
  if (isSuspect(memory, at)) {
    const detail = `Feed ${feed} suddenly lacks several stays that lie ahead: they stay until it has lacked them for hours.`;
    notices.push({ kind: "feed-suspicious", subject: feed, detail });
  }
  if (!memory.complete) {
    const detail = `Feed ${feed} breaks off in the middle: what is missing in it may exist, and stays.`;
    notices.push({ kind: "feed-incomplete", subject: feed, detail });
  }
  if (memory.unstable >= UNSTABLE_READINGS) {
    const detail = `Feed ${feed} gives its events new ids each time (unstable ids): its stays are told by their codes and nights.`;
    notices.push({ kind: "unstable-ids", subject: feed, detail });
  }
  return notices;
}
