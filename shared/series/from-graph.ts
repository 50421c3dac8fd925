import { Temporal } from "temporal-polyfill";
import type { Rule, RuleEnd, SeriesSpan } from "../sync/series.ts";
import { readAllDay } from "./all-day.ts";
import {
  type GraphHabits,
  type GraphPattern,
  type GraphRange,
  type GraphRecurrence,
  type GraphTime,
  nthOf,
  weekdayOf,
} from "./graph-recurrence.ts";
import type { ReadSeries } from "./recurrence-lines.ts";
import { dayOf, instantAt, wallStart } from "./wall-time.ts";
import { readZone } from "./zone.ts";

/** The parts of a Graph series master that say when. */
export interface GraphMaster {
  readonly start: GraphTime;
  readonly end: GraphTime;
  readonly isAllDay: boolean;
  readonly originalStartTimeZone?: string | null;
  readonly originalEndTimeZone?: string | null;
  readonly recurrence: GraphRecurrence;
}

const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * A series master in the neutral form. Cancelled and changed occurrences are not told in it; they come from the
 * instances (`instances.ts`). `prefer` is the resource's own zone, for Windows names that stand for several.
 */
export function fromGraph(master: GraphMaster, habits: GraphHabits, prefer?: string): ReadSeries {
  try {
    const first = readFirst(master, prefer);
    const { pattern, range } = master.recurrence;
    if (range.startDate !== dayOf(first.start, first)) {
      throw new RangeError("its recurrence begins on another day than the event");
    }
    const rule = readPattern(pattern, readRange(range, first), habits);
    return { series: { first, rules: [rule], excluding: [], extra: [], cancelled: [], exceptions: [] } };
  } catch (error) {
    return { unreadable: error instanceof RangeError ? error.message : "its recurrence cannot be read" };
  }
}

function readFirst(master: GraphMaster, prefer: string | undefined): SeriesSpan {
  if (master.isAllDay) return readAllDay(master.start, master.end);
  const start = readTime(master.start);
  const end = readTime(master.end);
  if (start >= end) throw new RangeError("its end is not after its start");
  const zone = readSeriesZone(master, prefer);
  const endName = master.originalEndTimeZone ?? undefined;
  const endZone = endName === undefined ? undefined : readZone(endName, prefer);
  const other = endZone !== undefined && "zone" in endZone && endZone.zone !== zone ? endZone.zone : undefined;
  return { kind: "timed", start, end, zone, ...(other !== undefined && { endZone: other }) };
}

/**
 * The zone by whose wall clock it repeats. `start.timeZone` is only the one the answer was asked in (`Prefer:
 * outlook.timezone`), so it counts last.
 */
function readSeriesZone(master: GraphMaster, prefer: string | undefined): string {
  const names = [master.recurrence.range.recurrenceTimeZone, master.originalStartTimeZone, master.start.timeZone];
  const read = readZone(names.find((name) => name != null && name !== "") ?? "", prefer);
  if ("unreadable" in read) throw new RangeError(read.unreadable);
  return read.zone;
}

function readTime({ dateTime, timeZone }: GraphTime): string {
  const read = readZone(timeZone);
  if ("unreadable" in read) throw new RangeError(read.unreadable);
  return instantAt(readWall(dateTime), read.zone).at;
}

function readWall(text: string): Temporal.PlainDateTime {
  try {
    return Temporal.PlainDateTime.from(text, { overflow: "reject" });
  } catch {
    throw new RangeError("its start, its end or its recurrence's end is no time");
  }
}

function readRange(range: GraphRange, first: SeriesSpan): RuleEnd {
  switch (range.type) {
    case "noEnd":
      return { kind: "never" };
    case "numbered":
      if (range.numberOfOccurrences == null || range.numberOfOccurrences < 1) {
        throw new RangeError("its recurrence is numbered, but without a number");
      }
      return { kind: "count", count: range.numberOfOccurrences };
    case "endDate":
      return { kind: "until", until: readEndDate(range.endDate, first) };
  }
}

/** Inclusive: the start of an occurrence on that day. */
function readEndDate(endDate: string | null | undefined, first: SeriesSpan): string {
  if (endDate == null) throw new RangeError("its recurrence has an end date that is not told");
  const date = readWall(endDate).toPlainDate();
  return first.kind === "all-day"
    ? date.toString()
    : instantAt(date.toPlainDateTime(wallStart(first).toPlainTime()), first.zone).at;
}

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

function readPattern(pattern: GraphPattern, ends: RuleEnd, habits: GraphHabits): Rule {
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
