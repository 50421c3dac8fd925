import { Temporal } from "temporal-polyfill";
import type { Span } from "../../sync/time.ts";
import { checkYear } from "../calendar-years.ts";
import type { GraphEvent, Moment } from "./schema.ts";
import { toIana, toWindows } from "./zones.ts";

/** A span, or the reason why it cannot be read (S40, S41). */
export type ReadSpan = { readonly span: Span } | { readonly unreadable: string };

const WITH_OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/i;

/** Reads start and end. `zone` is where a time without a zone is meant (S39). */
export function readSpan(event: GraphEvent, zone: string): ReadSpan {
  const { start, end } = event;
  if (start == null) return { unreadable: "it has no start" };
  if (end == null) return { unreadable: "it has no end" };
  try {
    const span = event.isAllDay === true ? readAllDay(event, start, end, zone) : readTimed(event, start, end, zone);
    return span.start < span.end ? { span } : { unreadable: "its end is not after its start" };
  } catch (error) {
    return { unreadable: error instanceof RangeError ? error.message : "its times cannot be read" };
  }
}

/**
 * The zone that people see beside the time is the one the event was made in; answers are in UTC. Outlook has one
 * name for many zones: where it is the room's too, the room's is meant.
 */
function readTimed({ originalStartTimeZone }: GraphEvent, start: Moment, end: Moment, zone: string): Span {
  const name = originalStartTimeZone ?? start.timeZone ?? zone;
  const seen = name === toWindows(zone) ? zone : toIana(name);
  return {
    kind: "timed",
    start: readInstant(start, zone, "start"),
    end: readInstant(end, zone, "end"),
    ...(seen !== undefined && { zone: seen }),
  };
}

function readInstant(moment: Moment, fallbackZone: string, which: string): string {
  const at = zoned(moment, fallbackZone, which);
  return checkYear(new Date(at.epochMilliseconds).toISOString(), which);
}

/**
 * Whole days are midnight to midnight, in the zone they are told in or else, told in UTC, in the one they
 * were made in or the room's (S38).
 */
function readAllDay({ originalStartTimeZone }: GraphEvent, start: Moment, end: Moment, zone: string): Span {
  const zones = [undefined, toIana(originalStartTimeZone ?? ""), zone].filter(
    (name, at) => at === 0 || name !== undefined,
  );
  for (const name of zones) {
    const days = { start: midnight(start, zone, name, "start"), end: midnight(end, zone, name, "end") };
    if (days.start !== undefined && days.end !== undefined) {
      return { kind: "all-day", start: checkYear(days.start, "start"), end: checkYear(days.end, "end") };
    }
  }
  throw new RangeError("it is said to last whole days and begins or ends within one");
}

function midnight(moment: Moment, fallbackZone: string, name: string | undefined, which: string): string | undefined {
  const told = zoned(moment, fallbackZone, which);
  const there = name === undefined ? told : told.withTimeZone(name);
  return there.toPlainTime().equals(new Temporal.PlainTime()) ? there.toPlainDate().toString() : undefined;
}

function zoned({ dateTime, timeZone }: Moment, fallbackZone: string, which: string): Temporal.ZonedDateTime {
  const zone = toIana(timeZone ?? fallbackZone);
  if (dateTime == null) throw new RangeError(`its ${which} is no time of day`);
  if (zone === undefined) throw new RangeError("its time zone is unknown");
  try {
    return WITH_OFFSET.test(dateTime)
      ? Temporal.Instant.from(dateTime).toZonedDateTimeISO(zone)
      : Temporal.PlainDateTime.from(dateTime, { overflow: "reject" }).toZonedDateTime(zone);
  } catch {
    throw new RangeError(`its ${which} is no time`);
  }
}

export interface WrittenSpan {
  readonly start: { readonly dateTime: string; readonly timeZone: string };
  readonly end: { readonly dateTime: string; readonly timeZone: string };
  readonly isAllDay: boolean;
}

/** Times as Graph takes them: without offset, in a zone by Outlook's name. Whole days are the room's (`zone`). */
export function writeSpan(span: Span, zone: string): WrittenSpan {
  if (span.kind === "all-day") {
    const timeZone = toWindows(zone) ?? "UTC";
    const at = (date: string) => ({ dateTime: `${date}T00:00:00`, timeZone });
    return { start: at(span.start), end: at(span.end), isAllDay: true };
  }
  const local = writeTimed(span.start, span.end, span.zone);
  return { ...(local ?? writeUtc(span.start, span.end)), isAllDay: false };
}

/** Undefined where the zone has no name there, or a local time would be ambiguous: an hour that comes twice (S37). */
function writeTimed(start: string, end: string, zone: string | undefined) {
  const timeZone = zone === undefined ? undefined : toWindows(zone);
  if (zone === undefined || timeZone === undefined) return undefined;
  const local = (instant: string) => {
    const dateTime = Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDateTime();
    const meant = (["earlier", "later"] as const).map(
      (disambiguation) => dateTime.toZonedDateTime(zone, { disambiguation }).toInstant().epochMilliseconds,
    );
    return meant[0] === meant[1] ? { dateTime: dateTime.toString({ smallestUnit: "second" }), timeZone } : undefined;
  };
  const written = { start: local(start), end: local(end) };
  return written.start === undefined || written.end === undefined
    ? undefined
    : { start: written.start, end: written.end };
}

function writeUtc(start: string, end: string) {
  const at = (instant: string) => ({ dateTime: instant.slice(0, 19), timeZone: "UTC" });
  return { start: at(start), end: at(end) };
}
