import type { Rule } from "../sync/series.ts";
import type { GraphHabits } from "./graph-recurrence.ts";
import type { Inexpressible } from "./inexpressible.ts";

export type MonthDay =
  | { readonly day: number | "last"; readonly lacking: GraphHabits["shortMonth"] }
  | { readonly why: Inexpressible };

/**
 * The one day of the month that a rule means, and what becomes of it in a month that lacks it: RFC 5545 leaves it
 * out, unless the rule lists fallbacks: `BYMONTHDAY=28,29,30;BYSETPOS=-1`, or `BYMONTHDAY=30,-1;BYSETPOS=1`.
 */
export function monthDayOf(rule: Rule, habits: GraphHabits): MonthDay {
  const days = [...new Set(rule.byMonthDay)].sort((a, b) => a - b);
  const [position, ...others] = rule.bySetPos;
  if (others.length > 0) return { why: "set-position" };
  const picksNothing = position === undefined || (days.length === 1 && Math.abs(position) === 1);
  return picksNothing ? plainDay(days, habits) : fallbackDay(days, position);
}

function plainDay([day = 0, ...others]: readonly number[], habits: GraphHabits): MonthDay {
  if (others.length > 0) return { why: "several-month-days" };
  if (day === -1) return { day: "last", lacking: habits.shortMonth };
  return day < 0 ? { why: "counted-from-the-end" } : { day, lacking: "skipped" };
}

function fallbackDay(days: readonly number[], position: number): MonthDay {
  const [least = 0, second] = days;
  const greatest = days.at(-1) ?? 0;
  const run = position === -1 && days.every((day, place) => day === 28 + place);
  if (run) return { day: greatest === 31 ? "last" : greatest, lacking: "last-day" };
  const orLast = position === 1 && days.length === 2 && least === -1 && second !== undefined && second > 0;
  return orLast ? { day: second, lacking: "last-day" } : { why: "set-position" };
}
