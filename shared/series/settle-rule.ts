import type { Temporal } from "temporal-polyfill";
import { type Rule, WEEKDAYS } from "../sync/series.ts";

/**
 * The rule with the parts that RFC 5545 takes from the start written out, and said in the plainest of the ways
 * that mean the same: every Monday is weekly, whatever the frequency says.
 */
export function settleRule(rule: Rule, start: Temporal.PlainDateTime): Rule {
  return plainest(withImplied(withoutOwnTime(rule, start), start));
}

/** A time of day that only repeats the start's own. */
function withoutOwnTime(rule: Rule, start: Temporal.PlainDateTime): Rule {
  if (rule.frequency === "HOURLY") return rule;
  return {
    ...rule,
    byHour: only(rule.byHour, start.hour) ? [] : rule.byHour,
    byMinute: only(rule.byMinute, start.minute) ? [] : rule.byMinute,
  };
}

function withImplied(rule: Rule, start: Temporal.PlainDateTime): Rule {
  const weekday = WEEKDAYS[start.dayOfWeek - 1] ?? "MO";
  if (hasDays(rule)) return rule;
  if (rule.frequency === "WEEKLY") return { ...rule, byDay: [{ day: weekday }] };
  if (rule.frequency === "MONTHLY") return { ...rule, byMonthDay: [start.day] };
  if (rule.frequency !== "YEARLY") return rule;
  return { ...rule, byMonthDay: [start.day], byMonth: rule.byMonth.length === 0 ? [start.month] : rule.byMonth };
}

function plainest(rule: Rule): Rule {
  if (rule.interval !== 1) return rule;
  if (isEveryWeekday(rule)) return { ...rule, frequency: "WEEKLY" };
  if (rule.frequency === "MONTHLY" && rule.byMonth.length === 1) return { ...rule, frequency: "YEARLY" };
  const everyMonth = rule.frequency === "YEARLY" && rule.byMonth.length === 0 && rule.byMonthDay.length > 0;
  return everyMonth && rule.bySetPos.length === 0 ? { ...rule, frequency: "MONTHLY" } : rule;
}

/** Days of the week without a number, and nothing that picks among them. */
function isEveryWeekday(rule: Rule): boolean {
  const others = [rule.byMonth, rule.byMonthDay, rule.byYearDay, rule.byWeekNo, rule.bySetPos];
  const unnumbered = rule.byDay.length > 0 && rule.byDay.every(({ nth }) => nth === undefined);
  return rule.frequency !== "HOURLY" && unnumbered && others.every((list) => list.length === 0);
}

function hasDays({ byDay, byMonthDay, byYearDay, byWeekNo }: Rule): boolean {
  return [byDay, byMonthDay, byYearDay, byWeekNo].some((list) => list.length > 0);
}

function only(list: readonly number[], value: number): boolean {
  return list.length === 1 && list[0] === value;
}
