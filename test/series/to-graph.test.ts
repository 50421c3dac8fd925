import { describe, expect, test } from "vitest";
import { fromGraph, type GraphMaster } from "../../shared/series/from-graph.ts";
import { DOCUMENTED_HABITS, type GraphHabits, GraphRecurrence } from "../../shared/series/graph-recurrence.ts";
import { toGraph } from "../../shared/series/to-graph.ts";
import type { Series } from "../../shared/sync/series.ts";
import { instantsOn, walkGraph } from "./graph-walk.ts";
import { walkRule } from "./rule-walk.ts";
import { lessonAt, seriesOf } from "./series-of.ts";

const OSLO = lessonAt("2027-01-12T09:00", "Europe/Oslo");
const HORIZON = { from: "2027-01-01", days: 365, most: 500 };

function graphOf(series: Series, habits: Partial<GraphHabits> = {}) {
  return toGraph(series, { habits: { ...DOCUMENTED_HABITS, ...habits }, zone: "Europe/Oslo", horizon: HORIZON });
}

function masterOf(pattern: GraphRecurrence["pattern"], change: Partial<GraphMaster> = {}): GraphMaster {
  return {
    start: { dateTime: "2027-01-12T09:00:00.0000000", timeZone: "Europe/Oslo" },
    end: { dateTime: "2027-01-12T10:00:00.0000000", timeZone: "Europe/Oslo" },
    isAllDay: false,
    recurrence: { pattern, range: { type: "noEnd", startDate: "2027-01-12", recurrenceTimeZone: "Europe/Oslo" } },
    ...change,
  };
}

describe("what is written to Outlook", () => {
  test("a pattern holds only what its type uses", () => {
    const weekly = graphOf(seriesOf(OSLO, "FREQ=WEEKLY;INTERVAL=2;COUNT=4"));

    expect(weekly).toEqual({
      kind: "recurrence",
      first: OSLO,
      recurrence: {
        pattern: { type: "weekly", interval: 2, daysOfWeek: ["tuesday"], firstDayOfWeek: "monday" },
        range: { type: "numbered", numberOfOccurrences: 4, startDate: "2027-01-12", recurrenceTimeZone: "Europe/Oslo" },
      },
      toDelete: [],
      exceptions: [],
      astray: [],
    });
  });

  test("a day that its month never has is written as the last that it can have", () => {
    const february = seriesOf(OSLO, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29,30;BYSETPOS=-1");

    expect(graphOf(february)).toMatchObject({ recurrence: { pattern: { month: 2, dayOfMonth: 29 } } });
  });

  test("zones are written by their Windows names where that is wanted", () => {
    const graph = graphOf(seriesOf(OSLO, "FREQ=DAILY"), { zoneNames: "windows" });

    expect(graph).toMatchObject({ recurrence: { range: { recurrenceTimeZone: "W. Europe Standard Time" } } });
  });

  test("S42: cancelled occurrences are deleted after, changed ones written after; dates that are none are left", () => {
    const series: Series = {
      ...seriesOf(OSLO, "FREQ=WEEKLY", "EXDATE:20270119T080000Z,20270120T080000Z"),
      exceptions: [
        { original: "2027-01-26T08:00:00.000Z", content: { title: "Trial lesson" } },
        { original: "2027-01-27T08:00:00.000Z", content: { title: "nowhere" } },
      ],
    };

    expect(graphOf(series)).toMatchObject({
      kind: "recurrence",
      toDelete: ["2027-01-19T08:00:00.000Z"],
      exceptions: [{ original: "2027-01-26T08:00:00.000Z" }],
      astray: [{ original: "2027-01-27T08:00:00.000Z" }],
    });
  });

  test("a COUNT beside cancelled occurrences is written as its last day, and says so", () => {
    const graph = graphOf(seriesOf(OSLO, "FREQ=WEEKLY;COUNT=4", "EXDATE:20270119T080000Z"));

    expect(graph).toMatchObject({
      reworded: "last-day",
      recurrence: { range: { type: "endDate", endDate: "2027-02-02" } },
      toDelete: ["2027-01-19T08:00:00.000Z"],
    });
  });

  test("S37: a COUNT that passes a time the clock skips is written as its last day", () => {
    const graph = graphOf(seriesOf(lessonAt("2027-03-27T02:30", "Europe/Oslo"), "FREQ=DAILY;COUNT=3"));

    expect(graph).toMatchObject({ reworded: "last-day", recurrence: { range: { endDate: "2027-03-30" } } });
  });

  test("S37: a cancelled time that the clock skips is deleted where Outlook would show it later", () => {
    const night = seriesOf(lessonAt("2027-03-26T02:30", "Europe/Oslo"), "FREQ=DAILY", "EXDATE:20270328T013000Z");

    expect(graphOf(night, { gaps: "shifted" })).toMatchObject({ toDelete: ["2027-03-28T01:30:00.000Z"] });
    expect(graphOf(night, { gaps: "skipped" })).toMatchObject({ toDelete: [] });
  });

  test.each([
    ["no-rule", "RDATE:20270201T080000Z"],
    ["several-rules", "FREQ=DAILY;COUNT=2", "FREQ=WEEKLY;COUNT=3"],
    ["excluding-rule", "FREQ=DAILY;COUNT=9", "EXRULE:FREQ=DAILY;INTERVAL=2"],
    ["extra-dates", "FREQ=WEEKLY;COUNT=3", "RDATE:20270201T080000Z"],
    ["never-occurs", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"],
  ])("%s: the series is expanded, with just its occurrences", (why, ...lines) => {
    const series = seriesOf(OSLO, ...lines);
    const graph = graphOf(series);

    expect(graph).toMatchObject({ kind: "expanded", why, until: "2028-01-01" });
    if (graph.kind !== "expanded") return;
    const counts = { "no-rule": 2, "several-rules": 4, "excluding-rule": 4, "extra-dates": 4, "never-occurs": 0 };
    expect(graph.instances).toHaveLength(counts[why as keyof typeof counts]);
  });

  test("an expansion ends at the horizon, or on a whole day where it grows too long, and says where", () => {
    const series = seriesOf(OSLO, "FREQ=DAILY;BYHOUR=9,15");
    const options = { habits: DOCUMENTED_HABITS, zone: "Europe/Oslo" };

    const short = toGraph(series, { ...options, horizon: { from: "2027-01-12", days: 10, most: 500 } });
    const cut = toGraph(series, { ...options, horizon: { from: "2027-01-12", days: 10, most: 5 } });

    expect(short).toMatchObject({ kind: "expanded", until: "2027-01-22", instances: { length: 20 } });
    expect(cut).toMatchObject({ kind: "expanded", until: "2027-01-14", instances: { length: 4 } });
  });

  test("an expansion shows moved occurrences where they are, and none of the cancelled", () => {
    const series: Series = {
      ...seriesOf(OSLO, "FREQ=WEEKLY;COUNT=3", "EXDATE:20270119T080000Z", "RDATE:20270301T080000Z"),
      exceptions: [
        {
          original: "2027-01-26T08:00:00.000Z",
          content: {
            span: { kind: "timed", start: "2027-01-27T12:00:00.000Z", end: "2027-01-27T13:00:00.000Z" },
            title: "Trial",
          },
        },
      ],
    };

    const graph = graphOf(series);

    if (graph.kind !== "expanded") throw new Error("not expanded");
    expect(graph.instances.map(({ original, span, content }) => [original, span.start, content])).toEqual([
      ["2027-01-12T08:00:00.000Z", "2027-01-12T08:00:00.000Z", {}],
      ["2027-01-26T08:00:00.000Z", "2027-01-27T12:00:00.000Z", { title: "Trial" }],
      ["2027-03-01T08:00:00.000Z", "2027-03-01T08:00:00.000Z", {}],
    ]);
  });

  test("S43: an end in another zone is kept", () => {
    const flight = { ...OSLO, endZone: "Europe/London" };

    expect(graphOf(seriesOf(flight, "FREQ=WEEKLY"))).toMatchObject({ first: { endZone: "Europe/London" } });
    const master = masterOf({ type: "daily", interval: 1 }, { originalEndTimeZone: "GMT Standard Time" });
    expect(fromGraph(master, DOCUMENTED_HABITS)).toMatchObject({
      series: { first: { zone: "Europe/Oslo", endZone: "Europe/London" } },
    });
  });
});

describe("S42: an occurrence moved onto or past the day of its neighbour, which Graph refuses", () => {
  function moved(original: string, start: string, ...cancelled: string[]): Series {
    const span = { kind: "timed", start, end: start.replace("T12", "T13") } as const;
    return { ...seriesOf(OSLO, "FREQ=WEEKLY"), cancelled, exceptions: [{ original, content: { span } }] };
  }

  test.each([
    ["the day before the next", "2027-01-25T12:00:00.000Z", "recurrence"],
    ["the day of the next", "2027-01-26T12:00:00.000Z", "expanded"],
    ["past the next", "2027-01-28T12:00:00.000Z", "expanded"],
    ["the day of the one before", "2027-01-12T12:00:00.000Z", "expanded"],
    ["the day after the one before", "2027-01-13T12:00:00.000Z", "recurrence"],
    ["its own day", "2027-01-19T12:00:00.000Z", "recurrence"],
  ])("to %s", (_, start, kind) => {
    const graph = graphOf(moved("2027-01-19T08:00:00.000Z", start));

    expect(graph.kind).toBe(kind);
    if (graph.kind === "expanded") expect(graph.why).toBe("crosses-neighbour");
  });

  test("a cancelled neighbour is none", () => {
    const graph = graphOf(moved("2027-01-19T08:00:00.000Z", "2027-01-26T12:00:00.000Z", "2027-01-26T08:00:00.000Z"));

    expect(graph.kind).toBe("recurrence");
  });
});

describe("S43: what Graph's reference leaves open is a setting", () => {
  const SKIPPED = { ...DOCUMENTED_HABITS, shortMonth: "skipped" } as const;
  const EARLIEST = { ...DOCUMENTED_HABITS, severalDays: "earliest-nth" } as const;

  test.each([
    ["FREQ=MONTHLY", "2027-01-31T09:00", SKIPPED, "absoluteMonthly"],
    ["FREQ=MONTHLY;BYMONTHDAY=30", "2027-01-30T09:00", SKIPPED, "absoluteMonthly"],
    ["FREQ=MONTHLY;BYMONTHDAY=-1", "2027-01-31T09:00", SKIPPED, "relativeMonthly"],
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2028-02-29T09:00", SKIPPED, "absoluteYearly"],
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "2027-02-28T09:00", SKIPPED, "relativeYearly"],
    ["FREQ=MONTHLY;BYDAY=2TH,2FR;BYSETPOS=1", "2027-01-08T09:00", EARLIEST, "relativeMonthly"],
    ["FREQ=YEARLY;BYMONTH=3;BYDAY=-1MO,-1SU;BYSETPOS=1", "2027-03-28T09:00", EARLIEST, "relativeYearly"],
    ["FREQ=MONTHLY;BYDAY=TH,FR;BYSETPOS=1", "2027-02-04T09:00", EARLIEST, "relativeMonthly"],
  ] as const)("%s from %s shows the same under the other habit", (rule, wall, habits, type) => {
    const graph = graphOf(seriesOf(lessonAt(wall, "Europe/Oslo"), rule), habits);

    if (graph.kind !== "recurrence") throw new Error(graph.why);
    expect(graph.recurrence.pattern.type).toBe(type);
    const until = "2034-01-01";
    const shown = instantsOn(walkGraph(graph.recurrence, until, habits), "09:00", "Europe/Oslo");
    expect(shown).toEqual(walkRule(rule, wall, "Europe/Oslo", until));
  });

  test.each([
    ["FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", "2027-01-30T09:00", SKIPPED, "short-months"],
    ["FREQ=MONTHLY;BYDAY=TH,FR;BYSETPOS=2", "2027-01-08T09:00", EARLIEST, "set-position"],
    [
      "FREQ=MONTHLY;BYMONTHDAY=-1",
      "2027-01-31T09:00",
      { ...SKIPPED, severalDays: "earliest-nth" },
      "last-day-of-month",
    ],
    [
      "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1",
      "2027-02-28T09:00",
      { ...SKIPPED, severalDays: "earliest-nth" },
      "last-day-of-month",
    ],
  ] as const)("%s from %s is expanded under the other habit", (rule, wall, habits, why) => {
    expect(graphOf(seriesOf(lessonAt(wall, "Europe/Oslo"), rule), habits)).toMatchObject({ kind: "expanded", why });
  });
});

describe("what is read from Outlook", () => {
  test("the parts that Graph fills in for other types are passed over", () => {
    const recurrence = GraphRecurrence.parse({
      pattern: {
        type: "daily",
        interval: 2,
        month: 0,
        dayOfMonth: 0,
        daysOfWeek: [],
        firstDayOfWeek: "sunday",
        index: "first",
      },
      range: {
        type: "noEnd",
        startDate: "2027-01-12",
        endDate: "0001-01-01",
        recurrenceTimeZone: "W. Europe Standard Time",
        numberOfOccurrences: 0,
      },
    });

    const read = fromGraph({ ...masterOf(recurrence.pattern), recurrence }, DOCUMENTED_HABITS, "Europe/Oslo");

    expect(read).toEqual({ series: seriesOf(OSLO, "FREQ=DAILY;INTERVAL=2") });
  });

  test("S37: a start told in UTC still repeats by the clock of the recurrence", () => {
    const master = masterOf(
      { type: "weekly", interval: 1, daysOfWeek: ["tuesday"], firstDayOfWeek: "monday" },
      {
        start: { dateTime: "2027-01-12T08:00:00.0000000", timeZone: "UTC" },
        end: { dateTime: "2027-01-12T09:00:00.0000000", timeZone: "UTC" },
      },
    );

    expect(fromGraph(master, DOCUMENTED_HABITS)).toEqual({ series: seriesOf(OSLO, "FREQ=WEEKLY;BYDAY=TU") });
  });

  test("where the recurrence names no zone the event's own counts, not the one of the answer", () => {
    const master = masterOf({ type: "daily", interval: 1 }, { originalStartTimeZone: "W. Europe Standard Time" });
    const range = { ...master.recurrence.range, recurrenceTimeZone: "" };

    const read = fromGraph({ ...master, recurrence: { ...master.recurrence, range } }, DOCUMENTED_HABITS);

    expect(read).toMatchObject({ series: { first: { zone: "Europe/Berlin" } } });
  });

  test("the 31st of April is its last day, or none", () => {
    const pattern = { type: "absoluteYearly", interval: 1, month: 4, dayOfMonth: 31 } as const;

    expect(fromGraph(masterOf(pattern), DOCUMENTED_HABITS)).toMatchObject({
      series: { rules: [{ byMonth: [4], byMonthDay: [-1] }] },
    });
  });

  test.each([
    [
      "its recurrence begins on another day than the event",
      { type: "daily", interval: 1 },
      { start: { dateTime: "2027-01-11T09:00:00", timeZone: "Europe/Oslo" } },
    ],
    [
      "its end is not after its start",
      { type: "daily", interval: 1 },
      { end: { dateTime: "2027-01-12T09:00:00", timeZone: "Europe/Oslo" } },
    ],
    [
      "its time zone is unknown: Nowhere",
      { type: "daily", interval: 1 },
      { start: { dateTime: "2027-01-12T09:00:00", timeZone: "Nowhere" } },
    ],
    [
      "its start, its end or its recurrence's end is no time",
      { type: "daily", interval: 1 },
      { start: { dateTime: "2027-02-30T09:00:00", timeZone: "UTC" } },
    ],
    ["its recurrence has no days of the week", { type: "weekly", interval: 1 }, {}],
    ["its recurrence has no day of the month", { type: "absoluteMonthly", interval: 1, dayOfMonth: 0 }, {}],
    ["its recurrence has no month", { type: "absoluteYearly", interval: 1, dayOfMonth: 3 }, {}],
  ] as const)("unreadable: %s", (unreadable, pattern, change) => {
    expect(fromGraph(masterOf(pattern, change), DOCUMENTED_HABITS)).toEqual({ unreadable });
  });
});
