import { BOOKING_API } from "./booking-api.ts";
import { GOOGLE_CALENDAR } from "./google-calendar.ts";
import { OSM } from "./osm.ts";
import { OUTLOOK } from "./outlook.ts";
import type { CalendarKind, SourceKind } from "./side.ts";
import { USCHEDULE } from "./uschedule.ts";

/** What can stand on each side, by registry folder. A further provider is one file and one line. */
const CALENDARS: Readonly<Record<string, CalendarKind>> = { "google-calendar": GOOGLE_CALENDAR, outlook: OUTLOOK };
const SOURCES: Readonly<Record<string, SourceKind>> = { uschedule: USCHEDULE, "booking-api": BOOKING_API, osm: OSM };

export const CALENDAR_NAMES: readonly string[] = Object.keys(CALENDARS);
export const SOURCE_NAMES: readonly string[] = Object.keys(SOURCES);

/** Registry folders: one calendar and one booking source. */
export interface Providers {
  readonly calendar: string;
  readonly source: string;
}

export interface Pair {
  readonly calendar: CalendarKind;
  readonly source: SourceKind;
}

/** The two sides of a history. Throws where nothing simulates one of them. */
export function pairOf({ calendar, source }: Providers): Pair {
  return { calendar: named(CALENDARS, calendar), source: named(SOURCES, source) };
}

function named<Kind>(kinds: Readonly<Record<string, Kind>>, name: string): Kind {
  const kind = kinds[name];
  if (kind === undefined) throw new Error(`Nothing simulates ${name}; there are: ${Object.keys(kinds).join(", ")}.`);
  return kind;
}
