import type { Instant } from "../sync/time.ts";
import type { FeedRow } from "./feed-row.ts";

/** One row of a feed as it is known from earlier readings, and the stay it was taken for. */
export interface KnownStay {
  /** The stay's name inside Lockstep: it outlives UIDs and dates. */
  readonly id: string;
  /** As last read; where it had begun by then, with the day on which it truly began. */
  readonly row: FeedRow;
  /** When a reading had it last. */
  readonly seenAt: Instant;
  /** When a reading had it first. */
  readonly since: Instant;
  /** It is another feed's stay seen a second time (S19); `lostAt`: since when that one is not there any more. */
  readonly echo?: { readonly lostAt?: Instant };
  /** A complete reading lacked it, or said that it is cancelled. */
  readonly gone?: "missing" | "cancelled";
}

/** Blocks and stays are never taken for one another. */
export function isBlock({ nature }: FeedRow): boolean {
  return nature === "block";
}

/** True where both tell something and it differs: then they are two stays, whatever else they share. */
export function contradict(a: FeedRow, b: FeedRow): boolean {
  return a.code !== undefined && b.code !== undefined && a.code !== b.code;
}

export function sameNights(a: FeedRow, b: FeedRow): boolean {
  return a.start === b.start && a.end === b.end && a.timed?.start === b.timed?.start && a.timed?.end === b.timed?.end;
}

export function shareNights(a: FeedRow, b: FeedRow): boolean {
  return a.start < b.end && b.start < a.end;
}
