import {
  type BookingDoc,
  bookingRef,
  calendarRef,
  type EventMap,
  type HoldDoc,
  mapRef,
  type ReviewItem,
  type SnapshotEntry,
  snapshotRef,
} from "../../shared/flows/documents.ts";
import type { FreshnessDoc } from "../../shared/flows/freshness.ts";
import { EMPTY } from "../../shared/flows/histogram.ts";
import type { DocumentStore, Write } from "../../shared/ports/store.ts";
import type { Content } from "../../shared/sync/content.ts";
import { type Instant, later } from "../../shared/sync/time.ts";

export const BOOKINGS = 100_000;
/** As many as a source may have in its window. */
const LISTED = 5_000;
export const NOW = "2027-01-10T08:00:00.000Z";
const HOUR_MS = 3_600_000;

/** What stands in the store while the API is measured: years of bookings, most of them over, and what waits for people. */
export async function fillStore(store: DocumentStore, resources: readonly string[]): Promise<void> {
  const commit = async (writes: Write[]) => {
    for (let from = 0; from < writes.length; from += 500) await store.commit(writes.slice(from, from + 500));
  };
  for (let from = 0; from < BOOKINGS; from += 250) {
    const numbers = Array.from({ length: 250 }, (_, index) => from + index);
    await commit(numbers.flatMap((number) => pairOf(number, resources)));
  }
  await commit([snapshotOf(resources), ...resources.map(calendarOf)]);
  await commit(many(2_000, (number) => reviewOf(number, resources)));
  await commit(many(1_000, holdOf));
  await commit(many(1_000, (number) => alertOf(number)));
  await commit(many(200, letterOf));
  await commit(many(5_000, actionOf));
  await commit(many(24, (hour) => resources.map((resource) => freshnessOf(hour, resource))).flat());
}

function many<T>(count: number, make: (number: number) => T): T[] {
  return Array.from({ length: count }, (_, number) => make(number));
}

export function calendarIdOf(resource: string): string {
  return `${resource}@bench`;
}

/** The last ones take place in the next weeks, each resource's one after another. */
function startOf(number: number, resources: readonly string[]): Instant {
  const slot = Math.floor((number - (BOOKINGS - LISTED)) / resources.length);
  return later(NOW, slot * 2 * HOUR_MS);
}

function spanOf(number: number, resources: readonly string[]) {
  const start = startOf(number, resources);
  return { kind: "timed" as const, start, end: later(start, HOUR_MS) };
}

/** Of what is to come a few wait: parked, held, in conflict, given up. */
function statusOf(number: number): EventMap["status"] {
  if (number < BOOKINGS - LISTED) return number % 9 === 0 ? "cancelled" : "active";
  return (["held", "conflict", "error", "pending"] as const)[number % 25] ?? "active";
}

function pairOf(number: number, resources: readonly string[]): Write[] {
  const resource = resources[number % resources.length] ?? "";
  const [key, bookingId] = [`uschedule:${400_000 + number}`, String(400_000 + number)];
  const span = spanOf(number, resources);
  const content: Content = { span, title: `Guest ${number}`, description: "Two clubs, one set left-handed." };
  const seen = { status: "live" as const, span, fields: { customer: `Guest ${number}`, notes: "Two clubs" } };
  const booking: BookingDoc = {
    ...{ key, source: "uschedule", bookingId, resources: [resource], seen, hash: "0".repeat(43) },
    ...{ firstSeen: later(span.start, -HOUR_MS), statusSince: later(span.start, -HOUR_MS) },
    ...{ readAt: later(span.start, -HOUR_MS), formerIds: [], deliveries: [] },
  };
  const status = statusOf(number);
  const at = later(span.start, -HOUR_MS);
  const shown = { span, title: content.title ?? "", description: content.description ?? "" };
  const entry: EventMap["journal"][number] = {
    ...{
      at,
      saw: "booking seen in poll-1",
      booking: "changed",
      event: "same",
      rule: "create-event",
      lost: [],
      kept: [],
    },
    ...{ effects: [{ effect: "insert-event", answer: "inserted" }], settled: at, since: later(at, -4_000) },
  };
  const map: EventMap = {
    ...{ key, source: "uschedule", bookingId, resource, calendarId: calendarIdOf(resource), incarnation: 1, status },
    ...{ eventId: `lockstep${number}`, dirty: status === "pending", nextAttempt: status === "pending" ? NOW : "" },
    ...{ attempts: 0, endsAt: span.end, since: at, restored: 0, journal: [entry, entry, entry] },
    event: { kind: "live", content: shown, etag: "e1", updated: at, marked: true },
    touchedAt: number < BOOKINGS - 400 ? at : later(NOW, -(BOOKINGS - number) * 1_000),
  };
  return [
    { kind: "put", ref: bookingRef(key), data: booking },
    { kind: "put", ref: mapRef(key, resource), data: map },
  ];
}

function snapshotOf(resources: readonly string[]): Write {
  const entries: Record<string, SnapshotEntry> = {};
  for (let number = BOOKINGS - LISTED; number < BOOKINGS; number++) {
    const resource = resources[number % resources.length] ?? "";
    const span = spanOf(number, resources);
    entries[String(400_000 + number)] = { hash: "0".repeat(43), span, resources: [resource], status: "live" };
  }
  return { kind: "put", ref: snapshotRef("uschedule"), data: { source: "uschedule", entries, lastSuccess: NOW } };
}

function calendarOf(resource: string): Write {
  const calendarId = calendarIdOf(resource);
  const data = { calendarId, resource, cursor: "c", connectedAt: NOW, adopted: false, lastRead: NOW };
  return { kind: "put", ref: calendarRef(calendarId), data };
}

function reviewOf(number: number, resources: readonly string[]): Write {
  const data: ReviewItem = {
    ...{ id: `slot-taken~${number}`, kind: "slot-taken", openedAt: NOW, detail: "The slot is taken." },
    ...{ status: number % 7 === 0 ? "open" : "resolved", key: `uschedule:${400_000 + number}` },
    resource: resources[number % resources.length] ?? "",
  };
  return put("reviewItems", data.id, data);
}

function holdOf(number: number): Write {
  const items = many(40, (index) => ({
    ...{ key: `uschedule:${400_000 + index}`, bookingId: String(400_000 + index), source: "uschedule" },
    ...{ resource: "bay-1", calendarId: "c", eventId: "e", would: "cancel-booking" as const, reason: "event-deleted" },
  }));
  const data: HoldDoc = {
    ...{ id: `source:uschedule~${number}`, kind: "breaker", scope: "source:uschedule", items },
    ...{ status: number % 100 === 0 ? "open" : "approved", openedAt: later(NOW, -number * 60_000) },
  };
  return put("holds", data.id, data);
}

function alertOf(number: number): Write {
  const id = `watch-down~${number}`;
  const status = number % 20 === 0 ? "open" : "closed";
  return put("alerts", id, { id, kind: "watch-down", subject: String(number), detail: "Down.", status, openedAt: NOW });
}

function letterOf(number: number): Write {
  const messageId = `m-${number}`;
  const data = { messageId, subscription: "sync", reason: "refused 10 times", encoding: "text", data: "{}" };
  const rest = {
    attributes: {},
    orderingKey: null,
    publishedAt: NOW,
    keptAt: NOW,
    status: number % 4 ? "dropped" : "kept",
  };
  return put("deadLetters", messageId, { ...data, ...rest });
}

function actionOf(number: number): Write {
  const act = { actor: "key:1", action: "request sync", target: "", bookingKey: "", outcome: "done" };
  return put("operatorActions", `a-${number}`, { ...act, at: later(NOW, -number * 60_000) });
}

function freshnessOf(hour: number, resource: string): Write {
  const data: FreshnessDoc = {
    ...{ from: "uschedule", to: calendarIdOf(resource), effects: { "insert-event": 12 }, failures: {} },
    ...{ hour: later("2027-01-09T08:00:00.000Z", hour * HOUR_MS), took: EMPTY.map(() => 1) },
  };
  return put("freshness", `${hour}~${resource}`, data);
}

function put(collection: string, id: string, data: object): Write {
  return { kind: "put", ref: { collection, id }, data };
}
