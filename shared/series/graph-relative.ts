import type { Rule, RuleDay } from "../sync/series.ts";
import { type DayOfWeek, type GraphHabits, graphDay, indexOf, type WeekIndex } from "./graph-recurrence.ts";
import type { Inexpressible } from "./inexpressible.ts";

export type Relative =
  | { readonly daysOfWeek: DayOfWeek[]; readonly index: WeekIndex }
  | { readonly why: Inexpressible };

/** The nth of one day of the week, or of several as `habits` counts them. */
export function relativeOf(rule: Rule, habits: GraphHabits): Relative {
  if (rule.byMonthDay.length > 0) return { why: "weekday-and-month-day" };
  const read = placeOf(rule, habits);
  if ("why" in read) return read;
  const index = indexOf(read.nth);
  return index === undefined ? { why: "fifth-weekday" } : { daysOfWeek: [...daysOf(rule.byDay)], index };
}

function placeOf(rule: Rule, habits: GraphHabits): { readonly nth: number } | { readonly why: Inexpressible } {
  const [position, ...others] = rule.bySetPos;
  if (others.length > 0) return { why: "set-position" };
  const places = new Set(rule.byDay.map(({ nth }) => nth));
  const [nth] = places;
  if (places.size > 1) return { why: "several-weekdays" };
  const single = daysOf(rule.byDay).size === 1;
  if (position === undefined) return nth !== undefined && single ? { nth } : { why: "several-weekdays" };
  if (nth === undefined) {
    const alike = single || habits.severalDays === "nth-of-all" || position === 1;
    return alike ? { nth: position } : { why: "set-position" };
  }
  const alike = single || habits.severalDays === "earliest-nth" || nth === 1;
  return alike && position === 1 ? { nth } : { why: "set-position" };
}

function daysOf(byDay: readonly RuleDay[]): Set<DayOfWeek> {
  return new Set(byDay.map(({ day }) => graphDay(day)));
}
