import { describe, expect, test } from "vitest";
import { occurrencesOf } from "../../shared/series/occurrences.ts";
import { wallAt } from "../../shared/series/wall-time.ts";
import { walkRule } from "./rule-walk.ts";
import { lessonAt, seriesOf } from "./series-of.ts";

/** 2027: clocks change in Europe on 28 March and 31 October, in New York on 14 March and 7 November. */
describe("S37: series across a change of the clock", () => {
  test("a weekly lesson keeps its wall time, and its length", () => {
    const series = seriesOf(lessonAt("2027-03-16T18:00", "Europe/Oslo"), "FREQ=WEEKLY;COUNT=40");
    const { items } = occurrencesOf(series, { from: "2027-03-01", until: "2028-03-01" });

    expect(items).toHaveLength(40);
    expect(new Set(items.map(({ original }) => wallAt(original, "Europe/Oslo").toPlainTime().toString()))).toEqual(
      new Set(["18:00:00"]),
    );
    expect(new Set(items.map(({ original }) => original.slice(11, 16)))).toEqual(new Set(["17:00", "16:00"]));
    expect(items.every(({ span }) => Date.parse(span.end) - Date.parse(span.start) === 3_600_000)).toBe(true);
  });

  test("the organiser's zone counts: in the weeks between two changes the room sees another hour", () => {
    const series = seriesOf(lessonAt("2027-03-02T12:00", "America/New_York"), "FREQ=WEEKLY;COUNT=6");
    const { items } = occurrencesOf(series, { from: "2027-03-01", until: "2027-05-01" });

    const inOslo = items.map(({ original }) => wallAt(original, "Europe/Oslo").toString().slice(5, 16));
    expect(inOslo).toEqual(["03-02T18:00", "03-09T18:00", "03-16T17:00", "03-23T17:00", "03-30T18:00", "04-06T18:00"]);
  });

  test("a zone that moves its clock by half an hour", () => {
    const series = seriesOf(lessonAt("2027-03-30T07:00", "Australia/Lord_Howe"), "FREQ=WEEKLY;COUNT=3");
    const { items } = occurrencesOf(series, { from: "2027-03-01", until: "2027-05-01" });

    expect(items.map(({ original }) => original.slice(11, 16))).toEqual(["20:00", "20:30", "20:30"]);
  });

  test("a time that the clock skips is no occurrence, and not counted; it is told as a gap", () => {
    const series = seriesOf(lessonAt("2027-03-27T02:30", "Europe/Oslo"), "FREQ=DAILY;COUNT=3");
    const { items, gaps } = occurrencesOf(series, { from: "2027-03-01", until: "2027-05-01" });

    const wanted = ["2027-03-27T01:30:00.000Z", "2027-03-29T00:30:00.000Z", "2027-03-30T00:30:00.000Z"];
    expect(items.map(({ original }) => original)).toEqual(wanted);
    expect(walkRule("FREQ=DAILY;COUNT=3", "2027-03-27T02:30", "Europe/Oslo", "2027-05-01")).toEqual(wanted);
    expect(gaps).toEqual(["2027-03-28T01:30:00.000Z"]);
  });

  test("where a calendar shows a skipped time later, it counts, and the days after keep their time", () => {
    const series = seriesOf(lessonAt("2027-03-27T02:30", "Europe/Oslo"), "FREQ=DAILY;COUNT=3");
    const { items, gaps } = occurrencesOf(series, { from: "2027-03-01", until: "2027-05-01" }, "shifted");

    const walls = items.map(({ original }) => wallAt(original, "Europe/Oslo").toString().slice(5, 16));
    expect(walls).toEqual(["03-27T02:30", "03-28T03:30", "03-29T02:30"]);
    expect(gaps).toEqual([]);
  });

  test("of a time that the clock shows twice, the first is meant", () => {
    const series = seriesOf(lessonAt("2027-10-30T02:30", "Europe/Oslo"), "FREQ=DAILY;COUNT=3");
    const { items } = occurrencesOf(series, { from: "2027-10-01", until: "2027-12-01" });

    const wanted = ["2027-10-30T00:30:00.000Z", "2027-10-31T00:30:00.000Z", "2027-11-01T01:30:00.000Z"];
    expect(items.map(({ original }) => original)).toEqual(wanted);
    expect(walkRule("FREQ=DAILY;COUNT=3", "2027-10-30T02:30", "Europe/Oslo", "2027-12-01")).toEqual(wanted);
  });

  test("hours go by in real time, through the doubled hour too", () => {
    const series = seriesOf(lessonAt("2027-10-31T01:30", "Europe/Oslo"), "FREQ=HOURLY;COUNT=4");
    const { items } = occurrencesOf(series, { from: "2027-10-01", until: "2027-12-01" });

    expect(items.map(({ original }) => original)).toEqual(
      walkRule("FREQ=HOURLY;COUNT=4", "2027-10-31T01:30", "Europe/Oslo", "2027-12-01"),
    );
  });

  test("an occurrence can be asked for far from the start at little cost", () => {
    const series = seriesOf(lessonAt("2007-01-12T09:00", "Europe/Oslo"), "FREQ=DAILY");

    const { items, complete } = occurrencesOf(series, { from: "2027-01-01", until: "2027-01-03" });

    expect(items.map(({ day }) => day)).toEqual(["2027-01-01", "2027-01-02"]);
    expect(complete).toBe(true);
  });

  test("a walk that meets its limit says that it is not complete", () => {
    const series = seriesOf(lessonAt("2027-01-12T09:00", "Europe/Oslo"), "FREQ=HOURLY");

    expect(occurrencesOf(series, { from: "2027-01-01", until: "2031-01-01" }).complete).toBe(false);
  });

  test("a rule that never gives a day ends without an occurrence", () => {
    const series = seriesOf(lessonAt("2027-01-12T09:00", "Europe/Oslo"), "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2");

    expect(occurrencesOf(series, { from: "2027-01-01", until: "2030-01-01" })).toEqual({
      items: [],
      gaps: [],
      complete: true,
    });
  });
});
