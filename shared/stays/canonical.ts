import { addDays } from "../series/wall-time.ts";
import { type Instant, later } from "../sync/time.ts";
import type { FeedRow } from "./feed-row.ts";
import { contradict, isBlock, type KnownStay, sameNights, shareNights } from "./known-stay.ts";
import { plain } from "./plain-words.ts";
import { isPortal } from "./platform.ts";

/** One home's stays as one of its feeds has them, in the order of the configuration. */
export interface FeedStays {
  readonly feed: string;
  readonly stays: readonly KnownStay[];
}

/** A stay of the home, told once, whatever feeds have it. */
export interface CanonicalStay {
  readonly id: string;
  /** The first feed that has it as a stay; it tells the dates. */
  readonly feed: string;
  readonly row: FeedRow;
}

export interface Canonical {
  readonly told: readonly CanonicalStay[];
  /** The same rows in the same order, as they are to be known from now on: which are echoes, and under which id. */
  readonly feeds: readonly FeedStays[];
}

/** Days around a stay that hosts block along with it; what may be a stay itself has no such edges. */
const PREPARATION_DAYS = 2;
/** Hosts look at each other's calendars every few hours: so long the echo of a stay that went may still stand there. */
const ECHO_MS = 48 * 3_600_000;

interface Entry {
  readonly feed: string;
  readonly stay: KnownStay;
  readonly isFresh: boolean;
}

interface Working {
  readonly at: Instant;
  /** Each stay that is told, with the other feeds' rows of it. */
  readonly told: Map<Entry, Entry[]>;
  readonly ids: Map<Entry, string>;
  /** Those ids. */
  readonly taken: Set<string>;
  readonly echoes: Map<Entry, NonNullable<KnownStay["echo"]>>;
}

/**
 * One canonical booking of each stay (S19). The first feed that has it as a stay owns it; another feed's row of the same
 * nights or the same code is the same stay, unless both were sold: two portals that both say "reserved" have sold it twice,
 * and both are told. What merely takes the nights of another feed's stay is its echo.
 */
export function canonicalStays(feeds: readonly FeedStays[], at: Instant): Canonical {
  const entries = feeds.flatMap(({ feed, stays }) => stays.map((stay) => ({ feed, stay, isFresh: stay.since === at })));
  const working: Working = { at, told: new Map(), ids: new Map(), taken: new Set(), echoes: new Map() };
  for (const nature of ["stay", "stay-or-block", "block"] as const) {
    for (const entry of entries.filter(({ stay }) => stay.row.nature === nature)) place(working, entry);
  }
  const told = [...working.told].map(([owner, others]) => tell(working, owner, others));
  return { told, feeds: feeds.map((feed) => remember(working, feed)) };
}

function place(working: Working, entry: Entry): void {
  const same = ownerOf(working, entry);
  if (same !== undefined) {
    working.told.get(same)?.push(entry);
    working.echoes.set(entry, {});
    // Another feed had told of it before its owner did: it goes on as what it was.
    if (same.isFresh && !entry.isFresh && entry.stay.echo === undefined) giveId(working, same, entry.stay.id);
    return;
  }
  if (entry.stay.row.nature !== "stay" && isCovered(working, entry)) {
    working.echoes.set(entry, {});
    return;
  }
  if (isLeftBehind(working, entry)) return;
  working.told.set(entry, []);
  const { id } = entry.stay;
  // An id is one stay's: where another feed's stay goes on under it, this one is a second one.
  giveId(working, entry, working.taken.has(id) ? `${id}-2` : id);
}

function giveId({ ids, taken }: Working, entry: Entry, id: string): void {
  taken.delete(ids.get(entry) ?? "");
  ids.set(entry, id);
  taken.add(id);
}

function ownerOf({ told }: Working, entry: Entry): Entry | undefined {
  for (const owner of told.keys()) if (areOne(owner, entry)) return owner;
  return undefined;
}

/** Two rows of different feeds that are one stay. */
function areOne(owner: Entry, other: Entry): boolean {
  const [a, b] = [owner.stay.row, other.stay.row];
  if (owner.feed === other.feed || isBlock(a) !== isBlock(b) || contradict(a, b)) return false;
  if (a.code !== undefined && a.code === b.code) return true;
  if (!sameNights(a, b) || haveOtherGuests(a, b)) return false;
  const soldTwice = a.nature === "stay" && b.nature === "stay" && isPortal(a.platform) && isPortal(b.platform);
  return !soldTwice || a.platform === b.platform;
}

function haveOtherGuests({ customer: a }: FeedRow, { customer: b }: FeedRow): boolean {
  return a !== undefined && b !== undefined && plain(a) !== plain(b);
}

/** Every night of it is taken by other feeds' stays, but for days of preparation at its edges. */
function isCovered({ told }: Working, { feed, stay }: Entry): boolean {
  const { row } = stay;
  const edge = isBlock(row) ? PREPARATION_DAYS : 0;
  const stays = [...told.keys()]
    .filter((each) => each.feed !== feed && !isBlock(each.stay.row))
    .map((each) => each.stay.row);
  const over = stays.filter((each) => shareNights(each, row)).sort((a, b) => (a.start < b.start ? -1 : 1));
  if (over.length === 0) return false;
  let until = addDays(row.start, edge);
  for (const { start, end } of over) {
    if (start > until) return false;
    if (end > until) until = end;
  }
  return addDays(until, edge) >= row.end;
}

/** An echo whose stay is not there any more: the other host has not noticed yet. */
function isLeftBehind({ at, echoes }: Working, entry: Entry): boolean {
  const { echo } = entry.stay;
  if (echo === undefined) return false;
  const lostAt = echo.lostAt ?? at;
  if (later(lostAt, ECHO_MS) <= at) return false;
  echoes.set(entry, { lostAt });
  return true;
}

/** The owner's row, with what only the others tell. */
function tell({ ids }: Working, owner: Entry, others: readonly Entry[]): CanonicalStay {
  const { row, id } = owner.stay;
  const facts = others.toReversed().map((other) => factsOf(other.stay.row));
  return { id: ids.get(owner) ?? id, feed: owner.feed, row: Object.assign({}, ...facts, row) };
}

function factsOf({ code, customer, phoneLast4, guests }: FeedRow): Partial<FeedRow> {
  return {
    ...(code === undefined ? {} : { code }),
    ...(customer === undefined ? {} : { customer }),
    ...(phoneLast4 === undefined ? {} : { phoneLast4 }),
    ...(guests === undefined ? {} : { guests }),
  };
}

function remember({ told, ids, echoes }: Working, { feed, stays }: FeedStays): FeedStays {
  const entries = new Map([...told.keys(), ...echoes.keys()].map((entry) => [entry.stay, entry]));
  const remembered = stays.map((stay) => {
    const { echo: _before, ...rest } = stay;
    const entry = entries.get(stay);
    const echo = entry === undefined ? undefined : echoes.get(entry);
    const id = (entry === undefined ? undefined : ids.get(entry)) ?? stay.id;
    return echo === undefined ? { ...rest, id } : { ...rest, id, echo };
  });
  return { feed, stays: remembered };
}
