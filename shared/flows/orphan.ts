import type { CalendarEvent } from "../ports/calendar.ts";
import { openDesk, type Place, type Run, settingsOf } from "./desk.ts";
import { bookingKey } from "./documents.ts";
import { eventIdFor, isOwnId } from "./event-id.ts";
import { takeEvent } from "./look.ts";
import { resourcesOf } from "./resources.ts";
import { takeTurn } from "./turn.ts";
import type { World } from "./world.ts";

/** Former lives that are tried to recognise an id as one of ours. */
const MAX_INCARNATIONS = 50;

/**
 * True for an event that Lockstep itself made for this booking: nobody else can have this id, since a
 * copy gets a new one. Such an event that no map points at was left by a worker that died (law 6).
 */
export function isOurOrphan(world: World, place: Place, eventId: string): boolean {
  if (!isOwnId(eventId)) return false;
  const { workspace } = settingsOf(world, place);
  const key = bookingKey(place.source, place.bookingId);
  return resourcesOf(workspace, place.source).some(([, { calendar }]) =>
    Array.from({ length: MAX_INCARNATIONS }, (_, incarnation) => incarnation).some(
      (incarnation) => eventIdFor(place.ws, calendar, key, incarnation) === eventId,
    ),
  );
}

/** Gives the orphan back to its map, and lets the turn decide; beside another event of ours it is a twin, and goes. */
export async function takeInOrphan(world: World, place: Place, run: Run, event: CalendarEvent): Promise<void> {
  const desk = await openDesk(world, place, run);
  if (desk.map.eventId !== "") {
    const etag = event.etag === undefined ? {} : { etag: event.etag };
    await desk.calendar.remove({ calendarId: event.calendarId, id: event.id, ...etag });
    world.log.write("NOTICE", "twin removed", {
      ws: place.ws,
      appointmentId: place.bookingId,
      calendarId: event.calendarId,
      eventId: event.id,
    });
    return;
  }
  desk.map = { ...desk.map, eventId: event.id, since: desk.now };
  takeEvent(desk, event);
  desk.eventRead = true;
  await takeTurn(world, place, run, { saw: `orphaned event in ${run.id}` }, desk);
}
