import { addDays } from "../series/wall-time.ts";
import type { PlainDate } from "../sync/time.ts";
import type { FeedRow } from "./feed-row.ts";
import { isBlock } from "./known-stay.ts";

/** Hosts open their calendars a year or two ahead; a closure that lasts so far is where that ends. */
const HORIZON_DAYS = 330;
/** Nobody asks for more notice than this. */
const NOTICE_DAYS = 7;

/**
 * Whether a block is made by a rule that moves along with the day: the notice a host wants before an arrival, and the end
 * of the booking window. It says nothing about the home, and showing it would write to the calendar every day (S53).
 * A block that was seen while it lay ahead is none, however little is left of it; `before` is how it was known.
 */
export function isRolling(row: FeedRow, before: FeedRow | undefined, today: PlainDate): boolean {
  if (!isBlock(row)) return false;
  if (row.rolling === true || row.end >= addDays(today, HORIZON_DAYS)) return true;
  if (before !== undefined && before.start > today) return false;
  const isNotice = row.start <= addDays(today, 1) && row.end <= addDays(today, NOTICE_DAYS);
  return before === undefined ? isNotice : before.rolling === true && isNotice;
}
