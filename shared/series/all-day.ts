import { Temporal } from "temporal-polyfill";
import type { Instant, PlainDate, Span } from "../sync/time.ts";
import type { GraphTime } from "./graph-recurrence.ts";
import { wallAt } from "./wall-time.ts";

type AllDay = Extract<Span, { kind: "all-day" }>;

const MIDNIGHT = /^(\d{4}-\d{2}-\d{2})T00:00(?::00(?:\.0+)?)?$/;

/**
 * An all-day event of Graph. Its dates stand in the text, midnight to midnight, the end exclusive as everywhere
 * here; turned into instants they would slip by a day in half of the world (S38). Throws a RangeError.
 */
export function readAllDay(start: GraphTime, end: GraphTime): AllDay {
  const from = dateOf(start);
  const until = dateOf(end);
  if (from >= until) throw new RangeError("its end is not after its start");
  return { kind: "all-day", start: from, end: until };
}

function dateOf({ dateTime }: GraphTime): PlainDate {
  const date = MIDNIGHT.exec(dateTime)?.[1];
  if (date === undefined) throw new RangeError("it is all-day, but not from midnight to midnight");
  try {
    return Temporal.PlainDate.from(date, { overflow: "reject" }).toString();
  } catch {
    throw new RangeError("its start or end is no date");
  }
}

/** The way back. `zone` is the resource's, in Graph's spelling: Graph wants both midnights in the same one. */
export function writeAllDay(span: AllDay, zone: string): { start: GraphTime; end: GraphTime } {
  return {
    start: { dateTime: `${span.start}T00:00:00`, timeZone: zone },
    end: { dateTime: `${span.end}T00:00:00`, timeZone: zone },
  };
}

/**
 * The date that an instant means as the original start of an all-day occurrence: Graph's `originalStart` is UTC, of
 * a midnight in the event's zone or in UTC. undefined where it is neither: nothing is rounded (law 11).
 */
export function dateOfMidnight(at: Instant, zone: string): PlainDate | undefined {
  const there = wallAt(at, zone);
  if (isStartOfDay(at, zone)) return there.toPlainDate().toString();
  const utc = wallAt(at, "UTC");
  return isStartOfDay(at, "UTC") ? utc.toPlainDate().toString() : undefined;
}

/** Where the clock skips midnight (Beirut, Santiago), the day starts at one. */
function isStartOfDay(at: Instant, zone: string): boolean {
  const there = Temporal.Instant.from(at).toZonedDateTimeISO(zone);
  return there.startOfDay().epochMilliseconds === there.epochMilliseconds;
}
