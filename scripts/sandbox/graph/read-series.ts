import { Temporal } from "temporal-polyfill";
import { isRecord } from "../wire.ts";
import { badRequest } from "./errors.ts";
import type { Pattern, Range, Series, Span, Weekday } from "./rows.ts";
import { wallAt, zoneNamed } from "./zones.ts";

export const WEEKDAYS: readonly Weekday[] = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
];
const TYPES: readonly Pattern["type"][] = [
  "daily",
  "weekly",
  "absoluteMonthly",
  "relativeMonthly",
  "absoluteYearly",
  "relativeYearly",
];
const INDEXES: readonly Pattern["index"][] = ["first", "second", "third", "fourth", "last"];
/** What each type cannot do without (API_FACTS §3). */
const NEEDS: Readonly<Record<Pattern["type"], readonly (keyof Pattern)[]>> = {
  daily: [],
  weekly: ["daysOfWeek"],
  absoluteMonthly: ["dayOfMonth"],
  relativeMonthly: ["daysOfWeek"],
  absoluteYearly: ["dayOfMonth", "month"],
  relativeYearly: ["daysOfWeek", "month"],
};
const MAX_OCCURRENCES = 999;

/** A `recurrence` as a client wrote it, for an event at `span`. Refuses with 400 what Graph refuses. */
export function readSeries(sent: unknown, span: Span): Series {
  if (!isRecord(sent) || !isRecord(sent.pattern) || !isRecord(sent.range)) {
    return invalid("A recurrence has a pattern and a range.");
  }
  const series = { pattern: readPattern(sent.pattern), range: readRange(sent.range, span) };
  const startsOn = wallAt(span.startMs, series.range.recurrenceTimeZone).slice(0, 10);
  const date = span.isAllDay ? span.start.slice(0, 10) : startsOn;
  if (series.range.startDate !== date) {
    return invalid(`The range's startDate ${series.range.startDate} must be the event's date, ${date}.`);
  }
  return series;
}

function readPattern(sent: Readonly<Record<string, unknown>>): Pattern {
  const type = oneOf(TYPES, sent.type, "type");
  const missing = NEEDS[type].find((field) => sent[field] === undefined || sent[field] === null);
  if (missing !== undefined) invalid(`A ${type} pattern needs ${missing}.`);
  const days = Array.isArray(sent.daysOfWeek) ? sent.daysOfWeek : [];
  return {
    type,
    interval: readCount(sent.interval, "interval", 99),
    daysOfWeek: days.map((day) => oneOf(WEEKDAYS, day, "daysOfWeek")),
    firstDayOfWeek: oneOf(WEEKDAYS, sent.firstDayOfWeek ?? "sunday", "firstDayOfWeek"),
    index: oneOf(INDEXES, sent.index ?? "first", "index"),
    dayOfMonth: NEEDS[type].includes("dayOfMonth") ? readCount(sent.dayOfMonth, "dayOfMonth", 31) : 0,
    month: NEEDS[type].includes("month") ? readCount(sent.month, "month", 12) : 0,
  };
}

function readRange(sent: Readonly<Record<string, unknown>>, span: Span): Range {
  const type = oneOf(["endDate", "noEnd", "numbered"] as const, sent.type, "range.type");
  const startDate = readDate(sent.startDate, "startDate");
  const endDate = type === "endDate" ? readDate(sent.endDate, "endDate") : "0001-01-01";
  if (type === "endDate" && endDate < startDate) invalid("The range's endDate is before its startDate.");
  const zone = sent.recurrenceTimeZone;
  return {
    type,
    startDate,
    endDate,
    numberOfOccurrences:
      type === "numbered" ? readCount(sent.numberOfOccurrences, "numberOfOccurrences", MAX_OCCURRENCES) : 0,
    recurrenceTimeZone: zone === undefined || zone === null || zone === "" ? span.startZone : zoneNamed(zone),
  };
}

function readDate(value: unknown, field: string): string {
  try {
    return Temporal.PlainDate.from(String(value)).toString();
  } catch {
    return invalid(`${field} '${String(value).slice(0, 40)}' is no date.`);
  }
}

function readCount(value: unknown, field: string, most: number): number {
  const fits = typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most;
  return fits ? value : invalid(`${field} must be a whole number from 1 to ${most}.`);
}

function oneOf<Name extends string>(names: readonly Name[], value: unknown, field: string): Name {
  return names.find((name) => name === value) ?? invalid(`${field} is one of ${names.join(", ")}.`);
}

function invalid(message: string): never {
  badRequest(message, "ErrorInvalidRecurrence");
}
