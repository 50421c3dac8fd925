import type { Call } from "../world.ts";
import { notFound, refuse } from "./errors.ts";
import type { AccessRole, CalendarRow } from "./rows.ts";
import { calendarsOf } from "./shelves.ts";

const WRITERS: readonly AccessRole[] = ["writerWithoutPrivateAccess", "writer", "owner"];

/** The caller's role on the calendar, as faults of this call would have it. */
export function roleOn(call: Call, calendar: CalendarRow): AccessRole {
  if (call.faults.has("no-access")) return "none";
  return call.faults.has("free-busy") ? "freeBusyReader" : calendar.accessRole;
}

/** The calendar, where the caller may see it at all; absent and invisible both answer 404. */
export function readableCalendar(call: Call, calendarId: string): CalendarRow {
  const calendar = calendarsOf(call.world).get("calendars", calendarId);
  if (calendar === undefined || roleOn(call, calendar) === "none") return notFound();
  return calendar;
}

/** The calendar, where the caller may write; 403 requiredAccessLevel otherwise. */
export function writableCalendar(call: Call, calendarId: string): CalendarRow {
  const calendar = readableCalendar(call, calendarId);
  if (!WRITERS.includes(roleOn(call, calendar))) {
    refuse(403, {
      reason: "requiredAccessLevel",
      message: "You need to have writer access to this calendar.",
      domain: "calendar",
    });
  }
  return calendar;
}
