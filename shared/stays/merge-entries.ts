import { type BadEvent, type FeedRow, nightsBetween, rowKey } from "./feed-row.ts";
import { shareNights } from "./known-stay.ts";

export interface Merged {
  readonly rows: readonly FeedRow[];
  readonly bad: readonly BadEvent[];
}

/**
 * Makes one row of what one feed writes several times (S19): an event that stands there twice, a stay with its code in
 * several entries, arrival and departure as days of their own beside the stay. An arrival of no stay is set aside.
 */
export function mergeEntries(read: readonly FeedRow[]): Merged {
  const single = withoutCopies(read);
  const rows = single.filter(({ nature }) => nature !== "note");
  const notes = single.filter(({ nature }) => nature === "note");
  const alone = notes.filter((note) => !rows.some((row) => row.nature !== "block" && touches(row, note)));
  return {
    rows: withoutParts(rows),
    bad: alone.map((note) => ({ uid: note.uid, reason: "it is a day of a stay that is not there" })),
  };
}

/**
 * One without a UID is told by its dates and title. What has the UID of another one but none of its nights, and is no
 * later version of it, is an event of its own: some programs give all events one UID, and no stay may be lost by that.
 */
function withoutCopies(rows: readonly FeedRow[]): FeedRow[] {
  const kept = new Map<string, FeedRow[]>();
  for (const row of rows) {
    const key = row.uid === "" ? `${row.start} ${row.end} ${row.title}` : rowKey(row);
    const alike = kept.get(key) ?? [];
    const at = alike.findIndex((other) => areVersions(row, other));
    const before = alike[at];
    if (before === undefined) alike.push(row);
    else if (goesBefore(row, before)) alike[at] = row;
    kept.set(key, alike);
  }
  return [...kept.values()].flat();
}

function areVersions(a: FeedRow, b: FeedRow): boolean {
  const isCancelled = a.nature === "cancelled" || b.nature === "cancelled";
  return isCancelled || a.sequence !== b.sequence || (a.start === b.start && a.end === b.end) || shareNights(a, b);
}

/** The higher SEQUENCE counts; of equals the last one, unless that alone is cancelled: then nothing is certain (law 3). */
function goesBefore(row: FeedRow, before: FeedRow): boolean {
  const [own, other] = [row.sequence ?? 0, before.sequence ?? 0];
  if (own !== other) return own > other;
  return row.nature !== "cancelled" || before.nature === "cancelled";
}

/** A day of arrival or departure lies in the stay or just behind it. */
function touches(stay: FeedRow, note: FeedRow): boolean {
  return stay.start <= note.start && note.start <= stay.end;
}

/** Of the entries that bear one code the longest is the stay, and of two in the same nights: the others are parts of it. */
function withoutParts(rows: readonly FeedRow[]): FeedRow[] {
  return rows.filter((row) => !rows.some((other) => other !== row && isPartOf(row, other, rows)));
}

function isPartOf(row: FeedRow, whole: FeedRow, rows: readonly FeedRow[]): boolean {
  const isWithin = whole.start <= row.start && row.end <= whole.end;
  if (!isWithin && row.start !== whole.end) return false;
  if (row.nature !== "stay" || whole.nature !== "stay" || areDifferent(row, whole)) return false;
  if (isLastDayOf(row, whole)) return rows.some((other) => isFirstDayOf(other, whole) && other.title === row.title);
  if (!isWithin) return false;
  if (whole.start !== row.start || whole.end !== row.end) return row.code === whole.code || isOneNight(row);
  return row.code !== undefined && row.code === whole.code && rows.indexOf(whole) < rows.indexOf(row);
}

function areDifferent(a: FeedRow, b: FeedRow): boolean {
  const differ = (one?: string, other?: string) => one !== undefined && other !== undefined && one !== other;
  return differ(a.code, b.code) || differ(a.customer, b.customer);
}

function isOneNight({ start, end, timed }: FeedRow): boolean {
  return timed === undefined && nightsBetween(start, end) === 1;
}

function isFirstDayOf(row: FeedRow, whole: FeedRow): boolean {
  return isOneNight(row) && !isOneNight(whole) && row.start === whole.start;
}

/** The day after the last night, listed under the same title as the stay and its first day. */
function isLastDayOf(row: FeedRow, whole: FeedRow): boolean {
  return isOneNight(row) && row.start === whole.end && row.title === whole.title && row.code === whole.code;
}
