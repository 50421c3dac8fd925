import type { FeedRow } from "./feed-row.ts";
import { rowKey } from "./feed-row.ts";
import { type KnownStay, sameNights } from "./known-stay.ts";

/** Two stays that change places are one coincidence too many. */
const MOST_COINCIDENCES = 1;

/**
 * Whether a feed's UIDs name its events, or only number them. Where they are small numbers that differ in nothing else, or
 * where several events are at once just where others were before, dates tell more than UIDs (S17).
 */
export function trustsUids(known: readonly KnownStay[], rows: readonly FeedRow[]): boolean {
  return !areNumbered(rows) && coincidences(known, rows) <= MOST_COINCIDENCES;
}

function areNumbered(rows: readonly FeedRow[]): boolean {
  const uids = new Set(rows.map(({ uid }) => uid));
  const frames = new Set([...uids].map((uid) => uid.replace(/(?<!\d)\d{1,3}(?!\d)/, "#")));
  return uids.size > 1 && frames.size === 1;
}

/** Events that moved to the very nights of another one with another UID. */
function coincidences(known: readonly KnownStay[], rows: readonly FeedRow[]): number {
  const byKey = new Map(known.map((stay) => [rowKey(stay.row), stay]));
  return rows.filter((row) => {
    const before = row.uid === "" ? undefined : byKey.get(rowKey(row));
    if (before === undefined || sameNights(before.row, row)) return false;
    return known.some((other) => other !== before && sameNights(other.row, row));
  }).length;
}
