import { openGoogleCalendar } from "./google-calendar.ts";
import type { CalendarSide, SourceSide, Stage } from "./side.ts";
import { openUschedule } from "./uschedule.ts";

/** What can stand on each side, by registry folder. A further provider is one file and one line. */
export const CALENDAR_SIDES: Readonly<Record<string, (stage: Stage) => CalendarSide>> = {
  "google-calendar": openGoogleCalendar,
};

export const SOURCE_SIDES: Readonly<Record<string, (stage: Stage) => SourceSide>> = {
  uschedule: openUschedule,
};
