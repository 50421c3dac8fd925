import { Temporal } from "temporal-polyfill";
import type { GraphRecurrence } from "../../shared/series/graph-recurrence.ts";

/**
 * What Outlook shows for a `recurrence`, by Graph's reference and nothing of ours: it goes through the calendar
 * day by day and asks of each whether the pattern falls on it. Slow, and plain enough to be read against the
 * documentation. Days are counted from 1970 in UTC, since a calendar day has no zone.
 */
export interface WalkHabits {
  readonly shortMonth: "last-day" | "skipped";
  readonly severalDays: "nth-of-all" | "earliest-nth";
}

const DAY = 86_400_000;
const NAMES = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const INDEX: Record<string, number> = { first: 0, second: 1, third: 2, fourth: 3, last: -1 };

/** The local dates of the occurrences, from `startDate` to before `until`. */
export function walkGraph({ pattern, range }: GraphRecurrence, until: string, habits: WalkHabits): string[] {
  const first = dayNumber(range.startDate);
  const last = range.type === "endDate" ? dayNumber(range.endDate ?? "") : Number.POSITIVE_INFINITY;
  const most = range.type === "numbered" ? (range.numberOfOccurrences ?? 0) : Number.POSITIVE_INFINITY;
  const dates: string[] = [];
  for (let day = first; day < dayNumber(until) && day <= last && dates.length < most; day++) {
    if (fallsOn(pattern, first, day, habits)) dates.push(text(day));
  }
  return dates;
}

function fallsOn(pattern: GraphRecurrence["pattern"], first: number, day: number, habits: WalkHabits): boolean {
  const { interval } = pattern;
  const [year, month, date] = parts(day);
  const [firstYear, firstMonth] = parts(first);
  const months = (year - firstYear) * 12 + (month - firstMonth);
  switch (pattern.type) {
    case "daily":
      return (day - first) % interval === 0;
    case "weekly": {
      const weeks =
        (weekStart(day, pattern.firstDayOfWeek ?? "sunday") - weekStart(first, pattern.firstDayOfWeek ?? "sunday")) / 7;
      return weeks % interval === 0 && (pattern.daysOfWeek ?? []).some((name) => name === nameOf(day));
    }
    case "absoluteMonthly":
      return months % interval === 0 && date === wantedDate(year, month, pattern.dayOfMonth ?? 0, habits);
    case "absoluteYearly":
      return (
        (year - firstYear) % interval === 0 &&
        month === pattern.month &&
        date === wantedDate(year, month, pattern.dayOfMonth ?? 0, habits)
      );
    case "relativeMonthly":
      return months % interval === 0 && date === nthDate(year, month, pattern, habits);
    case "relativeYearly":
      return (
        (year - firstYear) % interval === 0 && month === pattern.month && date === nthDate(year, month, pattern, habits)
      );
  }
}

function wantedDate(year: number, month: number, wanted: number, habits: WalkHabits): number | undefined {
  const length = monthLength(year, month);
  if (wanted <= length) return wanted;
  return habits.shortMonth === "last-day" ? length : undefined;
}

function nthDate(
  year: number,
  month: number,
  pattern: GraphRecurrence["pattern"],
  habits: WalkHabits,
): number | undefined {
  const names: readonly string[] = pattern.daysOfWeek ?? [];
  const index = INDEX[pattern.index ?? "first"] ?? 0;
  const dates = Array.from({ length: monthLength(year, month) }, (_, step) => step + 1);
  const named = (wanted: readonly string[]) =>
    dates.filter((date) => wanted.includes(nameOf(Date.UTC(year, month - 1, date) / DAY))).at(index);
  if (habits.severalDays === "nth-of-all") return named(names);
  return Math.min(...names.map((name) => named([name]) ?? 99));
}

function weekStart(day: number, firstDay: string): number {
  const back = (NAMES.indexOf(nameOf(day)) - NAMES.indexOf(firstDay) + 7) % 7;
  return day - back;
}

function nameOf(day: number): string {
  return NAMES[new Date(day * DAY).getUTCDay()] ?? "";
}

function monthLength(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function parts(day: number): [number, number, number] {
  const date = new Date(day * DAY);
  return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
}

function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY;
}

function text(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** The instants at which occurrences on these dates begin, at `time` by the clock of `zone`. */
export function instantsOn(dates: readonly string[], time: string, zone: string): string[] {
  return dates.map((date) => {
    const at = Temporal.ZonedDateTime.from(`${date}T${time}[${zone}]`, { disambiguation: "compatible" });
    return new Date(at.epochMilliseconds).toISOString();
  });
}
