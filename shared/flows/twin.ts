import type { CalendarEvent } from "../ports/calendar.ts";
import { differingFields, FIELDS, pick } from "../sync/content.ts";
import type { Desk } from "./desk.ts";
import { type EventMap, mapRef } from "./documents.ts";
import { inheriting } from "./incarnation.ts";
import { joined } from "./journal.ts";
import { readEvent } from "./look.ts";
import { markedBooking } from "./marker.ts";
import { ensureReview } from "./review.ts";

type Stays = Pick<EventMap, "key" | "bookingId" | "resource" | "event">;

/** Removes an event of ours beside the one that `stays`; what somebody wrote on it is shown first: nothing said is lost (S49). */
export async function removeTwin(desk: Desk, twin: CalendarEvent, stays: Stays): Promise<void> {
  const { world, place } = desk;
  const { calendarId, id, etag } = twin;
  await showTwin(desk, twin, stays);
  await world.calendar(place.ws, calendarId).remove({ calendarId, id, ...(etag === undefined ? {} : { etag }) });
  const about = { ws: place.ws, appointmentId: stays.bookingId, calendarId, eventId: id };
  world.log.write("NOTICE", "twin removed", about);
}

/**
 * The same of one that is known by its id alone. One whose marker a person took away is theirs by now (law 1). The map is
 * looked at between the read of the twin and the call: whoever takes the twin in after that gives it another version.
 */
export async function removeTwinUnder(desk: Desk, id: string, stays: EventMap): Promise<void> {
  const twin = await desk.world.calendar(desk.place.ws, stays.calendarId).get(stays.calendarId, id);
  if (twin?.state !== "live" || markedBooking(desk.workspace, twin.properties) === undefined) return;
  const now = await desk.store.get<EventMap>(mapRef(stays.key, stays.resource));
  if (now?.data.eventId !== stays.eventId) return;
  await removeTwin(desk, twin, stays);
}

/** Two maps of one booking and resource, each with an event: which goes on, and the event that is too much beside its own. */
interface Met {
  readonly stays: EventMap;
  readonly twin: string | undefined;
}

/**
 * A map comes to where another one has an event already. The event that comes is the one people know; where it is gone, or
 * a person's by now (law 1), the one that was made meanwhile is all that shows the booking, and is no twin.
 */
export async function meet(desk: Desk, comes: EventMap, there: EventMap | undefined): Promise<Met> {
  if (there === undefined) return { stays: comes, twin: undefined };
  const journal = joined(there.journal, comes.journal);
  const twin = there.eventId === "" || there.eventId === comes.eventId ? undefined : there.eventId;
  if (twin === undefined || (await standsStill(desk, comes)))
    return { stays: { ...inheriting(comes, there), journal }, twin };
  return { stays: { ...inheriting(there, comes), journal }, twin: undefined };
}

/** Not found where its name was to be written, it is looked for. */
async function standsStill(desk: Desk, { event }: EventMap): Promise<boolean> {
  return event === undefined ? hasOwn(desk) : stands(event);
}

/** True unless the map's own event is read as deleted, here and elsewhere, or a person made it theirs (law 1). */
export async function hasOwn(desk: Desk): Promise<boolean> {
  await readEvent(desk);
  return stands(desk.map.event);
}

/** True for an event that is ours and somewhere: not deleted, and not made theirs by a person (law 1). */
function stands(event: EventMap["event"]): boolean {
  return event?.kind === "elsewhere" || (event?.kind === "live" && event.marked);
}

async function showTwin(desk: Desk, twin: CalendarEvent, { key, bookingId, resource, event }: Stays): Promise<void> {
  const fields = event?.kind === "live" ? differingFields(twin.content, event.content) : FIELDS;
  const lost = fields.map((field) => ({ side: "calendar" as const, field, value: pick(twin.content, [field]) }));
  if (lost.length === 0) return;
  const detail = `A second event of booking ${bookingId} on ${resource} was removed; it said something else than the one that stays.`;
  const about = { key, resource, calendarId: twin.calendarId, eventId: twin.id, lost };
  await ensureReview(desk.store, { id: `twin-removed~${twin.id}`, kind: "twin-removed", detail, ...about }, desk.now);
}
