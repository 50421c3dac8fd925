import { humanName } from "./guest-name.ts";
import { plain, tidyLines } from "./plain-words.ts";
import type { Platform } from "./platform.ts";

/** What an event's own text says of its stay beside the dates; what it does not say is left out (law 11). */
export interface StatedFacts {
  readonly code?: string;
  readonly customer?: string;
  readonly phoneLast4?: string;
  readonly guests?: string;
  /** The rest of the description, for people. */
  readonly notes?: string;
}

const AIRBNB = /\bHM[A-Z0-9]{8}\b/;
const AIRBNB_LINK = /airbnb\.[a-z.]+\/(?:hosting\/)?reservations?\/(?:details\/|itinerary\?code=)([A-Z0-9]{5,14})\b/i;
const VRBO = /\bHA-[A-Z0-9]{6,7}\b/;
/** A number that is called the reservation's, in the words of several languages. */
const LABELLED = new RegExp(
  `(?:confirmation|reservation|booking|buchungs?|reservierungs?|bestatigungs?|reserva|prenotazione|reserverings?|boekings?|rezerwacji)` +
    `[ -]?(?:code|number|no|nr|num|nummer|id|ref|reference|numero|codice|codigo)?\\.?\\s*[:#]\\s*#?([a-z0-9][a-z0-9-]{3,23})(?![a-z0-9/.])`,
);
const LABELLED_OTHER =
  /(?:numero de (?:la )?(?:reservation|reserva)|(?:code|codigo|codice) (?:de |di )?(?:la )?(?:reservation|reserva|confirmation|confirmacion|prenotazione|conferma))\s*[:#]\s*([a-z0-9][a-z0-9-]{3,23})/;
const BOOKING_NUMBER = /(?<![\d+])\d{10}(?!\d)/;
const PHONE = /\(\D{0,30}4\D{0,30}\)\s*:?\s*(\d{4})\b/;
const GUESTS =
  /^(?:(?:number of |no\. of )?guests|pax|personen|gaste|voyageurs|huespedes|ospiti|gasten)\s*:\s*(\d{1,2})\b/;
const NAME =
  /^(?:guest(?: ?name)?|name|booked by|customer(?: name)?|client|gast(?:name)?|nom(?: du (?:voyageur|client))?|huesped|nombre|ospite|nome|naam)\s*:\s*(.+)$/i;

/** Reads title and description. Codes stand in either; all else only in the description, each on its own line. */
export function readFacts(title: string, description: string, platform: Platform): StatedFacts {
  const lines = tidyLines(description);
  const code = codeIn([title, ...lines].join("\n"), platform);
  const phoneLast4 = lines.map((line) => PHONE.exec(line)?.[1]).find((digits) => digits !== undefined);
  const guests = lines
    .map((line) => GUESTS.exec(plain(line))?.[1])
    .find((count) => count !== undefined && count !== "0");
  const customer = lines.map((line) => NAME.exec(line)?.[1]).flatMap((name) => humanName(name ?? "") ?? [])[0];
  const notes = lines.filter((line) => !PHONE.test(line) && !/https?:\/\//i.test(line)).join("\n");
  return {
    ...(code === undefined ? {} : { code }),
    ...(customer === undefined ? {} : { customer }),
    ...(phoneLast4 === undefined ? {} : { phoneLast4 }),
    ...(guests === undefined ? {} : { guests }),
    ...(notes === "" ? {} : { notes }),
  };
}

/** The reservation's code by the forms that platforms give it, else a number that is called one and holds a digit. */
function codeIn(text: string, platform: Platform): string | undefined {
  const upper = text.toUpperCase();
  const own = AIRBNB.exec(upper)?.[0] ?? AIRBNB_LINK.exec(text)?.[1]?.toUpperCase() ?? VRBO.exec(upper)?.[0];
  if (own !== undefined) return own;
  if (platform === "booking") {
    const number = BOOKING_NUMBER.exec(text)?.[0];
    if (number !== undefined) return number;
  }
  for (const line of text.split("\n")) {
    const words = plain(line);
    const labelled = (LABELLED.exec(words) ?? LABELLED_OTHER.exec(words))?.[1];
    if (labelled !== undefined && /\d/.test(labelled) && !/^\d{4}-\d{2}-\d{2}$/.test(labelled))
      return asWritten(line, labelled);
  }
  return undefined;
}

/** Capitals and small letters of a code as the feed has them: people compare it with what they see. */
function asWritten(line: string, code: string): string {
  const at = line.toLowerCase().lastIndexOf(code);
  return at < 0 ? code.toUpperCase() : line.slice(at, at + code.length);
}
