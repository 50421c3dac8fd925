import { Temporal } from "temporal-polyfill";
import { WEEKDAYS } from "./read-series.ts";
import { spanOf } from "./read-span.ts";
import type { EventRow, Pattern, Series, Span, Weekday } from "./rows.ts";
import { wallMs } from "./zones.ts";

/** Days looked at in one expansion, about fifteen years: where a series without end stops being walked. */
const MAX_DAYS = 5500;

/** The occurrences of one master as its pattern has them, in order, up to a moment; exceptions not looked at. */
export function occurrencesOf(master: EventRow, untilMs: number): EventRow[] {
  const { series } = master;
  if (series === undefined) return [];
  const found: EventRow[] = [];
  for (const date of datesOf(series)) {
    const occurrence = occurrenceOn(master, date);
    if (occurrence.span.startMs >= untilMs) break;
    found.push(occurrence);
  }
  return found;
}

/** The days of a series: its pattern from the start date to its end; lazily, as a series may have none. */
export function* datesOf({ pattern, range }: Series): Generator<string> {
  const first = Temporal.PlainDate.from(range.startDate);
  let counted = 0;
  for (let day = 0; day < MAX_DAYS; day++) {
    const date = first.add({ days: day });
    if (range.type === "endDate" && date.toString() > range.endDate) return;
    if (!fits(pattern, first, date)) continue;
    yield date.toString();
    counted++;
    if (range.type === "numbered" && counted >= range.numberOfOccurrences) return;
  }
}

/** The occurrence of a series on that day, whether or not the pattern has it. */
export function occurrenceOn(master: EventRow, date: string): EventRow {
  const span = shifted(master.span, master.series?.range.startDate ?? date, date);
  const { series: _, transactionId: __, ...rest } = master;
  return {
    ...rest,
    key: occurrenceKey(master.key, date),
    span,
    day: { master: master.key, date, originalStartMs: span.startMs },
  };
}

export function occurrenceKey(master: string, date: string): string {
  return `${master}_${date.replaceAll("-", "")}`;
}

/** The master's key and the day in an occurrence's key; undefined where it is none. */
export function readOccurrenceKey(key: string): { master: string; date: string } | undefined {
  const [, master, year, month, day] = /^(\w+)_(\d{4})(\d\d)(\d\d)$/.exec(key) ?? [];
  return master === undefined ? undefined : { master, date: `${year}-${month}-${day}` };
}

/** The same wall times some days later: a series keeps its hour over changes of the clock. */
function shifted(span: Span, from: string, to: string): Span {
  const days = Temporal.PlainDate.from(from).until(to, { largestUnit: "day" }).days;
  const move = (wall: string) => Temporal.PlainDateTime.from(wall).add({ days }).toString({ smallestUnit: "second" });
  const start = { wall: move(span.start), zone: span.startZone, sent: span.startZoneSent };
  const end = { wall: move(span.end), zone: span.endZone, sent: span.endZoneSent };
  // Where the night's change of the clock swallows the end, an occurrence still does not end before it starts.
  const safe = wallMs(end.wall, end.zone) < wallMs(start.wall, start.zone) ? start : end;
  return spanOf(start, safe, span.isAllDay);
}

function fits(pattern: Pattern, first: Temporal.PlainDate, date: Temporal.PlainDate): boolean {
  return pattern.type === "daily"
    ? first.until(date, { largestUnit: "day" }).days % pattern.interval === 0
    : FITS[pattern.type](pattern, first, date);
}

type Fit = (pattern: Pattern, first: Temporal.PlainDate, date: Temporal.PlainDate) => boolean;

const FITS: Readonly<Record<Exclude<Pattern["type"], "daily">, Fit>> = {
  weekly(pattern, first, date) {
    const weeks = weekOf(first, pattern.firstDayOfWeek).until(weekOf(date, pattern.firstDayOfWeek), {
      largestUnit: "day",
    }).days;
    return (weeks / 7) % pattern.interval === 0 && isOn(date, pattern.daysOfWeek);
  },
  absoluteMonthly: (pattern, first, date) =>
    months(first, date) % pattern.interval === 0 && isDayOfMonth(pattern, date),
  relativeMonthly: (pattern, first, date) => months(first, date) % pattern.interval === 0 && isIndexed(pattern, date),
  absoluteYearly: (pattern, first, date) => isYear(pattern, first, date) && isDayOfMonth(pattern, date),
  relativeYearly: (pattern, first, date) => isYear(pattern, first, date) && isIndexed(pattern, date),
};

function weekOf(date: Temporal.PlainDate, firstDay: Weekday): Temporal.PlainDate {
  const back = (date.dayOfWeek - 1 - WEEKDAYS.indexOf(firstDay) + 7) % 7;
  return date.subtract({ days: back });
}

function isOn(date: Temporal.PlainDate, days: readonly Weekday[]): boolean {
  return days.includes(WEEKDAYS[date.dayOfWeek - 1] ?? "monday");
}

function months(first: Temporal.PlainDate, date: Temporal.PlainDate): number {
  return (date.year - first.year) * 12 + date.month - first.month;
}

function isYear(pattern: Pattern, first: Temporal.PlainDate, date: Temporal.PlainDate): boolean {
  return date.month === pattern.month && (date.year - first.year) % pattern.interval === 0;
}

/** A month that is too short has it on its last day. */
function isDayOfMonth(pattern: Pattern, date: Temporal.PlainDate): boolean {
  return date.day === Math.min(pattern.dayOfMonth, date.daysInMonth);
}

/** The first, second, third, fourth or last day of the month that is one of the weekdays. */
function isIndexed(pattern: Pattern, date: Temporal.PlainDate): boolean {
  if (!isOn(date, pattern.daysOfWeek)) return false;
  const fitting = Array.from({ length: date.daysInMonth }, (_, index) => date.with({ day: index + 1 })).filter((day) =>
    isOn(day, pattern.daysOfWeek),
  );
  const wanted = pattern.index === "last" ? fitting.at(-1) : fitting[PLACES[pattern.index]];
  return wanted?.equals(date) ?? false;
}

const PLACES = { first: 0, second: 1, third: 2, fourth: 3 } as const;
