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
  const [least = 0, ...more] = days;
  const greatest = days.at(-1) ?? 0;
  const [position, ...others] = rule.bySetPos;
  if (position === undefined || (more.length === 0 && Math.abs(position) === 1 && others.length === 0)) {
    if (more.length > 0) return { why: "several-month-days" };
    if (least === -1) return { day: "last", lacking: habits.shortMonth };
    return least < 0 ? { why: "counted-from-the-end" } : { day: least, lacking: "skipped" };
  }
  if (others.length > 0) return { why: "set-position" };
  const run = days.every((day, place) => day === 28 + place);
  if (run && position === -1)
    return greatest === 31 ? { day: "last", lacking: "last-day" } : { day: greatest, lacking: "last-day" };
  if (least === -1 && days.length === 2 && greatest > 0 && position === 1)
    return { day: greatest, lacking: "last-day" };
  return { why: "set-position" };
}
