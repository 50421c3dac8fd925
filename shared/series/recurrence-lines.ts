import type { OriginalStart, Rule, Series, SeriesSpan } from "../sync/series.ts";
import { readOriginal, writeIcalTime } from "./ical-time.ts";
import { firstStart, startingAt } from "./occurrences.ts";
import { readRule, writeRule } from "./rule-text.ts";

/**
 * What a start is that its own rule does not give (a Tuesday, weekly on Mondays). RFC 5545 leaves it undefined:
 * `counts` as the first occurrence, or is only where the rule begins.
 */
export type OddStart = "counts" | "left-out";

export type ReadSeries = { readonly series: Series } | { readonly unreadable: string };

/** Law 12; a daily series cancelled every second day for ten years stays below. */
const MAX_LINES = 200;
const MAX_DATES = 2_000;

/**
 * The lines that Google keeps in `recurrence` and iCal files in a VEVENT: RRULE, EXRULE, RDATE, EXDATE. Anything
 * not understood makes the event unreadable, with its reason (law 10); nothing is left out silently.
 */
export function readRecurrence(lines: readonly string[], first: SeriesSpan, oddStart: OddStart = "counts"): ReadSeries {
  try {
    return { series: settleStart(readLines(lines, first), oddStart) };
  } catch (error) {
    return { unreadable: error instanceof RangeError ? error.message : "its recurrence cannot be read" };
  }
}

function readLines(lines: readonly string[], first: SeriesSpan): Series {
  if (lines.length > MAX_LINES) throw new RangeError(`its recurrence has more than ${MAX_LINES} lines`);
  const rules: Rule[] = [];
  const excluding: Rule[] = [];
  const extra: OriginalStart[] = [];
  const cancelled: OriginalStart[] = [];
  for (const { name, params, value } of lines.map(splitLine)) {
    if (name === "RRULE") rules.push(readRule(value, first));
    else if (name === "EXRULE") excluding.push(readRule(value, first));
    else if (name === "RDATE") extra.push(...readDates(params, value, first));
    else if (name === "EXDATE") cancelled.push(...readDates(params, value, first));
    else throw new RangeError("its recurrence has a line that is neither a rule nor a date");
  }
  if (extra.length + cancelled.length > MAX_DATES)
    throw new RangeError(`its recurrence has more than ${MAX_DATES} dates`);
  return { first, rules, excluding, extra: unique(extra), cancelled: unique(cancelled), exceptions: [] };
}

interface Line {
  readonly name: string;
  readonly params: ReadonlyMap<string, string>;
  readonly value: string;
}

function splitLine(line: string): Line {
  const colon = colonOf(line);
  if (colon < 0) throw new RangeError("its recurrence has a line without a value");
  const [name = "", ...params] = line.slice(0, colon).split(";");
  const pairs = params.map((param): [string, string] => {
    const [key = "", value = ""] = param.split("=");
    return [key.toUpperCase(), value.replaceAll('"', "")];
  });
  return { name: name.trim().toUpperCase(), params: new Map(pairs), value: line.slice(colon + 1) };
}

/** The first colon outside quotes: `TZID="tzone://Microsoft/Custom"` has one inside. */
function colonOf(line: string): number {
  const quoted = /^[^":]*(?:"[^"]*"[^":]*)*:/.exec(line);
  return quoted === null ? -1 : quoted[0].length - 1;
}

function readDates(params: ReadonlyMap<string, string>, value: string, first: SeriesSpan): OriginalStart[] {
  if (params.get("VALUE")?.toUpperCase() === "PERIOD" || value.includes("/")) {
    throw new RangeError("its recurrence has extra dates of other lengths");
  }
  return value.split(",").map((text) => readOriginal(text, first, params.get("TZID")));
}

/**
 * An odd start that counts becomes an extra date, and the rule begins where it first gives one. COUNT included it.
 */
function settleStart(series: Series, oddStart: OddStart): Series {
  if (oddStart === "left-out" || series.rules.length === 0) return series;
  const begins = firstStart(series);
  if (begins?.at === series.first.start) return series;
  const rules = series.rules.flatMap((rule) => {
    if (rule.ends.kind !== "count") return [rule];
    return rule.ends.count === 1 ? [] : [{ ...rule, ends: { kind: "count" as const, count: rule.ends.count - 1 } }];
  });
  return { ...series, rules, extra: unique([series.first.start, ...series.extra]) };
}

/** A series as Google and iCal take it. `first` is what goes into start and end. */
export interface WrittenSeries {
  readonly first: SeriesSpan;
  readonly lines: readonly string[];
}

/**
 * The series for a reader of the given habit; dates in UTC, so that they need no zone. Exceptions are events of
 * their own. Reading the lines again gives the same occurrences.
 */
export function writeRecurrence(series: Series, oddStart: OddStart = "counts"): WrittenSeries {
  const { first, rules, excluding, extra, cancelled } = oddStart === "counts" ? unsettleStart(series) : series;
  const lines = [
    ...rules.map((rule) => `RRULE:${writeRule(rule, first)}`),
    ...excluding.map((rule) => `EXRULE:${writeRule(rule, first)}`),
    ...writeDates("RDATE", extra, first),
    ...writeDates("EXDATE", cancelled, first),
  ];
  return { first, lines };
}

/** The way back of `settleStart`: an extra date at the start is not told, a start that is no occurrence is moved to the first. */
function unsettleStart(series: Series): Series {
  const { first, extra } = series;
  const begins = firstStart(series)?.at;
  if (begins === undefined) return { ...series, extra: extra.filter((date) => date !== first.start) };
  if (begins === first.start) return series;
  if (!extra.includes(first.start)) return { ...series, first: startingAt(begins, first) };
  const rules = series.rules.map((rule) => {
    return rule.ends.kind === "count"
      ? { ...rule, ends: { kind: "count" as const, count: rule.ends.count + 1 } }
      : rule;
  });
  return { ...series, rules, extra: extra.filter((date) => date !== first.start) };
}

function writeDates(name: string, dates: readonly OriginalStart[], first: SeriesSpan): string[] {
  if (dates.length === 0) return [];
  const form = first.kind === "all-day" ? ";VALUE=DATE" : "";
  return [`${name}${form}:${dates.map((date) => writeIcalTime(date, first)).join(",")}`];
}

function unique(dates: readonly OriginalStart[]): OriginalStart[] {
  return [...new Set(dates)].sort();
}
