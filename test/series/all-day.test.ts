import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { dateOfMidnight, readAllDay, writeAllDay } from "../../shared/series/all-day.ts";
import { expand } from "../../shared/series/expand.ts";
import { fromGraph } from "../../shared/series/from-graph.ts";
import { DOCUMENTED_HABITS } from "../../shared/series/graph-recurrence.ts";
import { readRecurrence, writeRecurrence } from "../../shared/series/recurrence-lines.ts";
import { toGraph } from "../../shared/series/to-graph.ts";
import type { SeriesSpan } from "../../shared/sync/series.ts";
import { walkGraph } from "./graph-walk.ts";
import { seriesOf } from "./series-of.ts";

/** UTC-10, -5, 0, +1, +5:30, +10:30/+11, +13. */
const ZONES = [
  "Pacific/Honolulu",
  "America/New_York",
  "UTC",
  "Europe/Oslo",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "Pacific/Tongatapu",
];
const SPANS = [
  { kind: "all-day", start: "2027-03-28", end: "2027-03-29" },
  { kind: "all-day", start: "2027-12-31", end: "2028-01-03" },
  { kind: "all-day", start: "2028-02-28", end: "2028-03-01" },
] as const;

describe.each(ZONES)("S38: all-day in %s", (zone) => {
  test.each(SPANS)(
    "$start to $end has the same dates, and the same exclusive end, on the way to Outlook and back",
    (span) => {
      const { start, end } = writeAllDay(span, zone);

      expect(start).toEqual({ dateTime: `${span.start}T00:00:00`, timeZone: zone });
      expect(end.dateTime).toBe(`${span.end}T00:00:00`);
      expect(readAllDay({ ...start, dateTime: `${start.dateTime}.0000000` }, end)).toEqual(span);
    },
  );

  test.each(SPANS)("a series from $start shows the same dates on both sides", (span) => {
    const series = seriesOf(span, "FREQ=WEEKLY;COUNT=5");
    const horizon = { from: "2027-01-01", days: 600, most: 100 };
    const dates = expand(series, horizon).instances.map((instance) => instance.span.start);

    const graph = toGraph(series, { habits: DOCUMENTED_HABITS, zone, horizon });
    if (graph.kind !== "recurrence" || graph.first.kind !== "all-day") throw new Error("not a series any more");
    const shown = walkGraph(graph.recurrence, "2029-01-01", DOCUMENTED_HABITS);
    const back = fromGraph(
      { ...writeAllDay(graph.first, zone), isAllDay: true, recurrence: graph.recurrence },
      DOCUMENTED_HABITS,
    );
    const { first, lines } = writeRecurrence(series);

    expect(dates).toHaveLength(5);
    expect(shown).toEqual(dates);
    expect(back).toEqual({ series: { ...series, rules: [{ ...series.rules[0], byDay: expect.anything() }] } });
    expect(readRecurrence(lines, first)).toEqual({ series });
  });

  test("the original start of an occurrence is its date, told as midnight there or in UTC", () => {
    for (const date of ["2027-01-10", "2027-03-28", "2027-07-01", "2027-10-31"]) {
      const there = Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;

      expect(dateOfMidnight(new Date(there).toISOString(), zone)).toBe(date);
      expect(dateOfMidnight(`${date}T00:00:00.000Z`, zone)).toBe(date);
    }
  });
});

describe("S38: all-day events that are none", () => {
  const MIDNIGHT = { dateTime: "2027-01-10T00:00:00.0000000", timeZone: "Europe/Oslo" };

  test("an instant that is nobody's midnight names no date", () => {
    expect(dateOfMidnight("2027-01-10T09:30:00.000Z", "Europe/Oslo")).toBeUndefined();
  });

  test.each([
    ["at one in the morning", "2027-01-11T01:00:00"],
    ["on a day that does not exist", "2027-02-30T00:00:00"],
    ["on the day it begins", "2027-01-10T00:00:00"],
    ["before it begins", "2027-01-09T00:00:00"],
  ])("an end %s is refused", (_, dateTime) => {
    expect(() => readAllDay(MIDNIGHT, { dateTime, timeZone: "Europe/Oslo" })).toThrow(RangeError);
  });

  test("where the clock skips midnight the day begins at one", () => {
    expect(dateOfMidnight("2027-09-05T04:00:00.000Z", "America/Santiago")).toBe("2027-09-05");
  });

  test("a time of day in an all-day series is refused with its reason", () => {
    const first: SeriesSpan = { kind: "all-day", start: "2027-01-10", end: "2027-01-11" };

    expect(readRecurrence(["RRULE:FREQ=DAILY", "EXDATE:20270111T140000Z"], first)).toEqual({
      unreadable: "it is all-day, but its recurrence holds a time of day",
    });
  });
});
