import { LockstepError } from "../errors.ts";
import { sentenceOf } from "../sync/rules.ts";
import { type BookingDoc, bookingKey, bookingRef, type EventMap, type JournalEntry } from "./documents.ts";
import { showMap } from "./event-maps.ts";
import type { World } from "./world.ts";

/** How far a chain of rebookings is followed. */
const MAX_CHAIN = 20;

/**
 * Why a booking is where it is (S55): what was seen of both sides, and each decision with its rule's
 * sentence and its effects. `key` is `{source}:{bookingId}`, a bare booking id or an event id.
 * Throws NOT_FOUND.
 */
export async function explain(world: World, ws: string, key: string) {
  const asked = (await findBooking(world, ws, key)) ?? (await findByEvent(world, ws, key));
  if (asked === undefined) {
    throw new LockstepError("NOT_FOUND", { detail: `Nothing was ever seen of a booking or event ${key} in ${ws}.` });
  }
  const booking = await follow(world, ws, asked);
  const maps = await world.store(ws).query<EventMap>({
    collection: "eventMaps",
    where: [{ field: "key", op: "==", value: booking.key }],
  });
  return {
    bookingKey: booking.key,
    appointmentId: booking.bookingId,
    source: booking.source,
    resources: booking.resources,
    formerIds: booking.formerIds,
    askedFor: asked.key,
    seen: booking.seen ?? null,
    firstSeen: booking.firstSeen,
    readAt: booking.readAt ?? null,
    rebooking: booking.claim === undefined ? null : { step: booking.claim.step, until: booking.claim.until },
    maps: maps.map(({ data }) => ({
      ...showMap(data),
      event: data.event ?? null,
      base: data.base ?? null,
      lastDecision: data.journal.length === 0 ? null : decisionOf(data.journal.at(-1)),
      journal: data.journal.map((entry) => decisionOf(entry)),
    })),
  };
}

function decisionOf(entry: JournalEntry | undefined) {
  return entry === undefined ? null : { ...entry, sentence: sentenceOf(entry.rule) };
}

async function findBooking(world: World, ws: string, key: string): Promise<BookingDoc | undefined> {
  const sources = Object.keys(world.config.workspaces[ws]?.sources ?? {});
  const keys = [key, ...sources.map((source) => bookingKey(source, key))];
  const found = await world.store(ws).getMany(keys.map(bookingRef));
  // Proof: only Lockstep writes bookings, with this shape.
  return found.find((stored) => stored !== undefined)?.data as BookingDoc | undefined;
}

async function findByEvent(world: World, ws: string, eventId: string): Promise<BookingDoc | undefined> {
  const [map] = await world.store(ws).query<EventMap>({
    collection: "eventMaps",
    where: [{ field: "eventId", op: "==", value: eventId }],
    limit: 1,
  });
  if (map === undefined) return undefined;
  return (await world.store(ws).get<BookingDoc>(bookingRef(map.data.key)))?.data;
}

/** To the id the booking lives on under now. */
async function follow(world: World, ws: string, booking: BookingDoc): Promise<BookingDoc> {
  let current = booking;
  for (let steps = 0; steps < MAX_CHAIN && current.supersededBy !== undefined; steps++) {
    const next = await world.store(ws).get<BookingDoc>(bookingRef(current.supersededBy));
    if (next === undefined) return current;
    current = next.data;
  }
  return current;
}
