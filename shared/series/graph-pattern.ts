import type { Rule } from "../sync/series.ts";
import { monthDayOf } from "./graph-month-day.ts";
import { type GraphHabits, type GraphPattern, graphDay } from "./graph-recurrence.ts";
import { relativeOf } from "./graph-relative.ts";
import type { Inexpressible } from "./inexpressible.ts";

export type PatternOrWhy = { readonly pattern: GraphPattern } | { readonly why: Inexpressible };

/** The shortest that each month can be. */
const SHORTEST = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const ALL_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/**
 * A settled rule as a Graph pattern with the same occurrences, or why there is none. `month` is that of the first
 * occurrence, 1 to 12.
 */
export function patternOf(rule: Rule, month: number, habits: GraphHabits): PatternOrWhy {
  if (rule.frequency === "HOURLY" || rule.byHour.length > 0 || rule.byMinute.length > 0) {
    return { why: "several-times-a-day" };
  }
  if (rule.byWeekNo.length > 0 || rule.byYearDay.length > 0) return { why: "week-or-day-of-year" };
  switch (rule.frequency) {
    case "DAILY":
      return daily(rule);
    case "WEEKLY":
      return weekly(rule);
    case "MONTHLY":
      return rule.byMonth.length > 0 ? { why: "several-months" } : monthly(rule, month, habits);
    case "YEARLY":
      return yearly(rule, habits);
  }
}

function daily(rule: Rule): PatternOrWhy {
  const limits = [rule.byDay, rule.byMonth, rule.byMonthDay, rule.bySetPos];
  if (limits.some((list) => list.length > 0)) return { why: "limited-days" };
  return { pattern: { type: "daily", interval: rule.interval } };
}

/** `firstDayOfWeek` is always written: RFC 5545's default is Monday, Graph's Sunday. */
function weekly(rule: Rule): PatternOrWhy {
  if (rule.byMonth.length > 0) return { why: "limited-days" };
  if (rule.bySetPos.length > 0) return { why: "set-position" };
  const daysOfWeek = rule.byDay.map(({ day }) => graphDay(day));
  const firstDayOfWeek = graphDay(rule.weekStart);
  return { pattern: { type: "weekly", interval: rule.interval, daysOfWeek, firstDayOfWeek } };
}

function monthly(rule: Rule, month: number, habits: GraphHabits): PatternOrWhy {
  const { interval } = rule;
  if (rule.byDay.length > 0) {
    const relative = relativeOf(rule, habits);
    return "why" in relative ? relative : { pattern: { type: "relativeMonthly", interval, ...relative } };
  }
  const asked = monthDayOf(rule, habits);
  if ("why" in asked) return asked;
  if (asked.day === "last") return lastDay(interval, habits);
  const shortest = Math.min(...monthsOf(month, interval).map((each) => SHORTEST[each - 1] ?? 31));
  if (asked.lacking !== habits.shortMonth && asked.day > shortest) return { why: "short-months" };
  return { pattern: { type: "absoluteMonthly", interval, dayOfMonth: asked.day } };
}

/** The months that a rule with this interval comes to, from `month` on. */
function monthsOf(month: number, interval: number): number[] {
  const steps = Array.from({ length: 12 }, (_, step) => ((month - 1 + step * interval) % 12) + 1);
  return [...new Set(steps)];
}

function lastDay(interval: number, habits: GraphHabits): PatternOrWhy {
  if (habits.shortMonth === "last-day") {
    return { pattern: { type: "absoluteMonthly", interval, dayOfMonth: 31 } };
  }
  if (habits.severalDays === "nth-of-all") {
    return { pattern: { type: "relativeMonthly", interval, daysOfWeek: [...ALL_DAYS], index: "last" } };
  }
  return { why: "last-day-of-month" };
}

function yearly(rule: Rule, habits: GraphHabits): PatternOrWhy {
  const { interval } = rule;
  const [month] = rule.byMonth;
  if (month === undefined) return { why: rule.byDay.length > 0 ? "nth-in-year" : "several-months" };
  if (rule.byMonth.length > 1) return { why: "several-months" };
  if (rule.byDay.length > 0) {
    const relative = relativeOf(rule, habits);
    return "why" in relative ? relative : { pattern: { type: "relativeYearly", interval, month, ...relative } };
  }
  const asked = monthDayOf(rule, habits);
  if ("why" in asked) return asked;
  const shortest = SHORTEST[month - 1] ?? 31;
  if (asked.day === "last" && month !== 2) return absoluteYearly(interval, month, shortest);
  if (asked.day === "last") {
    return habits.shortMonth === "last-day" ? absoluteYearly(interval, month, 29) : lastOfFebruary(interval, habits);
  }
  if (asked.lacking !== habits.shortMonth && asked.day > shortest) return { why: "short-months" };
  return absoluteYearly(interval, month, month === 2 ? Math.min(asked.day, 29) : Math.min(asked.day, shortest));
}

function absoluteYearly(interval: number, month: number, dayOfMonth: number): PatternOrWhy {
  return { pattern: { type: "absoluteYearly", interval, month, dayOfMonth } };
}

function lastOfFebruary(interval: number, habits: GraphHabits): PatternOrWhy {
  if (habits.severalDays !== "nth-of-all") return { why: "last-day-of-month" };
  return { pattern: { type: "relativeYearly", interval, month: 2, daysOfWeek: [...ALL_DAYS], index: "last" } };
}
