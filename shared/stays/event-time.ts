import ICAL from "ical.js";
import { Temporal } from "temporal-polyfill";
import { addDays, instantAt, isoOf, wallAt } from "../series/wall-time.ts";
import { readZone } from "../series/zone.ts";
import type { Instant, PlainDate, Span } from "../sync/time.ts";
import type { Property } from "./property.ts";

/** What a feed's times are read with. */
export interface TimeContext {
  /** The property's own zone, where it is known: whose dates the nights are. IANA. */
  readonly zone: string | undefined;
  /** X-WR-TIMEZONE: what floating and UTC times are shown in where nobody says more. IANA. */
  readonly calendarZone: string | undefined;
  /** VTIMEZONEs of the file, by TZID. */
  readonly zones: ReadonlyMap<string, string>;
}

/** When an event takes place, or why that cannot be told (S40, S41): then it is set aside alone. */
export type ReadTime = Moment | { readonly unreadable: string };

export interface Moment {
  /** As written: whole days, or instants with the zone of the wall they are meant on. */
  readonly span: Span;
  /** The nights: check-in and check-out, in the property's zone. Equal where no night lies between. */
  readonly nights: { readonly start: PlainDate; readonly end: PlainDate };
}

const DATE = /^(\d{4})-?(\d{2})-?(\d{2})$/;
const TIME = /^(\d{4})-?(\d{2})-?(\d{2})T(\d{2}):?(\d{2}):?(\d{2})?(Z)?$/;
const FIRST_YEAR = 2000;
const LAST_YEAR = 2100;
const DAY_MS = 86_400_000;

/** One end of an event: a date, or an instant with the wall clock's reading of it. */
type End =
  | { readonly kind: "date"; readonly date: PlainDate }
  | { readonly kind: "time"; readonly at: Instant; readonly wall: Temporal.PlainDateTime; readonly zone: string };

/** Reads DTSTART with DTEND or DURATION. An absent end means one day for a date (RFC 5545 3.6.1). */
export function readMoment(properties: readonly Property[], context: TimeContext): ReadTime {
  try {
    const start = readEnd(named(properties, "DTSTART"), context, "start");
    const end = readFinish(properties, start, context);
    return momentOf(start, end, context);
  } catch (error) {
    if (error instanceof RangeError) return { unreadable: error.message };
    throw error;
  }
}

/** A single time, e.g. RECURRENCE-ID, as an original start: a date or an instant. Throws a RangeError. */
export function readPoint(property: Property, context: TimeContext): string {
  const end = readEnd(property, context, "occurrence");
  return end.kind === "date" ? end.date : end.at;
}

export function named(properties: readonly Property[], name: string): Property | undefined {
  return properties.find((property) => property.name === name);
}

function readFinish(properties: readonly Property[], start: End, context: TimeContext): End {
  const dtend = named(properties, "DTEND");
  if (dtend !== undefined && dtend.value !== "") return readEnd(dtend, context, "end");
  const duration = named(properties, "DURATION");
  if (duration !== undefined) return shifted(start, duration.value);
  if (start.kind === "date") return { kind: "date", date: addDays(start.date, 1) };
  throw new RangeError("it has no end");
}

function shifted(start: End, text: string): End {
  const length = ICAL.Duration.isValueString(text) ? ICAL.Duration.fromString(text).toSeconds() : Number.NaN;
  if (!(length > 0)) throw new RangeError("its duration cannot be read");
  if (start.kind === "time") {
    const at = isoOf(Date.parse(start.at) + length * 1000);
    return { kind: "time", at, wall: wallAt(at, start.zone), zone: start.zone };
  }
  return { kind: "date", date: addDays(start.date, Math.max(1, Math.round((length * 1000) / DAY_MS))) };
}

function readEnd(property: Property | undefined, context: TimeContext, what: string): End {
  if (property === undefined || property.value === "") throw new RangeError(`it has no ${what}`);
  const text = property.value.trim().toUpperCase();
  const day = DATE.exec(text);
  if (day !== null) return { kind: "date", date: dateOf(day[1], day[2], day[3], what) };
  const time = TIME.exec(text);
  if (time === null) throw new RangeError(`its ${what} cannot be read`);
  const [, year, month, date, hour, minute, second = "00", utc] = time;
  const plain = `${dateOf(year, month, date, what)}T${hour}:${minute}:${second}`;
  return timeEnd(plain, utc !== undefined, property.params.get("TZID"), context, what);
}

function dateOf(year = "", month = "", day = "", what: string): PlainDate {
  if (Number(year) < FIRST_YEAR || Number(year) > LAST_YEAR) {
    throw new RangeError(`its ${what} lies outside ${FIRST_YEAR} to ${LAST_YEAR}`);
  }
  try {
    return Temporal.PlainDate.from(`${year}-${month}-${day}`, { overflow: "reject" }).toString();
  } catch {
    throw new RangeError(`its ${what} is a date that does not exist`);
  }
}

function timeEnd(plain: string, utc: boolean, tzid: string | undefined, context: TimeContext, what: string): End {
  const wall = wallOf(plain, what);
  if (utc) return seenIn(instantAt(wall, "UTC").at, context.zone ?? context.calendarZone ?? "UTC");
  if (tzid === undefined) {
    const zone = context.zone ?? context.calendarZone ?? "UTC";
    return { kind: "time", at: instantAt(wall, zone).at, wall, zone };
  }
  const known = readZone(tzid, context.zone);
  if ("zone" in known) {
    const at = instantAt(wall, known.zone).at;
    return context.zone === undefined ? { kind: "time", at, wall, zone: known.zone } : seenIn(at, context.zone);
  }
  const explained = context.zones.get(tzid);
  if (explained === undefined) throw new RangeError(known.unreadable);
  return seenIn(explainedInstant(plain, explained), context.zone ?? context.calendarZone ?? "UTC");
}

function seenIn(at: Instant, zone: string): End {
  return { kind: "time", at, wall: wallAt(at, zone), zone };
}

function wallOf(plain: string, what: string): Temporal.PlainDateTime {
  try {
    return Temporal.PlainDateTime.from(plain.replace(/:60$/, ":59"), { overflow: "reject" });
  } catch {
    throw new RangeError(`its ${what} is a time that does not exist`);
  }
}

/** A zone that nobody knows by name, by the rules that the file itself gives for it (S40). */
function explainedInstant(plain: string, vtimezone: string): Instant {
  try {
    const zone = new ICAL.Timezone(new ICAL.Component(ICAL.parse(vtimezone)));
    const time = ICAL.Time.fromDateTimeString(plain);
    time.zone = zone;
    return isoOf(time.toUnixTime() * 1000);
  } catch {
    throw new RangeError("its time zone is explained in a way that cannot be read");
  }
}

function momentOf(start: End, end: End, context: TimeContext): ReadTime {
  if (start.kind === "date" && end.kind === "date") return wholeDays(start.date, end.date);
  const [from, to] = [asTime(start, end, context), asTime(end, start, context)];
  const midnights = isMidnight(start) && isMidnight(end);
  if (midnights && from.wall.toPlainDate().toString() < to.wall.toPlainDate().toString()) {
    return wholeDays(dayOf(start), dayOf(end));
  }
  if (to.at <= from.at) return { unreadable: to.at === from.at ? "it has no length" : "its end is before its start" };
  return {
    span: { kind: "timed", start: from.at, end: to.at, zone: from.zone },
    nights: { start: dayOf(from), end: dayOf(to) },
  };
}

function wholeDays(start: PlainDate, end: PlainDate): ReadTime {
  if (end < start) return { unreadable: "its end is before its start" };
  if (end === start) return { unreadable: "it has no length" };
  return { span: { kind: "all-day", start, end }, nights: { start, end } };
}

/** One end is a date, the other a time: the date is meant as its midnight. */
function asTime(end: End, other: End, context: TimeContext): Extract<End, { kind: "time" }> {
  if (end.kind === "time") return end;
  const zone = other.kind === "time" ? other.zone : (context.zone ?? "UTC");
  const wall = Temporal.PlainDate.from(end.date).toPlainDateTime();
  return { kind: "time", at: instantAt(wall, zone).at, wall, zone };
}

/** Hosts that have no dates write them as midnights, local or UTC: days all the same, in whatever zone they are read. */
function isMidnight(end: End): boolean {
  if (end.kind === "date") return true;
  const { hour, minute, second } = end.wall;
  return (hour === 0 && minute === 0 && second === 0) || end.at.endsWith("T00:00:00.000Z");
}

function dayOf(end: End): PlainDate {
  if (end.kind === "date") return end.date;
  const local = end.wall.hour === 0 && end.wall.minute === 0 && end.wall.second === 0;
  return end.at.endsWith("T00:00:00.000Z") && !local ? end.at.slice(0, 10) : end.wall.toPlainDate().toString();
}
