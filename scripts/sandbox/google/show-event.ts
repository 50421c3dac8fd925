import { showEventTime } from "./event-time.ts";
import type { AccessRole, CalendarRow, EventRow } from "./rows.ts";

export interface Viewer {
  readonly calendar: CalendarRow;
  readonly role: AccessRole;
  /** The zone in which times are answered: the `timeZone` parameter, else the calendar's. */
  readonly zone: string;
}

/** A quoted string that differs between any two states of an event. */
export function etagOf(event: EventRow): string {
  return `"${Date.parse(event.updated)}${String(event.change).padStart(6, "0")}"`;
}

/** The event resource as this viewer may see it. */
export function showEvent(event: EventRow, viewer: Viewer): Record<string, unknown> {
  if (viewer.role === "freeBusyReader") return showBusyTime(event, viewer);
  return {
    ...showHead(event),
    htmlLink: `https://www.google.com/calendar/event?eid=${Buffer.from(`${event.id} ${event.calendarId}`).toString("base64url")}`,
    created: event.created,
    updated: event.updated,
    creator: { email: event.calendarId, self: true },
    organizer: { email: event.calendarId, displayName: viewer.calendar.summary, self: true },
    reminders: { useDefault: true },
    eventType: "default",
    ...event.body,
    ...showTimes(event, viewer),
    iCalUID: event.iCalUID,
    sequence: event.sequence,
  };
}

/** All that Google guarantees of a deleted event; of an instance also which one it was. */
export function showBareTombstone(event: EventRow): Record<string, unknown> {
  const instance =
    event.recurringEventId === undefined
      ? {}
      : { recurringEventId: event.recurringEventId, originalStartTime: event.originalStartTime };
  return { id: event.id, status: "cancelled", ...instance };
}

/** `freeBusyReader`: when, and nothing else (S65). */
function showBusyTime(event: EventRow, viewer: Viewer): Record<string, unknown> {
  return { ...showHead(event), visibility: "private", ...showTimes(event, viewer) };
}

function showHead(event: EventRow): Record<string, unknown> {
  return { kind: "calendar#event", etag: etagOf(event), id: event.id, status: event.status };
}

function showTimes(event: EventRow, viewer: Viewer): Record<string, unknown> {
  const show = (time: EventRow["body"]["start"]) => showEventTime(time, viewer.zone, viewer.calendar.timeZone);
  const instance =
    event.recurringEventId === undefined || event.originalStartTime === undefined
      ? {}
      : { recurringEventId: event.recurringEventId, originalStartTime: show(event.originalStartTime) };
  return { start: show(event.body.start), end: show(event.body.end), ...instance };
}
