import { commitBooking, type Desk, settingsOf } from "./desk.ts";
import type { BookingDoc } from "./documents.ts";

/** Remembers, before the call, that this event goes by our own hand. */
export async function commitEnding(desk: Desk): Promise<void> {
  const ending = { ...desk.booking.ending, [desk.place.resource]: desk.map.eventId };
  desk.booking = { ...desk.booking, ending };
  await commitBooking(desk);
}

/** The event that was to go stays, or lives on elsewhere: if it vanishes now, it was not us. */
export function withoutEnding({ ending = {}, ...booking }: BookingDoc, eventId: string): BookingDoc {
  const others = Object.entries(ending).filter(([, each]) => each !== eventId);
  return others.length === 0 ? booking : { ...booking, ending: Object.fromEntries(others) };
}

/** Removes our event from the calendar of the resource it was moved to. Call `commitEnding` before. */
export async function removeElsewhere(
  desk: Desk,
  event: { readonly resource: string; readonly etag?: string; readonly eventId?: string },
): Promise<"removed" | "already-gone"> {
  const { calendar } = settingsOf(desk.world, { ws: desk.place.ws, resource: event.resource }).resource;
  const etag = event.etag === undefined ? {} : { etag: event.etag };
  const id = event.eventId ?? desk.map.eventId;
  return desk.world.calendar(desk.place.ws, calendar).remove({ calendarId: calendar, id, ...etag });
}
