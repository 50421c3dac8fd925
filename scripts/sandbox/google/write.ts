import { isRecord, json, noContent, parseJson, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { readableCalendar, roleOn, writableCalendar } from "./access.ts";
import { alreadyDeleted, conditionNotMet, duplicate, invalid, notFound, refuse } from "./errors.ts";
import { findEvent, storeEvent } from "./event-store.ts";
import { epochMs } from "./event-time.ts";
import { mergePatch } from "./merge-patch.ts";
import { type ReadEvent, readEventBody } from "./read-body.ts";
import type { CalendarRow, EventRow } from "./rows.ts";
import { eventsOf } from "./shelves.ts";
import { etagOf, showBareTombstone, showEvent } from "./show-event.ts";

const CLIENT_ID = /^[0-9a-v]{5,1024}$/;

/** `events.get`: deleted events too; `If-None-Match` with the current etag answers 304. */
export function getEvent(call: Call, [calendarId = "", eventId = ""]: readonly string[]): Reply {
  const calendar = readableCalendar(call, calendarId);
  const event = findEvent(call.world, calendar, eventId) ?? notFound();
  if (call.request.headers["if-none-match"] === etagOf(event))
    return { ...noContent(304), headers: { etag: etagOf(event) } };
  if (event.status === "cancelled" && call.faults.has("bare-get")) return json(200, showBareTombstone(event));
  return answer(call, calendar, event);
}

/** `events.insert`: a client's id stays taken for ever on this calendar, deleted or not (R2). */
export function insertEvent(call: Call, [calendarId = ""]: readonly string[]): Reply {
  const calendar = writableCalendar(call, calendarId);
  const sent = sentObject(call);
  const read = readEventBody(sent, calendar.timeZone);
  const id = readClientId(sent) ?? call.world.newId();
  if (eventsOf(call.world).get(calendar.id, id) !== undefined) duplicate();
  const iCalUID = typeof sent.iCalUID === "string" ? sent.iCalUID : `${id}@google.com`;
  return answer(call, calendar, storeEvent(call, calendar, { id, iCalUID, ...shapeOf(read, calendar) }));
}

/** `events.patch`: objects merge, null removes, arrays are replaced whole. */
export function patchEvent(call: Call, [calendarId = "", eventId = ""]: readonly string[]): Reply {
  const calendar = writableCalendar(call, calendarId);
  const event = currentEvent(call, calendar, eventId);
  const merged = mergePatch({ ...event.body, status: event.status }, sentObject(call));
  return change(call, calendar, event, readEventBody(merged, calendar.timeZone));
}

/** `events.update`: replaces everything; without a status the event is confirmed, which revives a deleted one. */
export function updateEvent(call: Call, [calendarId = "", eventId = ""]: readonly string[]): Reply {
  const calendar = writableCalendar(call, calendarId);
  const event = currentEvent(call, calendar, eventId);
  return change(call, calendar, event, readEventBody(sentObject(call), calendar.timeZone));
}

/** `events.delete`: 204; 410 `deleted` the second time. */
export function deleteEvent(call: Call, [calendarId = "", eventId = ""]: readonly string[]): Reply {
  const calendar = writableCalendar(call, calendarId);
  const event = findEvent(call.world, calendar, eventId) ?? notFound();
  if (event.status === "cancelled") alreadyDeleted();
  checkIfMatch(call, event);
  cancel(call, calendar, event);
  const instances = eventsOf(call.world)
    .all(calendar.id)
    .filter((other) => other.recurringEventId === event.id);
  for (const instance of instances) if (instance.status !== "cancelled") cancel(call, calendar, instance);
  return noContent();
}

function cancel(call: Call, calendar: CalendarRow, event: EventRow): void {
  storeEvent(call, calendar, { ...event, status: "cancelled", sequence: event.sequence + 1 });
}

/**
 * `events.move`, which is also what the calendar's own screen does (S59): a tombstone stays here,
 * the event appears there with the same id and iCalUID.
 */
export function moveEvent(call: Call, [calendarId = "", eventId = ""]: readonly string[]): Reply {
  const from = writableCalendar(call, calendarId);
  const destination = call.request.query.get("destination");
  if (destination === null)
    return refuse(400, { reason: "required", message: "Missing destination.", location: "destination" });
  const event = findEvent(call.world, from, eventId) ?? notFound();
  if (event.status === "cancelled") alreadyDeleted();
  if (event.recurringEventId !== undefined || event.body.recurrence !== undefined)
    invalid("Series are not moved here.");
  const to = writableCalendar(call, destination);
  if (from.id === to.id) return answer(call, from, event);
  storeEvent(call, from, { ...event, status: "cancelled" });
  const { order: _, ...rest } = event;
  return answer(call, to, storeEvent(call, to, { ...rest, sequence: event.sequence + 1 }));
}

function answer(call: Call, calendar: CalendarRow, event: EventRow): Reply {
  const zone = call.request.query.get("timeZone") ?? calendar.timeZone;
  const body = showEvent(event, { calendar, role: roleOn(call, calendar), zone });
  return json(200, body, { etag: etagOf(event) });
}

function sentObject(call: Call): Readonly<Record<string, unknown>> {
  const sent = parseJson(call.request.body);
  return isRecord(sent) ? sent : refuse(400, { reason: "parseError", message: "Parse Error" });
}

function readClientId(sent: Readonly<Record<string, unknown>>): string | undefined {
  if (sent.id === undefined || sent.id === null) return undefined;
  if (typeof sent.id !== "string" || !CLIENT_ID.test(sent.id)) return invalid("Invalid resource id value.", "id");
  if (sent.iCalUID !== undefined) return invalid("Send either id or iCalUID.", "iCalUID");
  return sent.id;
}

function currentEvent(call: Call, calendar: CalendarRow, eventId: string): EventRow {
  const event = findEvent(call.world, calendar, eventId) ?? notFound();
  checkIfMatch(call, event);
  return event;
}

function checkIfMatch(call: Call, event: EventRow): void {
  const wanted = call.request.headers["if-match"];
  if (wanted !== undefined && wanted !== "*" && wanted !== etagOf(event)) conditionNotMet();
}

function change(call: Call, calendar: CalendarRow, event: EventRow, read: ReadEvent): Reply {
  if (read.sequence !== undefined && read.sequence < event.sequence) {
    invalid("Invalid sequence value. The specified sequence number is below the current sequence number.", "sequence");
  }
  const next = { ...event, ...shapeOf(read, calendar) };
  const sequence = read.sequence ?? event.sequence + (reschedules(event, next) ? 1 : 0);
  return answer(call, calendar, storeEvent(call, calendar, { ...next, sequence }));
}

function reschedules(before: EventRow, after: EventRow | Omit<EventRow, "change" | "updated">): boolean {
  const moved = before.startMs !== after.startMs || before.endMs !== after.endMs || before.status !== after.status;
  return moved || JSON.stringify(before.body.recurrence) !== JSON.stringify(after.body.recurrence);
}

function shapeOf({ body, status }: ReadEvent, calendar: CalendarRow) {
  return { body, status, startMs: epochMs(body.start, calendar.timeZone), endMs: epochMs(body.end, calendar.timeZone) };
}
