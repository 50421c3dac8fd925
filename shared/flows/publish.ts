import type { Instant } from "../sync/time.ts";
import {
  type BookingItem,
  type EventItem,
  MAX_BYTES,
  MAX_ITEMS,
  type Observation,
  orderingKey,
  TOPIC,
} from "../topics/observations.ts";
import type { World } from "./world.ts";

/**
 * Publishes observations of one resource, split so that no message holds more than 100 items or
 * 1 MB, in order. Resolves when all are accepted. Throws BUS_UNAVAILABLE.
 */
export async function publishObservation(world: World, observation: Observation): Promise<void> {
  const messages = messagesOf(observation);
  if (messages.length > 0) await world.publisher.publish(TOPIC, messages);
}

/** The observation as messages, none too large. */
export function messagesOf(observation: Observation) {
  return split(observation).map((part) => ({
    data: JSON.stringify(part),
    attributes: {
      kind: part.kind,
      ws: part.ws,
      resource: part.resource,
      orderingKey: orderingKey(part.ws, part.resource),
    },
    orderingKey: orderingKey(part.ws, part.resource),
  }));
}

/** Below the limit, for what JSON text of an item's surroundings takes. */
const ROOM_BYTES = MAX_BYTES - 10_000;

function split(observation: Observation): Observation[] {
  const parts: Observation[] = [];
  let items: (BookingItem | EventItem)[] = [];
  let bytes = 0;
  const close = () => {
    // Proof: the items come from this observation, so their kind is its kind.
    if (items.length > 0) parts.push({ ...observation, items } as Observation);
    items = [];
    bytes = 0;
  };
  for (const item of observation.items) {
    const size = Buffer.byteLength(JSON.stringify(item));
    if (items.length === MAX_ITEMS || bytes + size > ROOM_BYTES) close();
    items.push(item);
    bytes += size;
  }
  close();
  return parts;
}

/** Which booking on which resource. */
interface BookingPlace {
  readonly ws: string;
  readonly resource: string;
  readonly source: string;
  readonly bookingId: string;
}

/**
 * Asks for another look at one booking on one resource: follow-ups, retries, approvals (R9). Where a version
 * was announced, the look is needless once that version is known.
 */
export async function publishBookingHint(world: World, to: BookingPlace, why: string, version?: number): Promise<void> {
  await publishObservation(world, bookingHint(to, why, world.clock.now(), version));
}

/** The observation that asks for that look; `why` is the run's name. */
export function bookingHint(to: BookingPlace, why: string, now: Instant, version?: number): Observation {
  return {
    kind: "booking-seen",
    ws: to.ws,
    resource: to.resource,
    source: to.source,
    run: { id: why, complete: false, absent: 0 },
    seenAt: now,
    items: [{ bookingId: to.bookingId, evidence: "seen", ...(version === undefined ? { force: true } : { version }) }],
  };
}

/** Asks for another look at one event. */
export async function publishEventHint(
  world: World,
  ws: string,
  resource: string,
  calendarId: string,
  eventId: string,
): Promise<void> {
  await publishObservation(world, {
    kind: "event-seen",
    ws,
    resource,
    calendarId,
    run: { id: "hint", complete: false, absent: 0 },
    seenAt: world.clock.now(),
    items: [{ eventId, calendarId, state: "deleted", content: {}, properties: {}, hint: true }],
  });
}
