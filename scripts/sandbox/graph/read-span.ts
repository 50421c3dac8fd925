import { Temporal } from "temporal-polyfill";
import { isRecord } from "../wire.ts";
import { badRequest } from "./errors.ts";
import type { Span } from "./rows.ts";
import { wallMs, zoneNamed } from "./zones.ts";

const WALL = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}(?::\d{2})?)(?:\.\d{1,7})?$/;

interface Moment {
  readonly wall: string;
  readonly zone: string;
  readonly sent: string;
}

/** When an event is, as a client wrote it; what it leaves out stays as `before`. Refuses with 400 what Graph refuses. */
export function readSpan(sent: Readonly<Record<string, unknown>>, before?: Span): Span {
  const start = readMoment(
    sent.start,
    "Start",
    before && momentOf(before.start, before.startZone, before.startZoneSent),
  );
  const end = readMoment(sent.end, "End", before && momentOf(before.end, before.endZone, before.endZoneSent));
  const isAllDay = typeof sent.isAllDay === "boolean" ? sent.isAllDay : (before?.isAllDay ?? false);
  if (isAllDay) checkAllDay(start, end);
  const span = spanOf(start, end, isAllDay);
  if (span.endMs < span.startMs) {
    badRequest("End time must be later than start time.", "ErrorCalendarEndDateIsEarlierThanStartDate");
  }
  return span;
}

function momentOf(wall: string, zone: string, sent: string): Moment {
  return { wall, zone, sent };
}

/** The span from its walls and zones, for what the sandbox itself moves. */
export function spanOf(start: Moment, end: Moment, isAllDay: boolean): Span {
  return {
    start: start.wall,
    end: end.wall,
    startZone: start.zone,
    endZone: end.zone,
    startZoneSent: start.sent,
    endZoneSent: end.sent,
    isAllDay,
    startMs: wallMs(start.wall, start.zone),
    endMs: wallMs(end.wall, end.zone),
  };
}

function readMoment(value: unknown, field: string, before: Moment | undefined): Moment {
  if (value === undefined || value === null) {
    return before ?? badRequest(`The Event.${field} property is required.`, "ErrorPropertyValidationFailure");
  }
  if (!isRecord(value)) return badRequest(`Event.${field} is no dateTimeTimeZone.`, "RequestBodyRead");
  const sent = value.timeZone === undefined || value.timeZone === null ? "UTC" : value.timeZone;
  return { wall: readWall(value.dateTime, field), zone: zoneNamed(sent), sent: String(sent) };
}

/** A wall time without an offset (API_FACTS §3); fractions of seconds are dropped. */
function readWall(value: unknown, field: string): string {
  const [, date, time] = (typeof value === "string" && WALL.exec(value)) || [];
  try {
    return Temporal.PlainDateTime.from(`${date}T${time}`).toString({ smallestUnit: "second" });
  } catch {
    return badRequest(
      `Event.${field}: '${String(value).slice(0, 40)}' is no time without an offset.`,
      "ErrorInvalidParameter",
    );
  }
}

/** Both midnight, in one zone, and the end after the start: it is exclusive. */
function checkAllDay(start: Moment, end: Moment): void {
  const need = (field: string) =>
    badRequest(`The Event.${field} property for an all-day event needs to be set to midnight.`);
  if (!start.wall.endsWith("T00:00:00")) need("Start");
  if (!end.wall.endsWith("T00:00:00")) need("End");
  if (start.zone !== end.zone) badRequest("Start and end of an all-day event need to be in the same time zone.");
  if (end.wall <= start.wall) {
    badRequest("The duration of an event marked as All day must be at least 24 hours.");
  }
}
