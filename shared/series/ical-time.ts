import { Temporal } from "temporal-polyfill";
import type { OriginalStart, SeriesSpan } from "../sync/series.ts";
import type { Instant } from "../sync/time.ts";
import { instantAt, isoOf, wallStart } from "./wall-time.ts";
import { readZone } from "./zone.ts";

const ICAL = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?$/;
const FIRST_YEAR = 1970;
const LAST_YEAR = 2199;

/** A value of RFC 5545: a date, or a date with a time that is UTC (`Z`) or by some wall clock. */
export interface IcalTime {
  readonly wall: Temporal.PlainDateTime;
  readonly form: "date" | "local" | "utc";
}

/** Throws a RangeError whose message says what is wrong with the event. */
export function readIcalTime(text: string): IcalTime {
  const [, year, month, day, hour, minute, second, utc] = ICAL.exec(text.trim().toUpperCase()) ?? [];
  if (year === undefined) throw new RangeError("its recurrence holds a date that cannot be read");
  if (Number(year) < FIRST_YEAR || Number(year) > LAST_YEAR) {
    throw new RangeError(`its recurrence has a date outside ${FIRST_YEAR} to ${LAST_YEAR}`);
  }
  const time = `${hour ?? "00"}:${minute ?? "00"}:${second ?? "00"}`;
  const form = hour === undefined ? "date" : utc === undefined ? "local" : "utc";
  try {
    return { wall: Temporal.PlainDateTime.from(`${year}-${month}-${day}T${time}`, { overflow: "reject" }), form };
  } catch {
    throw new RangeError("its recurrence holds a date that does not exist");
  }
}

/**
 * UNTIL. RFC 5545 wants UTC in timed series and a date in all-day ones; both are met in the wrong place: a date
 * in a timed series means through that day, the time of day in an all-day series means nothing.
 */
export function readUntil(text: string, first: SeriesSpan): OriginalStart {
  const { wall, form } = readIcalTime(text);
  if (first.kind === "all-day") return wall.toPlainDate().toString();
  if (form === "date") return instantAt(wall.with({ hour: 23, minute: 59, second: 59 }), first.zone).at;
  return toInstant(wall, form === "utc" ? "UTC" : first.zone);
}

/**
 * One value of EXDATE or RDATE. `zone` is its TZID; without one, and without `Z`, the series' own zone counts.
 * A date in a timed series means the occurrence of that day; a midnight in an all-day series means its date.
 */
export function readOriginal(text: string, first: SeriesSpan, tzid: string | undefined): OriginalStart {
  const { wall, form } = readIcalTime(text);
  if (first.kind === "all-day") return readDay(wall);
  if (form === "utc") return toInstant(wall, "UTC");
  if (form === "date") return toInstant(wallStart(first).with(dateParts(wall)), first.zone);
  return toInstant(wall, tzid === undefined ? first.zone : readTzid(tzid));
}

function readDay(wall: Temporal.PlainDateTime): string {
  if (wall.hour !== 0 || wall.minute !== 0 || wall.second !== 0) {
    throw new RangeError("it is all-day, but its recurrence holds a time of day");
  }
  return wall.toPlainDate().toString();
}

function dateParts({ year, month, day }: Temporal.PlainDateTime) {
  return { year, month, day };
}

function readTzid(tzid: string): string {
  const read = readZone(tzid);
  if ("unreadable" in read) throw new RangeError(read.unreadable);
  return read.zone;
}

function toInstant(wall: Temporal.PlainDateTime, zone: string): Instant {
  return instantAt(wall, zone).at;
}

/** `20270110` or `20270110T090000Z`. */
export function writeIcalTime(original: OriginalStart, first: SeriesSpan): string {
  if (first.kind === "all-day") return original.replaceAll("-", "");
  return isoOf(Date.parse(original))
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(/[-:]/g, "");
}
