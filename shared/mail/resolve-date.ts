import type { PlainDate } from "../sync/time.ts";
import { addDays, daysBetween, plainDate, weekdayOf } from "./calendar-date.ts";
import type { DateOrder } from "./date-order.ts";
import type { WrittenDate } from "./written-date.ts";

/** What tells which day a written date means. */
export interface DateEvidence {
  /** The day the mail was sent; null: year-less dates stay unknown. */
  readonly sent: PlainDate | null;
  /** Dates up to this many days before `sent` are of this year; earlier ones are next year's. */
  readonly daysBack: number;
  readonly order: DateOrder | null;
}

export interface ResolvedSpan {
  readonly start: PlainDate | null;
  readonly end: PlainDate | null;
  /** 0 to 1: whether a weekday or a written year bears it out. */
  readonly confidence: number;
}

/** A stay longer than this is read so only where no other reading gives a shorter one. */
const LONG_STAY = 28;
const LONGEST_STAY = 400;

const UNKNOWN: ResolvedSpan = { start: null, end: null, confidence: 0 };

/** The days a pair means, read together: a year, an order or a month one of them lacks the other tells. */
export function resolveSpan(start: WrittenDate | null, end: WrittenDate | null, evidence: DateEvidence): ResolvedSpan {
  if (start === null || end === null) return resolveOne(start, end, evidence);
  const readings = ordersOf(start, end, evidence.order)
    .map((order) => resolvePair(inOrder(start, order), inOrder(end, order), evidence))
    .filter((span) => span !== null);
  const short = readings.filter((span) => daysBetween(span.start, span.end) <= LONG_STAY);
  const [only, ...others] = short.length > 0 ? short : readings;
  if (only === undefined || others.some((other) => other.start !== only.start || other.end !== only.end))
    return UNKNOWN;
  return { ...only, confidence: confidenceOf(start, end) };
}

function resolveOne(start: WrittenDate | null, end: WrittenDate | null, evidence: DateEvidence): ResolvedSpan {
  const written = start ?? end;
  if (written === null) return UNKNOWN;
  const days = new Set(
    ordersOf(written, written, evidence.order).flatMap((order) => anchored(inOrder(written, order), evidence) ?? []),
  );
  const day = days.size === 1 ? ([...days][0] ?? null) : null;
  if (day === null) return UNKNOWN;
  const confidence = confidenceOf(written, written);
  return start === null ? { start: null, end: day, confidence } : { start: day, end: null, confidence };
}

type Named = Extract<WrittenDate, { kind: "named" }>;

function resolvePair(start: Named, end: Named, evidence: DateEvidence): { start: PlainDate; end: PlainDate } | null {
  const startDay = anchored(withYearOf(start, end), evidence);
  if (startDay === null) return null;
  const endDay = end.year === null ? firstAfter(startDay, end) : borneOut(end.year, end);
  if (endDay === null || endDay <= startDay || daysBetween(startDay, endDay) > LONGEST_STAY) return null;
  return { start: startDay, end: endDay };
}

/** `Dec 30 - Jan 2, 2027` begins the year before. */
function withYearOf(start: Named, end: Named): Named {
  if (start.year !== null || end.year === null) return start;
  const isLater = start.month > end.month || (start.month === end.month && start.day > end.day);
  return { ...start, year: isLater ? end.year - 1 : end.year };
}

function firstAfter(start: PlainDate, end: Named): PlainDate | null {
  const year = Number(start.slice(0, 4));
  const same = borneOut(year, end);
  return same !== null && same > start ? same : borneOut(year + 1, end);
}

/** The day a date means that may lack its year: the first on which its weekday falls too. */
function anchored(written: Named, { sent, daysBack }: DateEvidence): PlainDate | null {
  if (written.year !== null) return borneOut(written.year, written);
  if (sent === null) return null;
  const earliest = addDays(sent, -daysBack);
  const year = Number(earliest.slice(0, 4));
  const days = [year, year + 1, year + 2].map((each) => plainDate(each, written.month, written.day));
  const inTime = days.filter((day) => day !== null).filter((day) => day >= earliest);
  if (written.weekday === null) return inTime[0] ?? null;
  return inTime.find((day) => weekdayOf(day) === written.weekday) ?? null;
}

/** Null where the weekday beside it contradicts the date: one of the two is misread. */
function borneOut(year: number, written: Named): PlainDate | null {
  const day = plainDate(year, written.month, written.day);
  if (day === null || written.weekday === null) return day;
  return weekdayOf(day) === written.weekday ? day : null;
}

function ordersOf(start: WrittenDate, end: WrittenDate, known: DateOrder | null): readonly DateOrder[] {
  if (start.kind === "named" && end.kind === "named") return ["day-first"];
  return known === null ? ["day-first", "month-first"] : [known];
}

function inOrder(written: WrittenDate, order: DateOrder): Named {
  if (written.kind === "named") return written;
  const { first, second, year, weekday } = written;
  const [day, month] = order === "day-first" ? [first, second] : [second, first];
  return { kind: "named", day, month, year, weekday };
}

function confidenceOf(start: WrittenDate, end: WrittenDate): number {
  const hasYear = start.year !== null || end.year !== null;
  const hasWeekday = start.weekday !== null || end.weekday !== null;
  if (hasYear) return 0.98;
  return hasWeekday ? 0.96 : 0.88;
}
