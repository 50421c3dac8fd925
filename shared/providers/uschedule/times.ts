import { Temporal } from "temporal-polyfill";
import type { Instant, Span } from "../../sync/time.ts";
import { remembered } from "../remembered.ts";

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?(Z|[+-]\d{2}:\d{2})?$/i;
const AMERICAN = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: +(\d{1,2}):(\d{2})(?::(\d{2}))?(?: *([AP])\.?M\.?)?)?$/i;

/**
 * A time without a zone, read in the studio's (S39); in the hour that a clock change skips or repeats
 * it is the later of skipped and the first of repeated times. Undefined where it is no time.
 */
export const readLocal = remembered((text: string, zone: string): Instant | undefined => {
  const trimmed = text.trim();
  const offset = ISO.exec(trimmed)?.[7];
  if (offset !== undefined) return fromInstant(trimmed);
  const fields = readFields(trimmed);
  if (fields === undefined) return undefined;
  try {
    const local = Temporal.PlainDateTime.from(fields, { overflow: "reject" });
    return toInstant(local.toZonedDateTime(zone, { disambiguation: "compatible" }));
  } catch {
    return undefined;
  }
});

function fromInstant(text: string): Instant | undefined {
  const at = Date.parse(text.replace(" ", "T"));
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

type Fields = Record<"year" | "month" | "day" | "hour" | "minute" | "second", number>;

function readFields(text: string): Fields | undefined {
  const iso = ISO.exec(text);
  if (iso !== null) return toFields(iso[1], iso[2], iso[3], iso[4], iso[5], iso[6]);
  const american = AMERICAN.exec(text);
  if (american === null) return undefined;
  const hour = toHour(american[4], american[7]);
  return hour === undefined
    ? undefined
    : toFields(american[3], american[1], american[2], hour, american[5], american[6]);
}

function toFields(...[year, month, day, hour = "0", minute = "0", second = "0"]: (string | undefined)[]): Fields {
  return {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  };
}

/** 12 AM is midnight, 12 PM noon. */
function toHour(hour: string | undefined, half: string | undefined): string | undefined {
  if (hour === undefined || half === undefined) return hour ?? "0";
  const twelfth = Number(hour);
  if (twelfth < 1 || twelfth > 12) return undefined;
  return String((twelfth % 12) + (half.toUpperCase() === "P" ? 12 : 0));
}

/** `2027-01-10T09:00:00` on the studio's wall. */
export function toLocal(at: Instant, zone: string): string {
  return zoned(at, zone).toPlainDateTime().toString({ smallestUnit: "second" });
}

/** The studio's date of an instant, `2027-01-10`. */
export const dateOf = remembered((at: Instant, zone: string): string => zoned(at, zone).toPlainDate().toString());

/** `2027-01-10` as USchedule wants it: `01/10/2027`. */
export const toAmerican = remembered((date: string): string => {
  const { year, month, day } = Temporal.PlainDate.from(date);
  return [String(month).padStart(2, "0"), String(day).padStart(2, "0"), String(year)].join("/");
});

/** The date so many days later. */
export const addDays = remembered((date: string, days: number): string =>
  Temporal.PlainDate.from(date).add({ days }).toString(),
);

/** Splits first to last date, both included, into runs of at most `size` days. */
export function splitDates(first: string, last: string, size: number): { from: string; to: string }[] {
  const parts: { from: string; to: string }[] = [];
  for (let from = first; from <= last; from = addDays(from, size)) {
    const to = addDays(from, size - 1);
    parts.push({ from, to: to < last ? to : last });
  }
  return parts;
}

/** The moment the studio's date begins. */
export const startOfDay = remembered(
  (date: string, zone: string): Instant => toInstant(Temporal.PlainDate.from(date).toZonedDateTime(zone)),
);

/** A timed span as it is; whole days from the studio's midnight to its midnight. */
export function toInstants(span: Span, zone: string): { start: Instant; end: Instant } {
  if (span.kind === "timed") return { start: span.start, end: span.end };
  return { start: startOfDay(span.start, zone), end: startOfDay(span.end, zone) };
}

function zoned(at: Instant, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.from(at).toZonedDateTimeISO(zone);
}

function toInstant(at: Temporal.ZonedDateTime): Instant {
  return new Date(at.epochMilliseconds).toISOString();
}
