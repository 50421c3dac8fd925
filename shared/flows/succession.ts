import { ABSENT, type Stored } from "../ports/store.ts";
import { type Desk, putBooking, putMap } from "./desk.ts";
import { type BookingDoc, bookingKey, bookingRef, type EventMap, mapRef } from "./documents.ts";
import { bookedFor } from "./new-booking.ts";

/**
 * S07: a booking that the source gave a new id (auto-cancel and re-book, "rescheduled") takes over
 * the event of the one before, so that people see one event move, not one go and another come.
 * Nothing is taken over where the new one has an event already or the old one is on another resource.
 */
export async function inherit(desk: Desk, formerId: string): Promise<void> {
  if (desk.map.eventId !== "" || desk.mapVersion !== ABSENT) return;
  const formerKey = bookingKey(desk.place.source, formerId);
  const [storedMap, storedBooking] = await desk.store.getMany([
    mapRef(formerKey, desk.place.resource),
    bookingRef(formerKey),
  ]);
  // Proof: only this program writes these collections, with these shapes.
  const map = storedMap as Stored<EventMap> | undefined;
  const booking = storedBooking as Stored<BookingDoc> | undefined;
  if (map === undefined || booking === undefined || map.data.eventId === "" || booking.data.claim !== undefined) return;
  // It is yet to be read under its new name, and gets the new id with that.
  const { event: _former, ...former } = map.data;
  desk.map = { ...former, key: desk.key, bookingId: desk.place.bookingId };
  const formerIds = [...booking.data.formerIds, formerId];
  const { undoneIds } = booking.data;
  desk.booking = { ...desk.booking, formerIds, ...(undoneIds && { undoneIds }), ...endingOf(desk, booking.data) };
  const retired: BookingDoc = {
    ...booking.data,
    supersededBy: desk.key,
    incarnations: { ...booking.data.incarnations, [desk.place.resource]: map.data.incarnation + 1 },
  };
  const [mapVersion = "", bookingVersion = ""] = await desk.store.commit([
    putMap(desk),
    putBooking(desk),
    { kind: "put", ref: bookingRef(formerKey), data: retired, ifVersion: booking.version },
    { kind: "delete", ref: mapRef(formerKey, desk.place.resource), ifVersion: map.version },
  ]);
  desk.mapVersion = mapVersion;
  desk.bookingVersion = bookingVersion;
  desk.storedMap = desk.map;
  desk.storedBooking = desk.booking;
}

/** What was on its way out by our own hand is no person's deletion under the new name either. */
function endingOf({ place, booking }: Desk, { ending }: BookingDoc): Pick<BookingDoc, "ending"> {
  const { [place.resource]: event } = ending ?? {};
  return event === undefined ? {} : { ending: { ...booking.ending, [place.resource]: event } };
}

/**
 * True where this booking was just made by a rebooking that is still under way: the saga's last step
 * brings its documents, and until then nobody may give it an event of its own (R4).
 */
export async function isBeingRebooked(desk: Desk): Promise<boolean> {
  const formerId = desk.truth === undefined ? undefined : bookedFor(desk.truth);
  if (formerId === undefined || desk.storedBooking !== undefined) return false;
  const former = await desk.store.get<BookingDoc>(bookingRef(bookingKey(desk.place.source, formerId)));
  return former?.data.claim?.marker === desk.truth?.fields["marker"];
}
