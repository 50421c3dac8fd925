import { wallAt } from "../series/wall-time.ts";
import type { Instant } from "../sync/time.ts";
import type { FeedReading, FeedRow } from "./feed-row.ts";
import { identify, type Recognised } from "./identify.ts";
import { isBlock, type KnownStay } from "./known-stay.ts";

/** What the second reading of a feed means after the first, for its stays; blocks are nobody's stay and are left out. */
export interface Comparison {
  readonly added: readonly FeedRow[];
  readonly changed: readonly { readonly before: FeedRow; readonly after: FeedRow }[];
  /** Missing from a single reading: nothing follows yet (law 3). */
  readonly doubtful: readonly FeedRow[];
  /** Said to be cancelled. */
  readonly cancelled: readonly FeedRow[];
  /** Over, and no longer listed (S09). */
  readonly expired: readonly FeedRow[];
}

const ORIGIN = { property: "home", feed: "feed" };

/** `zone` is the home's, in which a day is over. */
export function compareReadings(before: FeedReading, after: FeedReading, now: Instant, zone = "UTC"): Comparison {
  const today = wallAt(now, zone).toPlainDate().toString();
  const known = knownOf(rowsOf(before), now, today);
  const { present, absent, cancelled } = identify(known, { origin: ORIGIN, rows: rowsOf(after), at: now, today });
  const stays = present.filter(({ stay }) => !isBlock(stay.row));
  const missing = absent.map(({ row }) => row).filter((row) => !isBlock(row));
  return {
    added: stays.filter(({ by }) => by === "new").map(({ stay }) => stay.row),
    changed: stays.flatMap(changeOf),
    doubtful: missing.filter(({ end }) => end > today),
    cancelled: cancelled.map(({ row }) => row).filter((row) => !isBlock(row)),
    expired: missing.filter(({ end }) => end <= today),
  };
}

function rowsOf(reading: FeedReading): readonly FeedRow[] {
  return reading.kind === "failure" ? [] : reading.rows;
}

/** The first reading, as what is known: by the same way that finds it again. */
function knownOf(rows: readonly FeedRow[], at: Instant, today: string): KnownStay[] {
  return identify([], { origin: ORIGIN, rows, at, today }).present.map(({ stay }) => stay);
}

function changeOf({ before, stay: { row } }: Recognised): { before: FeedRow; after: FeedRow }[] {
  if (before === undefined) return [];
  const said = ({ start, end, code, customer, title, nature }: FeedRow) =>
    JSON.stringify([start, end, code, customer, title, nature]);
  return said(before) === said(row) ? [] : [{ before, after: row }];
}
