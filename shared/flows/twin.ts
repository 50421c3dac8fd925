import type { CalendarEvent } from "../ports/calendar.ts";
import { differingFields, FIELDS, pick } from "../sync/content.ts";
import type { Desk } from "./desk.ts";
import type { EventMap } from "./documents.ts";
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

/** The same of one that is known by its id alone. One whose marker a person took away is theirs by now (law 1). */
export async function removeTwinUnder(desk: Desk, id: string, stays: EventMap): Promise<void> {
  const twin = await desk.world.calendar(desk.place.ws, stays.calendarId).get(stays.calendarId, id);
  if (twin?.state !== "live" || markedBooking(desk.workspace, twin.properties) === undefined) return;
  await removeTwin(desk, twin, stays);
}

async function showTwin(desk: Desk, twin: CalendarEvent, { key, bookingId, resource, event }: Stays): Promise<void> {
  const fields = event?.kind === "live" ? differingFields(twin.content, event.content) : FIELDS;
  const lost = fields.map((field) => ({ side: "calendar" as const, field, value: pick(twin.content, [field]) }));
  if (lost.length === 0) return;
  const detail = `A second event of booking ${bookingId} on ${resource} was removed; it said something else than the one that stays.`;
  const about = { key, resource, calendarId: twin.calendarId, eventId: twin.id, lost };
  await ensureReview(desk.store, { id: `twin-removed~${twin.id}`, kind: "twin-removed", detail, ...about }, desk.now);
}
