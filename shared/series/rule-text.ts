import {
  FREQUENCIES,
  type Frequency,
  type Rule,
  type RuleDay,
  type RuleEnd,
  type SeriesSpan,
  WEEKDAYS,
  type Weekday,
} from "../sync/series.ts";
import { readUntil, writeIcalTime } from "./ical-time.ts";

/** The parts that hold numbers: least and greatest magnitude, and whether they may count from the end. */
const NUMBERS = {
  BYMONTH: { field: "byMonth", from: 1, to: 12, signed: false },
  BYMONTHDAY: { field: "byMonthDay", from: 1, to: 31, signed: true },
  BYYEARDAY: { field: "byYearDay", from: 1, to: 366, signed: true },
  BYWEEKNO: { field: "byWeekNo", from: 1, to: 53, signed: true },
  BYHOUR: { field: "byHour", from: 0, to: 23, signed: false },
  BYMINUTE: { field: "byMinute", from: 0, to: 59, signed: false },
  BYSETPOS: { field: "bySetPos", from: 1, to: 366, signed: true },
} as const;
const PARTS = new Set(["FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", ...Object.keys(NUMBERS)]);
const MAX_NUMBER = 9_999;

type Parts = ReadonlyMap<string, string>;

/** Reads the value of an RRULE (RFC 5545 3.3.10). Throws a RangeError that says what is wrong with the event. */
export function readRule(text: string, first: SeriesSpan): Rule {
  const parts = splitParts(text);
  const rule: Rule = {
    frequency: readFrequency(parts.get("FREQ")),
    interval: readCount(parts, "INTERVAL") ?? 1,
    ends: readEnd(parts, first),
    weekStart: readWeekday(parts.get("WKST") ?? "MO"),
    byDay: readDays(parts.get("BYDAY")),
    byMonth: readNumbers(parts, "BYMONTH"),
    byMonthDay: readNumbers(parts, "BYMONTHDAY"),
    byYearDay: readNumbers(parts, "BYYEARDAY"),
    byWeekNo: readNumbers(parts, "BYWEEKNO"),
    byHour: readNumbers(parts, "BYHOUR"),
    byMinute: readNumbers(parts, "BYMINUTE"),
    bySetPos: readNumbers(parts, "BYSETPOS"),
  };
  checkCombination(rule);
  return rule;
}

function splitParts(text: string): Parts {
  const parts = new Map<string, string>();
  for (const part of text
    .trim()
    .toUpperCase()
    .split(";")
    .filter((part) => part !== "")) {
    const [name = "", value] = part.split("=");
    if (value === undefined || value === "" || !PARTS.has(name) || parts.has(name)) {
      throw new RangeError("its recurrence rule has a part that is not understood");
    }
    parts.set(name, value);
  }
  return parts;
}

function readFrequency(text: string | undefined): Frequency {
  const frequency = FREQUENCIES.find((known) => known === text);
  if (frequency === undefined) throw new RangeError("it repeats more often than hourly, or does not say how often");
  return frequency;
}

function readCount(parts: Parts, name: string): number | undefined {
  const text = parts.get(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MAX_NUMBER) {
    throw new RangeError(`the ${name} of its recurrence rule is not from 1 to ${MAX_NUMBER}`);
  }
  return value;
}

function readEnd(parts: Parts, first: SeriesSpan): RuleEnd {
  const count = readCount(parts, "COUNT");
  const until = parts.get("UNTIL");
  if (count !== undefined && until !== undefined) throw new RangeError("its recurrence rule has both COUNT and UNTIL");
  if (count !== undefined) return { kind: "count", count };
  return until === undefined ? { kind: "never" } : { kind: "until", until: readUntil(until, first) };
}

function readWeekday(text: string): Weekday {
  const day = WEEKDAYS.find((known) => known === text);
  if (day === undefined) throw new RangeError("its recurrence rule names a day of the week that is none");
  return day;
}

function readDays(text: string | undefined): RuleDay[] {
  if (text === undefined) return [];
  return text.split(",").map((token) => {
    const [, nth, name = ""] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(token) ?? [];
    if (nth === undefined) return { day: readWeekday(name) };
    if (Math.abs(Number(nth)) < 1 || Math.abs(Number(nth)) > 53)
      throw new RangeError("the BYDAY of its recurrence rule is out of range");
    return { day: readWeekday(name), nth: Number(nth) };
  });
}

function readNumbers(parts: Parts, name: keyof typeof NUMBERS): number[] {
  const text = parts.get(name);
  if (text === undefined) return [];
  const { from, to, signed } = NUMBERS[name];
  return text.split(",").map((token) => {
    const value = Number(token);
    const size = signed ? Math.abs(value) : value;
    if (!/^[+-]?\d{1,3}$/.test(token) || size < from || size > to) {
      throw new RangeError(`the ${name} of its recurrence rule is out of range`);
    }
    return value;
  });
}

/** What RFC 5545 forbids has no agreed meaning: each calendar would show something else. */
function checkCombination(rule: Rule): void {
  const numbered = rule.byDay.some(({ nth }) => nth !== undefined);
  const { frequency } = rule;
  const forbidden =
    (numbered && frequency !== "MONTHLY" && frequency !== "YEARLY") ||
    (numbered && rule.byWeekNo.length > 0) ||
    (rule.byWeekNo.length > 0 && frequency !== "YEARLY") ||
    (rule.byYearDay.length > 0 && frequency !== "YEARLY" && frequency !== "HOURLY") ||
    (rule.byMonthDay.length > 0 && frequency === "WEEKLY") ||
    (rule.bySetPos.length > 0 && !hasOtherPart(rule));
  if (forbidden) throw new RangeError("its recurrence rule combines parts that RFC 5545 does not allow together");
}

function hasOtherPart(rule: Rule): boolean {
  const lists = [
    rule.byDay,
    ...Object.values(NUMBERS)
      .filter(({ field }) => field !== "bySetPos")
      .map(({ field }) => rule[field]),
  ];
  return lists.some((list) => list.length > 0);
}

/** The rule as the value of an RRULE; what is RFC 5545's default is left out. */
export function writeRule(rule: Rule, first: SeriesSpan): string {
  return [
    `FREQ=${rule.frequency}`,
    ...(rule.interval === 1 ? [] : [`INTERVAL=${rule.interval}`]),
    ...writeEnd(rule.ends, first),
    ...(rule.weekStart === "MO" ? [] : [`WKST=${rule.weekStart}`]),
    ...Object.entries(NUMBERS).flatMap(([name, { field }]) =>
      field === "bySetPos" || rule[field].length === 0 ? [] : [`${name}=${rule[field].join(",")}`],
    ),
    ...(rule.byDay.length === 0 ? [] : [`BYDAY=${rule.byDay.map(({ day, nth }) => `${nth ?? ""}${day}`).join(",")}`]),
    ...(rule.bySetPos.length === 0 ? [] : [`BYSETPOS=${rule.bySetPos.join(",")}`]),
  ].join(";");
}

function writeEnd(ends: RuleEnd, first: SeriesSpan): string[] {
  switch (ends.kind) {
    case "never":
      return [];
    case "count":
      return [`COUNT=${ends.count}`];
    case "until":
      return [`UNTIL=${writeIcalTime(ends.until, first)}`];
  }
}
