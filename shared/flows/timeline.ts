import type { DocumentStore } from "../ports/store.ts";
import { type Instant, later, overlaps, type Span, sameSpan } from "../sync/time.ts";
import { type BookingDoc, bookingRef, type EventMap } from "./documents.ts";

/** One pair as a timeline shows it: both sides of a booking on one resource. */
export interface TimelinePair {
  readonly bookingKey: string;
  readonly resource: string;
  readonly state: PairState;
  /** What the event is called, else who booked; "" where neither is known. */
  readonly title: string;
  /** When each side says that it is; null where that side has nothing. */
  readonly booking: Span | null;
  readonly event: Span | null;
  /** Why it is not in step, as far as one sentence goes. */
  readonly detail: string | null;
  readonly holdId: string | null;
  readonly reviewId: string | null;
}

/**
 * - `in-step`: both sides say the same.
 * - `pending`: something is under way, or parked until its next try.
 * - `conflict`: it gives way, or a person is asked.
 * - `held`: the breaker or a first connection waits for a person.
 * - `failed`: given up.
 */
export type PairState = "in-step" | "pending" | "conflict" | "held" | "failed";

export interface Timeline {
  readonly items: readonly TimelinePair[];
  /** There is more in this window than one answer holds. */
  readonly more: boolean;
}

/** Pairs of one answer; and of each status without an event of its own (law 12). */
const MAX_PAIRS = 500;
const MAX_WAITING = 100;
/** An event that ends so long after the window is found in it still. */
const LONGEST_MS = 2 * 24 * 3_600_000;

/** The pairs whose booking or event lies in the window. At most 900 maps and as many bookings are read. */
export async function timelineOf(store: DocumentStore, from: Instant, to: Instant): Promise<Timeline> {
  const shown = await store.query<EventMap>({
    collection: "eventMaps",
    where: [
      { field: "endsAt", op: ">", value: from },
      { field: "endsAt", op: "<=", value: later(to, LONGEST_MS) },
    ],
    orderBy: { field: "endsAt" },
    limit: MAX_PAIRS,
  });
  const maps = new Map(shown.map(({ ref, data }) => [ref.id, data]));
  for (const status of ["pending", "conflict", "held", "error"]) {
    for (const { ref, data } of await waitingOf(store, status)) maps.set(ref.id, data);
  }
  const window: Span = { kind: "timed", start: from, end: to };
  const bookings = await bookingsOf(store, [...maps.values()]);
  const items = [...maps.values()]
    .filter(({ status, event }) => status !== "cancelled" || event?.kind === "live")
    .map((map) => pairOf(map, bookings.get(map.key)))
    .filter(({ booking, event }) => [booking, event].some((span) => span !== null && overlaps(span, window)));
  return { items, more: shown.length === MAX_PAIRS };
}

async function waitingOf(store: DocumentStore, status: string) {
  const where = [{ field: "status", op: "==", value: status }] as const;
  return store.query<EventMap>({ collection: "eventMaps", where, limit: MAX_WAITING });
}

async function bookingsOf(store: DocumentStore, maps: readonly EventMap[]): Promise<Map<string, BookingDoc>> {
  const keys = [...new Set(maps.map(({ key }) => key))];
  const stored = await store.getMany(keys.map(bookingRef));
  // Proof: only Lockstep writes bookings, with this shape.
  return new Map(
    stored.flatMap((each, index) => (each === undefined ? [] : [[keys[index] ?? "", each.data as BookingDoc]])),
  );
}

function pairOf(map: EventMap, doc: BookingDoc | undefined): TimelinePair {
  const event = map.event?.kind === "live" ? (map.event.content.span ?? null) : null;
  const seen = doc?.seen;
  const booking = seen !== undefined && ["live", "pending"].includes(seen.status) ? seen.span : null;
  const live = map.event?.kind === "live" ? map.event.content.title : undefined;
  return {
    bookingKey: map.key,
    resource: map.resource,
    state: stateOf(map, booking, event),
    title: live ?? map.base?.event.title ?? seen?.fields["customer"] ?? "",
    ...{ booking, event },
    detail: map.error?.detail ?? null,
    holdId: map.holdId ?? null,
    reviewId: map.reviewId ?? null,
  };
}

function stateOf({ status, dirty, error }: EventMap, booking: Span | null, event: Span | null): PairState {
  if (status === "error") return "failed";
  if (status === "held" || status === "conflict") return status;
  if (status === "pending" || dirty || error !== undefined) return "pending";
  return booking === null || event === null || sameSpan(booking, event) ? "in-step" : "pending";
}
