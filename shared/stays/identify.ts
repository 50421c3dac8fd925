import { type Instant, later, type PlainDate } from "../sync/time.ts";
import { type FeedRow, nightsBetween, rowKey } from "./feed-row.ts";
import { contradict, isBlock, type KnownStay, sameNights, shareNights } from "./known-stay.ts";
import { plain } from "./plain-words.ts";
import { newStayId, type Origin } from "./stay-id.ts";
import { trustsUids } from "./uid-trust.ts";

/** By what a row was found to be a stay that is known; `new` where it is none. */
export type FoundBy = "code" | "uid" | "nights" | "running" | "guest" | "overlap" | "new";

export interface Recognised {
  readonly stay: KnownStay;
  readonly by: FoundBy;
  /** The row it was before; undefined for a new one. */
  readonly before: FeedRow | undefined;
}

export interface Identified {
  /** The rows of this reading, each with the stay it is. */
  readonly present: readonly Recognised[];
  /** Known stays that the reading lacks. */
  readonly absent: readonly KnownStay[];
  /** Known stays that the reading says are cancelled. */
  readonly cancelled: readonly KnownStay[];
}

/** A reading of one feed of one home. */
export interface Reading {
  readonly origin: Origin;
  readonly rows: readonly FeedRow[];
  /** When it was read. */
  readonly at: Instant;
  /** The day that is today at the home. */
  readonly today: PlainDate;
}

/** Until a cancellation is confirmed, and a little longer. */
const RETURN_MS = 3 * 3_600_000;

type Test = (known: KnownStay, row: FeedRow, reading: Reading) => boolean;

/** What two rows that fit each other have in common, so that not every row is held against every stay; undefined: it fits none. */
type Key = (row: FeedRow) => string | undefined;

interface Means {
  readonly by: FoundBy;
  readonly key: Key;
  readonly test: Test;
}

const uidOf: Key = (row) => (row.uid === "" ? undefined : rowKey(row));
const nightsOf: Key = ({ start, end }) => `${start} ${end}`;
const anything: Key = () => "";

/** From what is certain to what is merely without an alternative. Nothing is matched by days that are near. */
const BY_CODE: Means = { by: "code", key: ({ code }) => code, test: () => true };
const BY_UID: Means = { by: "uid", key: uidOf, test: () => true };
const BY_UID_AND_NIGHTS: Means = { by: "uid", key: uidOf, test: ({ row: known }, row) => sameNights(known, row) };
const BY_NIGHTS: Means = { by: "nights", key: nightsOf, test: ({ row: known }, row) => sameNights(known, row) };
const REST: readonly Means[] = [
  { by: "running", key: ({ end }) => end, test: creeps },
  { by: "guest", key: ({ customer }) => customer && plain(customer), test: isSameGuest },
];
const BY_OVERLAP: Means = {
  by: "overlap",
  key: anything,
  test: ({ row: known }, row) => isBlock(row) && shareNights(known, row),
};

interface Working {
  readonly reading: Reading;
  readonly known: Set<KnownStay>;
  readonly rows: Set<FeedRow>;
  readonly present: Recognised[];
}

/**
 * Which stays the rows of a reading are (S16, S17, S54). One row is one stay and one stay one row: where two rows or two
 * stays fit each other by the same test, neither is taken. Blocks are matched among themselves, and go on as long as
 * they share a night: nobody's stay hangs on them (S53).
 *
 *   code ─▶ UID (its nights first, where UIDs are mere numbers) ─▶ exact nights ─▶ running ─▶ same guest ─▶ new
 */
export function identify(known: readonly KnownStay[], reading: Reading): Identified {
  const live = reading.rows.filter(({ nature }) => nature !== "cancelled");
  const working: Working = { reading, known: new Set(known), rows: new Set(live), present: [] };
  const byName = trustsUids(known, live) ? [BY_UID_AND_NIGHTS, BY_UID, BY_NIGHTS] : [BY_NIGHTS, BY_UID];
  for (const means of [BY_CODE, ...byName, ...REST, BY_OVERLAP]) match(working, means);
  takeNew(working, known);
  const cancelled = [...working.known].filter((stay) => isSaidCancelled(stay, reading.rows));
  const absent = [...working.known].filter((stay) => !cancelled.includes(stay));
  return { present: working.present, absent, cancelled };
}

/** Takes what fits one to one. */
function match({ reading, known, rows, present }: Working, { by, key, test }: Means): void {
  const alike = Map.groupBy(known, ({ row }) => key(row));
  const pairs = [...rows].flatMap((row) => {
    const common = key(row);
    const some = common === undefined ? [] : (alike.get(common) ?? []);
    const fitting = some.filter((stay) => fits(stay, row, by) && test(stay, row, reading));
    const there = fitting.filter(({ gone }) => gone === undefined);
    const [stay, ...others] = there.length > 0 ? there : fitting.filter((each) => mayReturn(each, by, reading));
    return stay === undefined || others.length > 0 ? [] : [{ stay, row }];
  });
  const claims = Map.groupBy(pairs, ({ stay }) => stay);
  for (const { stay, row } of pairs) {
    if (claims.get(stay)?.length !== 1) continue;
    known.delete(stay);
    rows.delete(row);
    present.push({ by, before: stay.row, stay: { ...stay, row: goingOn(stay.row, row, reading), seenAt: reading.at } });
  }
}

function fits(stay: KnownStay, row: FeedRow, by: FoundBy): boolean {
  return isBlock(stay.row) === isBlock(row) && (by === "code" || !contradict(stay.row, row));
}

/**
 * What went comes back under its code or UID. By its nights alone it does only for hours: later they are more likely
 * another guest's, who must not be taken for the one before.
 */
function mayReturn({ seenAt }: KnownStay, by: FoundBy, { at }: Reading): boolean {
  return by === "code" || by === "uid" || later(seenAt, RETURN_MS) >= at;
}

/** What is seen of a running stay begins today, each day anew: it began when it began. */
function goingOn(before: FeedRow, row: FeedRow, { today }: Reading): FeedRow {
  const isRunning = before.start <= today && before.start < row.start && row.start <= today && before.end === row.end;
  return isRunning && row.timed === undefined ? { ...row, start: before.start } : row;
}

/** Hosts cut off the nights that are over, and give what is left a new UID: the day of check-out stays. */
function creeps({ row: before }: KnownStay, row: FeedRow, { today }: Reading): boolean {
  return before.end === row.end && before.start <= today && before.start < row.start && row.start <= today;
}

/** The same guest by name: longer, shorter or moved; of several of one name nobody knows which (S18). */
function isSameGuest({ row: before }: KnownStay, row: FeedRow): boolean {
  const isAsLong = nightsBetween(before.start, before.end) === nightsBetween(row.start, row.end);
  return isAsLong || shareNights(before, row);
}

function takeNew({ reading, rows, present }: Working, known: readonly KnownStay[]): void {
  const taken = new Set(known.map(({ id }) => id));
  for (const row of rows) {
    const id = newStayId(reading.origin, row, taken);
    taken.add(id);
    present.push({ by: "new", before: undefined, stay: { id, row, seenAt: reading.at, since: reading.at } });
  }
}

function isSaidCancelled({ row: known }: KnownStay, rows: readonly FeedRow[]): boolean {
  return rows.some((row) => {
    if (row.nature !== "cancelled" || contradict(known, row)) return false;
    return (row.code !== undefined && row.code === known.code) || (row.uid !== "" && rowKey(row) === rowKey(known));
  });
}

/** Where nothing but the UIDs changed, and of all of them, they name nothing (S17). */
export function haveUnstableIds({ present }: Identified): boolean {
  const again = present.filter(({ by, before }) => by !== "new" && before !== undefined);
  const renamed = again.filter(({ before, stay, by }) => before?.uid !== stay.row.uid && by !== "running");
  return renamed.length > 2 && renamed.length === again.length;
}
