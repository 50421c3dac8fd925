import { Temporal } from "temporal-polyfill";
import type { RuleEnd, SeriesSpan } from "../sync/series.ts";
import { readAllDay } from "./all-day.ts";
import type { GraphHabits, GraphRange, GraphRecurrence, GraphTime } from "./graph-recurrence.ts";
import { ruleOf } from "./pattern-rule.ts";
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
    const rule = ruleOf(pattern, readRange(range, first), habits);
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
