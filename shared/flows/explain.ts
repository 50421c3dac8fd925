import { LockstepError } from "../errors.ts";
import { HELD_SENTENCE, sentenceOf } from "../sync/rules.ts";
import {
  type BookingDoc,
  type BookingKey,
  bookingKey,
  bookingRef,
  type EventMap,
  type HoldDoc,
  holdRef,
  type JournalEntry,
  type ReviewItem,
  reviewRef,
  type SnapshotDoc,
  type SnapshotEntry,
  snapshotRef,
} from "./documents.ts";
import { showMap } from "./event-maps.ts";
import { explainImport } from "./explain-import.ts";
import { actionsOn, type OperatorAction } from "./operator-actions.ts";
import type { World } from "./world.ts";

/** How far a chain of rebookings is followed. */
const MAX_CHAIN = 20;

/**
 * Why a booking is where it is (S55): what was seen of both sides, each decision with its rule's sentence
 * and its effects, and in `why` what it comes down to: parked, held, asked about, given up or in step. Of a meeting that
 * was to become a booking, in `imported`, what became of it.
 * `key` is `{source}:{bookingId}`, a bare booking id or an event id. Throws NOT_FOUND.
 */
export async function explain(world: World, ws: string, key: string) {
  const { booking, key: of, askedFor } = await findSubject(world, ws, key);
  const formerKeys = (booking?.formerIds ?? []).slice(-MAX_CHAIN).map((id) => rekeyed(of, id));
  // What is left of former ids, too: the journal of a resource that the booking left under one of them.
  const maps = (await Promise.all([of, ...formerKeys].map((each) => mapsOf(world, ws, each)))).flat();
  const reviews = await reviewsOf(world, ws, [of, ...formerKeys], key);
  const [first] = maps;
  const source = booking?.source ?? first?.source;
  const bookingId = booking?.bookingId ?? first?.bookingId;
  const listed = await listedAs(world, ws, source, bookingId);
  const imported = await explainImport(world, ws, { bookingKey: askedFor, eventId: key });
  if (booking === undefined && first === undefined && reviews.length === 0 && imported === null) {
    throw new LockstepError("NOT_FOUND", { detail: `Nothing was ever seen of a booking or event ${key} in ${ws}.` });
  }
  return {
    bookingKey: of,
    appointmentId: bookingId ?? null,
    source: source ?? null,
    resources: booking?.resources ?? maps.map(({ resource }) => resource),
    formerIds: booking?.formerIds ?? [],
    askedFor,
    seen: booking?.seen ?? null,
    listed: listed ?? null,
    firstSeen: booking?.firstSeen ?? null,
    readAt: booking?.readAt ?? null,
    imported,
    rebooking: booking?.claim === undefined ? null : { step: booking.claim.step, until: booking.claim.until },
    maps: await Promise.all(maps.map((map) => explainMap(world, ws, map, { booking, reviews, listed }))),
    actions: await actionsOf(world, ws, new Set([of, askedFor, ...formerKeys])),
    reviews: reviews.map(({ id, kind, detail, openedAt, lost }) => ({ id, kind, detail, openedAt, lost: lost ?? [] })),
  };
}

/** What people did about the booking under any of its ids, the newest first. */
async function actionsOf(world: World, ws: string, keys: ReadonlySet<BookingKey>): Promise<OperatorAction[]> {
  const found = (await Promise.all([...keys].map((key) => actionsOn(world.store(ws), key)))).flat();
  return found.sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** What stands around a map. */
interface Surroundings {
  readonly booking: BookingDoc | undefined;
  readonly reviews: readonly ReviewItem[];
  readonly listed: Listed | undefined;
}

/** What the source's last listing said of the booking, and since how many it lacks it (R8). */
type Listed = Pick<SnapshotEntry, "status" | "missing">;

async function listedAs(world: World, ws: string, source?: string, bookingId?: string): Promise<Listed | undefined> {
  if (source === undefined || bookingId === undefined) return undefined;
  const entry = (await world.store(ws).get<SnapshotDoc>(snapshotRef(source)))?.data.entries[bookingId];
  if (entry === undefined) return undefined;
  return { status: entry.status, ...(entry.missing === undefined ? {} : { missing: entry.missing }) };
}

async function explainMap(world: World, ws: string, map: EventMap, around: Surroundings) {
  const held = map.holdId === undefined ? undefined : (await world.store(ws).get<HoldDoc>(holdRef(map.holdId)))?.data;
  const item = held?.items.find((each) => each.key === map.key && each.resource === map.resource);
  return {
    ...showMap(map),
    event: map.event ?? null,
    base: map.base ?? null,
    why: whyOf(map, held, around),
    attempted: map.error?.rule === undefined ? null : { ...map.error, sentence: sentenceOf(map.error.rule) },
    hold: held === undefined ? null : { id: held.id, kind: held.kind, status: held.status, ...pickHeld(item) },
    lastDecision: map.journal.map(decisionOf).at(-1) ?? null,
    journal: map.journal.map(decisionOf),
  };
}

function pickHeld(item: HoldDoc["items"][number] | undefined) {
  return item === undefined ? {} : { would: item.would, reason: item.reason };
}

/** In one sentence, what the present state rests on and what happens next. */
function whyOf(map: EventMap, held: HoldDoc | undefined, { booking, reviews, listed }: Surroundings): string {
  const { status, error, attempts, nextAttempt, reviewId, overrule } = map;
  if (status === "error") return `Given up, until it is asked for or changes: ${error?.detail ?? "refused too often"}`;
  if (error !== undefined) return `Parked: ${error.detail} Tried ${attempts} times, again from ${nextAttempt} on.`;
  if (booking?.claim !== undefined) return `A rebooking is under way (step ${booking.claim.step}).`;
  if (status === "held" && held?.status === "open") {
    const adoption = "An event found on first connection may be this booking's: a person says so first.";
    return `${held.kind === "adoption" ? adoption : HELD_SENTENCE} Approve or reject hold ${held.id}.`;
  }
  if (status === "held" && held?.carryOutAt !== undefined) {
    return `${HELD_SENTENCE} Approved by ${held.decidedBy}; cancelled from ${held.carryOutAt} on, and undo is free until then.`;
  }
  if (overrule?.kind === "keep")
    return "A person decided that the event stays, though the booking is gone or cancelled.";
  if (status === "active" && listed?.missing !== undefined) {
    return `${sentenceOf("wait-for-evidence")} Listings that lack it: ${listed.missing.listings}.`;
  }
  const review = reviews.find(({ id }) => id === reviewId);
  const last = map.journal.at(-1);
  const winner = map.occupancy?.givesWay?.to;
  if (winner !== undefined && review === undefined) return `${sentenceOf("gave-way")} Here it is ${winner}.`;
  const sentence = last === undefined ? "Nothing was decided yet." : sentenceOf(last.rule);
  return review === undefined ? sentence : `${sentence} ${review.detail}`;
}

function decisionOf(entry: JournalEntry) {
  return { ...entry, sentence: sentenceOf(entry.rule) };
}

interface Subject {
  /** The booking it is about, by its present id. */
  readonly key: BookingKey;
  /** The booking as it was asked for: perhaps under a former id. */
  readonly askedFor: BookingKey;
  /** Undefined where it was parked before it was ever saved, or set aside. */
  readonly booking?: BookingDoc;
}

async function findSubject(world: World, ws: string, key: string): Promise<Subject> {
  const sources = Object.keys(world.config.workspaces[ws]?.sources ?? {});
  const keys = [key, ...sources.map((source) => bookingKey(source, key))];
  for (const candidate of keys) {
    const booking = (await world.store(ws).get<BookingDoc>(bookingRef(candidate)))?.data;
    if (booking !== undefined) return follow(world, ws, booking);
    if ((await mapsOf(world, ws, candidate)).length > 0) return { key: candidate, askedFor: candidate };
  }
  const map = await showing(world, ws, key);
  if (map === undefined) return { key, askedFor: key };
  const booking = (await world.store(ws).get<BookingDoc>(bookingRef(map.key)))?.data;
  return booking === undefined ? { key: map.key, askedFor: map.key } : follow(world, ws, booking);
}

async function mapsOf(world: World, ws: string, key: BookingKey): Promise<EventMap[]> {
  const where = [{ field: "key", op: "==", value: key }] as const;
  return (await world.store(ws).query<EventMap>({ collection: "eventMaps", where })).map(({ data }) => data);
}

async function showing(world: World, ws: string, eventId: string): Promise<EventMap | undefined> {
  const where = [{ field: "eventId", op: "==", value: eventId }] as const;
  return (await world.store(ws).query<EventMap>({ collection: "eventMaps", where, limit: 1 }))[0]?.data;
}

/** To the id the booking lives on under now. */
async function follow(world: World, ws: string, booking: BookingDoc): Promise<Subject> {
  let current = booking;
  for (let steps = 0; steps < MAX_CHAIN && current.supersededBy !== undefined; steps++) {
    const next = await world.store(ws).get<BookingDoc>(bookingRef(current.supersededBy));
    if (next === undefined) break;
    current = next.data;
  }
  return { key: current.key, askedFor: booking.key, booking: current };
}

/** Open review items about the booking under any of its ids, or about a booking or event set aside by itself. */
async function reviewsOf(world: World, ws: string, keys: readonly BookingKey[], asked: string): Promise<ReviewItem[]> {
  const store = world.store(ws);
  const found = new Map<string, ReviewItem>();
  for (const key of new Set(keys)) {
    const where = [{ field: "key", op: "==", value: key }] as const;
    for (const { data } of await store.query<ReviewItem>({ collection: "reviewItems", where }))
      found.set(data.id, data);
  }
  const sources = Object.keys(world.config.workspaces[ws]?.sources ?? {});
  const alone = [asked, ...keys, ...sources.map((source) => bookingKey(source, asked))];
  const refs = ["quarantined", "copied-event", "import-refused"].flatMap((kind) =>
    alone.map((of) => reviewRef(`${kind}~${of}`)),
  );
  // Proof: only Lockstep writes review items, with this shape.
  for (const stored of await store.getMany(refs))
    if (stored !== undefined) found.set(stored.ref.id, stored.data as ReviewItem);
  return [...found.values()].filter(({ status }) => status === "open");
}

/** The same source's booking of another id. */
function rekeyed(key: BookingKey, bookingId: string): BookingKey {
  return `${key.slice(0, key.indexOf(":"))}:${bookingId}`;
}
