import { Temporal } from "temporal-polyfill";
import { remembered } from "../remembered.ts";
import { isRecord } from "../wire.ts";
import { invalid } from "./errors.ts";
import type { EventTime } from "./rows.ts";

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)([Zz]|[+-]\d{2}:\d{2})?$/;

/** Zones that Google answers under another name than they were written (S24). */
const RENAMED_ZONES: Readonly<Record<string, string>> = {
  "Asia/Calcutta": "Asia/Kolkata",
  "Europe/Kiev": "Europe/Kyiv",
};

/** Reads `start`, `end` or `originalStartTime` as a client sent it. Refuses with 400 what Google refuses. */
export function readEventTime(value: unknown, field: string): EventTime {
  if (!isRecord(value)) return invalid(`Missing ${field} time.`, field);
  const zone = readZone(value.timeZone, field);
  const named = zone === undefined ? {} : { timeZone: zone };
  const { date, dateTime } = value;
  if (hasText(date) === hasText(dateTime)) {
    return invalid("Start and end times must either both be date or both be dateTime.", field);
  }
  if (hasText(date)) return { date: readDate(date, field) };
  return { dateTime: readDateTime(dateTime, zone, field), ...named };
}

function hasText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function readDate(text: string, field: string): string {
  if (!DATE.test(text)) return invalid(`Invalid value for: Invalid format: "${text}"`, field);
  try {
    return Temporal.PlainDate.from(text).toString();
  } catch {
    return invalid(`Invalid value for: Invalid format: "${text}"`, field);
  }
}

function readDateTime(text: unknown, zone: string | undefined, field: string): string {
  const parts = typeof text === "string" ? DATE_TIME.exec(text) : null;
  if (parts === null) return invalid(`Invalid value for: Invalid format: "${String(text).slice(0, 40)}"`, field);
  const [, date = "", time = "", offset] = parts;
  if (offset === undefined && zone === undefined) {
    return invalid(`Missing time zone definition for ${field} time.`, field);
  }
  try {
    const instant =
      offset === undefined
        ? Temporal.PlainDateTime.from(`${date}T${time}`)
            .toZonedDateTime(zone ?? "UTC")
            .toInstant()
        : Temporal.Instant.from(`${date}T${time}${offset.toUpperCase()}`);
    return instant.round({ smallestUnit: "second", roundingMode: "trunc" }).toString();
  } catch {
    return invalid(`Invalid value for: "${String(text).slice(0, 40)}"`, field);
  }
}

function readZone(value: unknown, field: string): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string" || !isZone(value)) return invalid("Invalid time zone definition.", field);
  return RENAMED_ZONES[value] ?? value;
}

export const isZone = remembered((name: string): boolean => {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
});

/** When it is, in epoch milliseconds; an all-day date is midnight in the calendar's zone. */
export function epochMs(time: EventTime, calendarZone: string): number {
  if (time.date !== undefined) {
    return Temporal.PlainDate.from(time.date).toZonedDateTime(calendarZone).epochMilliseconds;
  }
  return Date.parse(time.dateTime ?? "");
}

/** As Google answers it: the instant in the list's or calendar's zone, with its offset. */
export function showEventTime(time: EventTime, zone: string, calendarZone: string): EventTime {
  if (time.dateTime === undefined) return time;
  return { dateTime: localText(time.dateTime, zone), timeZone: time.timeZone ?? calendarZone };
}

const localText = remembered((instant: string, zone: string): string => {
  const text = Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toString({ timeZoneName: "never" });
  return text.endsWith("+00:00") ? `${text.slice(0, -6)}Z` : text;
});

/** A query parameter such as `timeMin`: RFC 3339, offset required. */
export function readBound(value: string | null, name: string): number | undefined {
  if (value === null) return undefined;
  const parts = DATE_TIME.exec(value);
  const at = parts?.[3] === undefined ? Number.NaN : Date.parse(value.replace(" ", "T"));
  return Number.isNaN(at) ? invalid(`Bad Request: ${name} is no RFC 3339 time with an offset.`, name) : at;
}
