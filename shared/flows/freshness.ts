import { isError } from "../errors.ts";
import { ABSENT, type DocumentRef, type DocumentStore, type Stored, type Write } from "../ports/store.ts";
import { type Instant, later } from "../sync/time.ts";
import { documentId } from "./document-id.ts";
import type { Action, EventMap, Failure, JournalEntry } from "./documents.ts";
import { EMPTY, type Histogram, merged, withValue } from "./histogram.ts";
import type { World } from "./world.ts";

/**
 * Collection `freshness`: what one connection and direction did in one hour. No change writes it: the five-minute job
 * folds what was touched since the last fold out of the journals, so that idle stays free (R12):
 *
 *     maps touched since the cursor ─▶ journal entries settled in (cursor, now − 10 s] ─▶ one document per hour and way
 */
export interface FreshnessDoc {
  /** `{source} → {calendarId}` or the other way round. */
  readonly from: string;
  readonly to: string;
  /** Its beginning, UTC. */
  readonly hour: Instant;
  /** Effects by kind: `insert-event`, `move-booking`, … */
  readonly effects: Readonly<Partial<Record<Action, number>>>;
  /** Items whose last try failed, counted once in each fold, by `{effect}: {code}`. */
  readonly failures: Readonly<Record<string, number>>;
  /** How long after its change each was done. */
  readonly took: Histogram;
}

interface Cursor {
  readonly until: Instant;
}

/** A worker's clock and its commit may lie behind ours by so much. */
const BEHIND_MS = 10_000;
const MAPS_PER_PAGE = 500;
const MAX_PAGES = 20;
const KEPT_MS = 60 * 86_400_000;
const CURSOR: DocumentRef = { collection: "counters", id: "freshness" };

/** Folds what was done since the last time; nothing new costs two reads and no write. Two at once: one wins. */
export async function foldFreshness(world: World, ws: string): Promise<void> {
  const store = world.store(ws);
  const cursor = await store.get<Cursor>(CURSOR);
  const until = later(world.clock.now(), -BEHIND_MS);
  const after = cursor?.data.until ?? later(until, -3_600_000);
  const fresh = new Map<string, FreshnessDoc>();
  for (const map of await touchedSince(store, after)) {
    for (const entry of map.journal) {
      if (entry.settled !== undefined && entry.settled > after && entry.settled <= until) add(fresh, map, entry);
    }
    if (map.error !== undefined && map.error.at > after && map.error.at <= until) addFailure(fresh, map, map.error);
  }
  if (fresh.size === 0) return;
  try {
    await store.commit([...(await mergedWrites(store, fresh)), cursorWrite(cursor, until)]);
  } catch (error) {
    if (!isError(error, "STORE_CONFLICT")) throw error;
  }
}

async function touchedSince(store: DocumentStore, after: Instant): Promise<readonly EventMap[]> {
  const found = new Map<string, EventMap>();
  let from = after;
  for (let page = 0; page < MAX_PAGES; page++) {
    const rows = await store.query<EventMap>({
      collection: "eventMaps",
      where: [{ field: "touchedAt", op: page === 0 ? ">" : ">=", value: from }],
      orderBy: { field: "touchedAt" },
      limit: MAPS_PER_PAGE,
    });
    const before = found.size;
    for (const { ref, data } of rows) found.set(ref.id, data);
    from = rows.at(-1)?.data.touchedAt ?? from;
    if (rows.length < MAPS_PER_PAGE || found.size === before) break;
  }
  return [...found.values()];
}

function add(fresh: Map<string, FreshnessDoc>, map: EventMap, entry: JournalEntry): void {
  for (const { effect } of entry.effects) {
    const [id, doc] = docOf(fresh, map, effect, entry.settled ?? entry.at);
    const ms = entry.since === undefined ? undefined : Date.parse(entry.settled ?? entry.at) - Date.parse(entry.since);
    fresh.set(id, {
      ...doc,
      effects: { ...doc.effects, [effect]: (doc.effects[effect] ?? 0) + 1 },
      took: ms === undefined ? doc.took : withValue(doc.took, Math.max(0, ms)),
    });
  }
}

/** A read that failed was on the way to the calendar, as most are. */
function addFailure(fresh: Map<string, FreshnessDoc>, map: EventMap, { effect, code, at }: Failure): void {
  const [id, doc] = docOf(fresh, map, effect ?? "", at);
  const name = `${effect ?? "read"}: ${code}`;
  fresh.set(id, { ...doc, failures: { ...doc.failures, [name]: (doc.failures[name] ?? 0) + 1 } });
}

function docOf(
  fresh: ReadonlyMap<string, FreshnessDoc>,
  map: EventMap,
  effect: string,
  at: Instant,
): [id: string, doc: FreshnessDoc] {
  const [from, to] = effect.endsWith("booking") ? [map.calendarId, map.source] : [map.source, map.calendarId];
  const hour = `${at.slice(0, 13)}:00:00.000Z`;
  const id = idOf(from, to, hour);
  return [id, fresh.get(id) ?? { from, to, hour, effects: {}, failures: {}, took: EMPTY }];
}

async function mergedWrites(store: DocumentStore, fresh: ReadonlyMap<string, FreshnessDoc>): Promise<Write[]> {
  const ids = [...fresh.keys()];
  const stored = await store.getMany(ids.map((id) => ({ collection: "freshness", id })));
  return [...fresh.values()].map((doc, index) => {
    const before = stored[index];
    // Proof: only Lockstep writes this collection, with this shape.
    const known = before?.data as FreshnessDoc | undefined;
    const data = known === undefined ? doc : { ...doc, ...together(known, doc) };
    const ref = { collection: "freshness", id: ids[index] ?? "" };
    return { kind: "put", ref, data, ifVersion: before?.version ?? ABSENT, expiresAt: later(doc.hour, KEPT_MS) };
  });
}

type Counted = Pick<FreshnessDoc, "effects" | "failures" | "took">;

/** Two hours, or two connections, as one. */
function together(one: Counted, other: Counted): Counted {
  return {
    effects: sum(one.effects, other.effects),
    failures: sum(one.failures, other.failures),
    took: merged(one.took, other.took),
  };
}

function sum<Name extends string>(
  one: Readonly<Partial<Record<Name, number>>>,
  other: Readonly<Partial<Record<Name, number>>>,
): Record<Name, number> {
  // Proof: the keys are those of the two.
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])] as Name[];
  return Object.fromEntries(names.map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)])) as Record<Name, number>;
}

function cursorWrite(cursor: Stored<Cursor> | undefined, until: Instant): Write {
  return { kind: "put", ref: CURSOR, data: { until } satisfies Cursor, ifVersion: cursor?.version ?? ABSENT };
}

function idOf(from: string, to: string, hour: Instant): string {
  return documentId(`${hour}~${from}~${to}`);
}

/** A way's hours since `from`, merged: for the service level and its charts. At most 1,000 documents are read. */
export async function freshnessSince(store: DocumentStore, from: Instant): Promise<readonly FreshnessDoc[]> {
  const rows = await store.query<FreshnessDoc>({
    collection: "freshness",
    where: [{ field: "hour", op: ">=", value: from }],
    orderBy: { field: "hour" },
  });
  const ways = new Map<string, FreshnessDoc>();
  for (const { data } of rows) {
    const way = `${data.from}~${data.to}`;
    const before = ways.get(way);
    ways.set(way, before === undefined ? data : { ...before, ...together(before, data) });
  }
  return [...ways.values()];
}
