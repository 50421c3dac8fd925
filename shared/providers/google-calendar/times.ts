import { Temporal } from "temporal-polyfill";
import type { Span } from "../../sync/time.ts";
import { checkYear } from "../calendar-years.ts";
import { remembered } from "../remembered.ts";
import type { Moment } from "./schema.ts";

/** A span, or the reason why it cannot be read (S40, S41). */
export type ReadSpan = { readonly span: Span } | { readonly unreadable: string };

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const WITH_OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/i;

/** Reads start and end. `zone` is where a time without offset and zone is meant (S39). */
export function readSpan(start: Moment | null | undefined, end: Moment | null | undefined, zone: string): ReadSpan {
  if (start == null) return { unreadable: "it has no start" };
  if (end == null) return { unreadable: "it has no end" };
  try {
    const span = start.date == null ? readTimed(start, end, zone) : readAllDay(start, end);
    return checkOrder(span);
  } catch (error) {
    return { unreadable: error instanceof RangeError ? error.message : "its times cannot be read" };
  }
}

function readAllDay(start: Moment, end: Moment): Span {
  return { kind: "all-day", start: readDate(start.date, "start"), end: readDate(end.date, "end") };
}

function readTimed(start: Moment, end: Moment, zone: string): Span {
  const named = start.timeZone ?? undefined;
  const known = named !== undefined && isZone(named) ? named : undefined;
  return {
    kind: "timed",
    start: readInstant(start, zone, "start"),
    end: readInstant(end, named ?? zone, "end"),
    ...(known !== undefined && { zone: known }),
  };
}

function readDate(date: string | null | undefined, which: string): string {
  if (date == null || !DATE.test(date)) throw new RangeError(`its ${which} is no date`);
  return checkYear(plainDate(date, which).toString(), which);
}

function plainDate(date: string, which: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(date, { overflow: "reject" });
  } catch {
    throw new RangeError(`its ${which} is no date`);
  }
}

/** An offset decides; a name beside it, known or not, is only what people see. */
function readInstant(moment: Moment, fallbackZone: string, which: string): string {
  const text = moment.dateTime;
  if (text == null) throw new RangeError(`its ${which} is no time of day`);
  if (WITH_OFFSET.test(text)) return checkYear(fromOffset(text, which), which);
  const zone = moment.timeZone ?? fallbackZone;
  if (!isZone(zone)) throw new RangeError("its time zone is unknown");
  return checkYear(fromLocal(text, zone, which), which);
}

function fromOffset(text: string, which: string): string {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new RangeError(`its ${which} is no time`);
  return new Date(at).toISOString();
}

function fromLocal(text: string, zone: string, which: string): string {
  try {
    const at = Temporal.PlainDateTime.from(text, { overflow: "reject" }).toZonedDateTime(zone);
    return new Date(at.epochMilliseconds).toISOString();
  } catch {
    throw new RangeError(`its ${which} is no time`);
  }
}

function checkOrder(span: Span): ReadSpan {
  return span.start < span.end ? { span } : { unreadable: "its end is not after its start" };
}

const isZone = remembered((name: string): boolean => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
});
