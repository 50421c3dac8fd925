import type { BadEvent, FeedReading, FeedRow } from "../../shared/stays/feed-row.ts";

/** A stay or block as the commands print it; dates `YYYY-MM-DD`, the end is the day of check-out. */
export interface ShownRow {
  readonly uid: string;
  readonly start: string;
  readonly end: string;
  /** Null where the feed tells none. */
  readonly code: string | null;
  readonly title: string;
}

export interface ShownReading {
  /** Stays for sure, and what may be one: Booking.com writes bookings and closures alike. */
  readonly stays: readonly ShownRow[];
  readonly blocks: readonly ShownRow[];
  readonly quarantined: readonly Pick<BadEvent, "uid" | "reason">[];
  /** Why the file tells nothing at all; left out where it tells something. */
  readonly error?: string;
}

export function showReading(reading: FeedReading): ShownReading {
  if (reading.kind === "failure") return { stays: [], blocks: [], quarantined: [], error: reading.why };
  const { rows, bad } = reading;
  return {
    stays: rows.filter(({ nature }) => nature === "stay" || nature === "stay-or-block").map(showRow),
    blocks: rows.filter(({ nature }) => nature === "block").map(showRow),
    quarantined: bad.map(({ uid, reason }) => ({ uid, reason })),
  };
}

export function showRow({ uid, start, end, code, title }: FeedRow): ShownRow {
  return { uid, start, end, code: code ?? null, title };
}
