import type { SourceBooking } from "../ports/booking-source.ts";
import { isAlike, mayFollow } from "./alike.ts";
import type { Desk } from "./desk.ts";
import { type BookingDoc, bookingKey, bookingRef, type SnapshotDoc, snapshotRef } from "./documents.ts";
import { resourcesNamed } from "./resources.ts";
import { wasListed } from "./snapshot.ts";
import { windowOf } from "./window.ts";

/**
 * S07: what a rescheduled booking lives on as, as its source tells. Where a webhook tells no more than that it was
 * rescheduled, its source's whole list is asked, and answers where nothing can be mixed up: one rescheduled booking of this guest and length
 * that nobody follows yet, one that may be what it lives on, both on this resource. One that was seen by itself
 * meanwhile may be it as well: then another that is new may be a booking of its own.
 */
export async function findSuccessor(desk: Desk): Promise<string | undefined> {
  const { truth, map, booking } = desk;
  if (truth?.status !== "rescheduled" || map.eventId === "" || map.intent !== undefined) return undefined;
  if (truth.successor !== undefined) return truth.successor;
  if (booking.supersededBy !== undefined) return undefined;
  const snapshot = await desk.store.get<SnapshotDoc>(snapshotRef(desk.place.source));
  const polled = snapshot?.data.entries ?? {};
  // The poll that found it rescheduled has told its successor, where one was clear.
  if (polled[truth.id]?.status === "rescheduled") return undefined;
  const listing = await desk.source.list(windowOf(desk.workspace, desk.now));
  if (!listing.complete) return undefined;
  const alike = listing.bookings.filter((other) => isAlike(truth, other));
  const docs = await bookingsOf(desk, alike);
  const followed = alike.filter(({ id, status }) => {
    const doc = docs.get(id);
    return status === "rescheduled" && doc !== undefined && doc.supersededBy === undefined;
  });
  // What the last poll listed while this one still took place has always been a booking of its own.
  const possible = alike.filter(({ id, status }) => status !== "rescheduled" && !wasListed(polled[id]));
  const [next, ...others] = possible;
  const isClear = next !== undefined && others.length === 0 && followed.length === 1 && followed[0]?.id === truth.id;
  const isIts =
    isClear && next.status !== "cancelled" && !docs.has(next.id) && mayFollow(truth, next) && isHere(desk, next);
  return isIts ? next.id : undefined;
}

async function bookingsOf(desk: Desk, listed: readonly SourceBooking[]): Promise<Map<string, BookingDoc>> {
  const refs = listed.map(({ id }) => bookingRef(bookingKey(desk.place.source, id)));
  const stored = refs.length === 0 ? [] : await desk.store.getMany(refs);
  const docs = new Map<string, BookingDoc>();
  for (const found of stored) {
    // Proof: only this program writes bookings, with this shape.
    const doc = found?.data as BookingDoc | undefined;
    if (doc !== undefined) docs.set(doc.bookingId, doc);
  }
  return docs;
}

function isHere({ workspace, place }: Desk, { resources }: SourceBooking): boolean {
  return resourcesNamed(workspace, place.source, resources).includes(place.resource);
}
