import { Temporal } from "temporal-polyfill";
import type { Time } from "./rows.ts";

const MAX_DAYS = 370;

/** Start and end, as told and as instants. */
export interface Times {
  readonly start: Time;
  readonly end: Time;
  readonly startMs: number;
  readonly endMs: number;
}

/** A time as it is shown: its offset is its zone's, whatever offset it was sent with. Undefined where it is none. */
export function normalTime(time: Time): Time | undefined {
  try {
    if ("date" in time) return { date: Temporal.PlainDate.from(time.date, { overflow: "reject" }).toString() };
    const { timeZone } = time;
    const zoned = Temporal.Instant.from(time.dateTime).toZonedDateTimeISO(timeZone);
    return { dateTime: zoned.toString({ timeZoneName: "never", smallestUnit: "second" }), timeZone };
  } catch {
    return undefined;
  }
}

/** Both ends, of one form. Undefined where they are no times, of two forms, not in order, or more than a year apart. */
export function readTimes(start: Time, end: Time, zone: string): Times | undefined {
  const [from, to] = [normalTime(start), normalTime(end)];
  if (from === undefined || to === undefined || "date" in from !== "date" in to) return undefined;
  const times = { start: from, end: to, startMs: msOf(from, zone), endMs: msOf(to, zone) };
  const days = (times.endMs - times.startMs) / 86_400_000;
  return days > 0 && days <= MAX_DAYS ? times : undefined;
}

function msOf(time: Time, zone: string): number {
  if ("date" in time) return Temporal.PlainDate.from(time.date).toZonedDateTime(zone).epochMilliseconds;
  return Temporal.Instant.from(time.dateTime).epochMilliseconds;
}

/**
 * What a person types: `2027-01-11` is a whole day, `2027-01-11T18:00` the system's wall time, and a time with an
 * offset itself. Undefined where it is no time.
 */
export function spokenTime(text: string, zone: string): Time | undefined {
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return normalTime({ date: text });
    if (/(?:[Zz]|[+-]\d{2}:\d{2})$/.test(text)) return normalTime({ dateTime: text, timeZone: zone });
    const local = Temporal.PlainDateTime.from(text, { overflow: "reject" }).toZonedDateTime(zone);
    return normalTime({ dateTime: local.toString({ timeZoneName: "never" }), timeZone: zone });
  } catch {
    return undefined;
  }
}
