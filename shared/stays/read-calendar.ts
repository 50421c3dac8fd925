import { addDays, wallAt } from "../series/wall-time.ts";
import { readZone } from "../series/zone.ts";
import type { Instant, Span } from "../sync/time.ts";
import { linesOf } from "./calendar-lines.ts";
import { type Component, type Components, splitComponents } from "./components.ts";
import { named, readMoment, readPoint } from "./event-time.ts";
import { type BadEvent, type FeedReading, type FeedRow, rowKey } from "./feed-row.ts";
import { mergeEntries } from "./merge-entries.ts";
import { occurrencesOf, repeats } from "./occurrences.ts";
import { type Platform, platformIn } from "./platform.ts";
import { type EventContext, type ReadEvent, readEvent } from "./read-event.ts";

/** How a feed is to be read. */
export interface FeedContext {
  readonly now: Instant;
  /** Where it comes from, if that is known; else the file tells, or nothing does. */
  readonly platform?: Platform;
  /** The home's zone. IANA. Left out: the file's own. */
  readonly zone?: string;
  readonly times?: "nights" | "exact";
}

/** Repeating events are written out from this long ago … */
const DAYS_BACK = 40;
/** … to this far ahead. */
const DAYS_AHEAD = 760;
const NO_UID = "(without a UID)";

/** Reads the bytes of one feed. Whatever is wrong with one event stays with that event; whatever is wrong with the file is told. */
export function readCalendar(bytes: Uint8Array, { now, platform, zone, times = "nights" }: FeedContext): FeedReading {
  const parts = splitComponents(linesOf(bytes));
  if (!parts.isCalendar) return { kind: "failure", why: whyNoCalendar(bytes) };
  const read = platform ?? platformOf(parts);
  const context: EventContext = {
    ...{ platform: read, times, zone, zones: parts.zones, calendarZone: calendarZone(parts) },
    isCancellation: named(parts.head, "METHOD")?.value.trim().toUpperCase() === "CANCEL",
  };
  const { rows, bad } = readEvents(parts, context, now);
  const merged = mergeEntries(rows);
  return {
    kind: "calendar",
    platform: read,
    rows: merged.rows,
    bad: [...bad, ...merged.bad],
    complete: parts.closed,
  };
}

function whyNoCalendar(bytes: Uint8Array): string {
  const head = new TextDecoder().decode(bytes.subarray(0, 2_000)).trim().toLowerCase();
  if (head === "") return "it is empty";
  if (head.includes("<html") || head.includes("<!doctype")) return "it is a web page";
  return "it is no calendar";
}

function calendarZone({ head }: Components): string | undefined {
  const name = named(head, "X-WR-TIMEZONE")?.value ?? "";
  const known = name === "" ? undefined : readZone(name);
  return known !== undefined && "zone" in known ? known.zone : undefined;
}

/** By what the calendar says of itself, else by the UIDs and titles of its events. */
function platformOf({ head, events }: Components): Platform {
  const own = head.filter(({ name }) => name === "PRODID" || name === "X-WR-CALNAME" || name === "X-WR-CALDESC");
  const maker = platformIn(own.map(({ line }) => line).join("\n"));
  if (maker !== undefined) return maker;
  const words = events.flatMap(({ properties }) =>
    ["UID", "SUMMARY", "DESCRIPTION"].map((name) => named(properties, name)?.value ?? ""),
  );
  return platformIn(words.join("\n")) ?? "unknown";
}

interface Rows {
  readonly rows: FeedRow[];
  readonly bad: BadEvent[];
}

function readEvents({ events }: Components, context: EventContext, now: Instant): Rows {
  const rows: Rows = { rows: [], bad: [] };
  const changed = changedOccurrences(events, context);
  for (const event of events) {
    for (const read of readOne(event, context, now, changed)) {
      if ("row" in read) rows.rows.push(read.row);
      else rows.bad.push({ ...read.bad, uid: read.bad.uid === "" ? NO_UID : read.bad.uid });
    }
  }
  return rows;
}

/** `uid occurrence` of each event that stands for one occurrence of a series: there the series itself says nothing. */
function changedOccurrences(events: readonly Component[], context: EventContext): ReadonlySet<string> {
  return new Set(
    events.flatMap(({ properties }) => {
      const occurrence = occurrenceOf(properties, context);
      return occurrence === undefined ? [] : [rowKey({ uid: named(properties, "UID")?.value ?? "", occurrence })];
    }),
  );
}

function occurrenceOf(properties: Component["properties"], context: EventContext): string | undefined {
  const property = named(properties, "RECURRENCE-ID");
  if (property === undefined) return undefined;
  try {
    return readPoint(property, context);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readOne(event: Component, context: EventContext, now: Instant, changed: ReadonlySet<string>): ReadEvent[] {
  const { properties } = event;
  const read = readEvent(event, context);
  const occurrence = occurrenceOf(properties, context);
  if (occurrence !== undefined) return ["row" in read ? { row: { ...read.row, occurrence } } : read];
  if ("bad" in read || !repeats(properties)) return [read];
  const moment = readMoment(properties, context);
  if ("unreadable" in moment) return [read];
  const today = now.slice(0, 10);
  const days = { from: addDays(today, -DAYS_BACK), until: addDays(today, DAYS_AHEAD) };
  const occurring = occurrencesOf(properties, moment.span, days);
  if ("unreadable" in occurring) return [{ bad: { uid: read.row.uid, reason: occurring.unreadable } }];
  return occurring
    .filter(({ original }) => !changed.has(rowKey({ uid: read.row.uid, occurrence: original })))
    .map(({ original, span }) => ({ row: { ...read.row, occurrence: original, ...datesOf(span, read.row) } }));
}

function datesOf(span: Span, { timed }: FeedRow): Pick<FeedRow, "start" | "end" | "timed"> {
  if (span.kind === "all-day") return { start: span.start, end: span.end };
  const day = (at: Instant) =>
    wallAt(at, span.zone ?? "UTC")
      .toPlainDate()
      .toString();
  return { start: day(span.start), end: day(span.end), ...(timed === undefined ? {} : { timed: span }) };
}
