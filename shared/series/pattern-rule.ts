import type { Rule, RuleEnd } from "../sync/series.ts";
import { type GraphHabits, type GraphPattern, nthOf, weekdayOf } from "./graph-recurrence.ts";

const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const NOTHING = {
  byDay: [],
  byMonth: [],
  byMonthDay: [],
  byYearDay: [],
  byWeekNo: [],
  byHour: [],
  byMinute: [],
  bySetPos: [],
};

/** A Graph pattern as a rule with the same occurrences. Throws a RangeError where a part that it needs is missing. */
export function ruleOf(pattern: GraphPattern, ends: RuleEnd, habits: GraphHabits): Rule {
  const { interval } = pattern;
  const rule = { ...NOTHING, interval, ends, weekStart: "MO" as const };
  switch (pattern.type) {
    case "daily":
      return { ...rule, frequency: "DAILY" };
    case "weekly": {
      const weekStart = weekdayOf(pattern.firstDayOfWeek ?? "sunday");
      return { ...rule, frequency: "WEEKLY", weekStart, byDay: daysOf(pattern).map((day) => ({ day })) };
    }
    case "absoluteMonthly":
      return { ...rule, frequency: "MONTHLY", ...monthDay(pattern.dayOfMonth ?? 0, 28, 31, habits) };
    case "relativeMonthly":
      return { ...rule, frequency: "MONTHLY", ...place(pattern, habits) };
    case "absoluteYearly": {
      const month = monthOf(pattern);
      const shortest = month === 2 ? 28 : (LONGEST[month - 1] ?? 31);
      const days = monthDay(pattern.dayOfMonth ?? 0, shortest, LONGEST[month - 1] ?? 31, habits);
      return { ...rule, frequency: "YEARLY", byMonth: [month], ...days };
    }
    case "relativeYearly":
      return { ...rule, frequency: "YEARLY", byMonth: [monthOf(pattern)], ...place(pattern, habits) };
  }
}

/** A day of the month, where months have from `shortest` to `longest` days. */
function monthDay(
  day: number,
  shortest: number,
  longest: number,
  habits: GraphHabits,
): Pick<Rule, "byMonthDay" | "bySetPos"> {
  if (day < 1 || day > 31) throw new RangeError("its recurrence has no day of the month");
  if (day <= shortest || habits.shortMonth === "skipped") return { byMonthDay: [day], bySetPos: [] };
  if (day >= longest) return { byMonthDay: [-1], bySetPos: [] };
  return { byMonthDay: Array.from({ length: day - 27 }, (_, step) => 28 + step), bySetPos: [-1] };
}

/** Several days of the week are one place among all of them, or each one's place and the earliest (`habits`). */
function place(pattern: GraphPattern, habits: GraphHabits): Pick<Rule, "byDay" | "bySetPos"> {
  const nth = nthOf(pattern.index ?? "first");
  const days = daysOf(pattern);
  const [day, ...others] = days;
  if (day !== undefined && others.length === 0) return { byDay: [{ day, nth }], bySetPos: [] };
  if (habits.severalDays === "nth-of-all") return { byDay: days.map((each) => ({ day: each })), bySetPos: [nth] };
  return { byDay: days.map((each) => ({ day: each, nth })), bySetPos: [1] };
}

function daysOf(pattern: GraphPattern) {
  const days = (pattern.daysOfWeek ?? []).map(weekdayOf);
  if (days.length === 0) throw new RangeError("its recurrence has no days of the week");
  return days;
}

function monthOf(pattern: GraphPattern): number {
  const month = pattern.month ?? 0;
  if (month < 1 || month > 12) throw new RangeError("its recurrence has no month");
  return month;
}
