import type { DocumentStore } from "../ports/store.ts";
import { sentenceOf } from "../sync/rules.ts";
import { type Instant, later } from "../sync/time.ts";
import { type BookingDoc, bookingRef, type EventMap, type Failure, type JournalEntry } from "./documents.ts";

/** One line of the live feed: what became of a booking on one resource. */
export interface FeedItem {
  /** The same change always has the same id, so that one told twice is shown once. */
  readonly id: string;
  readonly at: Instant;
  readonly bookingKey: string;
  readonly resource: string;
  readonly status: EventMap["status"];
  readonly title: string;
  readonly rule: string | null;
  readonly sentence: string | null;
  readonly saw: string | null;
  readonly effects: JournalEntry["effects"];
  readonly error: Failure | null;
}

export interface FeedPage {
  readonly items: readonly FeedItem[];
  /** Where to go on; as `after`. */
  readonly next: Instant;
}

/** Changes of one page; what is left comes with the next (law 12). */
export const FEED_LIMIT = 100;
/**
 * Instances stamp a change before they commit it, each by its own clock: what became visible late is looked for so far
 * back. Whoever reads on drops what it was told already, by `id`.
 */
const OVERLAP_MS = 5_000;

/** What was decided or parked since `after`, oldest first. One query, so that instances need not know each other. */
export async function readFeed(store: DocumentStore, after: Instant): Promise<FeedPage> {
  const rows = await store.query<EventMap>({
    collection: "eventMaps",
    where: [{ field: "touchedAt", op: ">", value: after }],
    orderBy: { field: "touchedAt" },
    limit: FEED_LIMIT,
  });
  const items = rows.map(({ data }) => itemOf(data));
  return { items: await withNames(store, items), next: items.at(-1)?.at ?? after };
}

/** What has no event any more is called by who booked. */
async function withNames(store: DocumentStore, items: readonly FeedItem[]): Promise<readonly FeedItem[]> {
  const keys = [...new Set(items.filter(({ title }) => title === "").map(({ bookingKey }) => bookingKey))];
  if (keys.length === 0) return items;
  const stored = await store.getMany(keys.map(bookingRef));
  // Proof: only Lockstep writes bookings, with this shape.
  const names = stored.map((each) => (each?.data as BookingDoc | undefined)?.seen?.fields["customer"] ?? "");
  return items.map((item) =>
    item.title === "" ? { ...item, title: names[keys.indexOf(item.bookingKey)] ?? "" } : item,
  );
}

/** Where a reader starts over that was told everything until `next`. */
export function overlapping(next: Instant): Instant {
  return later(next, -OVERLAP_MS);
}

function itemOf(map: EventMap): FeedItem {
  const { key, resource, status, touchedAt = "", journal, error, event, base } = map;
  const last = journal.at(-1);
  const title = event?.kind === "live" ? event.content.title : base?.event.title;
  return {
    id: `${touchedAt}~${key}~${resource}`,
    at: touchedAt,
    bookingKey: key,
    ...{ resource, status, title: title ?? "" },
    rule: last?.rule ?? null,
    sentence: last === undefined ? null : sentenceOf(last.rule),
    saw: last?.saw ?? null,
    effects: last?.effects ?? [],
    error: error ?? null,
  };
}
