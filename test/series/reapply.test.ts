import { describe, expect, test } from "vitest";
import { occurrencesOf } from "../../shared/series/occurrences.ts";
import { reapply } from "../../shared/series/reapply.ts";
import type { Series, SeriesSpan } from "../../shared/sync/series.ts";
import { lessonAt, seriesOf } from "./series-of.ts";

const OSLO = "Europe/Oslo";
const TUESDAYS = seriesOf(lessonAt("2027-03-02T09:00", OSLO), "FREQ=WEEKLY");
/** 9 March, before the clock changes on the 28th, and 6 April, after. */
const BEFORE = "2027-03-09T08:00:00.000Z";
const AFTER = "2027-04-06T07:00:00.000Z";
const AFTERNOON = { kind: "timed", start: "2027-04-07T13:00:00.000Z", end: "2027-04-07T14:00:00.000Z" } as const;
const CHANGED: Series = {
  ...TUESDAYS,
  cancelled: [BEFORE],
  exceptions: [{ original: AFTER, content: { title: "Trial lesson", span: AFTERNOON } }],
};

function startsOf(series: Series): string[] {
  return occurrencesOf(series, { from: "2027-03-01", until: "2027-05-01" }).items.map(({ original }) => original);
}

describe("S42: the rule of a series changes under changed occurrences", () => {
  test("another end leaves them as they are", () => {
    const after = seriesOf(lessonAt("2027-03-02T09:00", OSLO), "FREQ=WEEKLY;COUNT=20");

    const { series, review } = reapply(CHANGED, after);

    expect(review).toEqual([]);
    expect(series).toEqual({ ...after, cancelled: CHANGED.cancelled, exceptions: CHANGED.exceptions });
  });

  test("another time of day: cancelled stays cancelled on its day, a moved one keeps the time that it was given", () => {
    const after = seriesOf(lessonAt("2027-03-02T10:30", OSLO), "FREQ=WEEKLY");

    const { series, review } = reapply(CHANGED, after);

    expect(review).toEqual([]);
    expect(series.cancelled).toEqual(["2027-03-09T09:30:00.000Z"]);
    expect(series.exceptions).toEqual([
      { original: "2027-04-06T08:30:00.000Z", content: { title: "Trial lesson", span: AFTERNOON } },
    ]);
  });

  test("no stray copy is left at the old time", () => {
    const after = seriesOf(lessonAt("2027-03-02T10:30", OSLO), "FREQ=WEEKLY");

    const starts = startsOf(reapply(CHANGED, after).series);

    expect(starts).not.toContain(BEFORE);
    expect(starts).not.toContain(AFTER);
    expect(starts).toHaveLength(startsOf(CHANGED).length);
  });

  test("another day of the week: the whole series has moved, and they with it", () => {
    const after = seriesOf(lessonAt("2027-03-04T09:00", OSLO), "FREQ=WEEKLY");

    const { reapplied, review } = reapply(CHANGED, after);

    expect(review).toEqual([]);
    expect(reapplied.map(({ from, to }) => [from, to])).toEqual([
      [BEFORE, "2027-03-11T08:00:00.000Z"],
      [AFTER, "2027-04-08T07:00:00.000Z"],
    ]);
  });

  test("moved to an earlier day, too", () => {
    const after = seriesOf(lessonAt("2027-03-01T09:00", OSLO), "FREQ=WEEKLY");

    expect(reapply(CHANGED, after).reapplied.map(({ to }) => to.slice(0, 10))).toEqual(["2027-03-08", "2027-04-05"]);
  });

  test("every second week: what falls on a day that remains is kept, the rest is for a person", () => {
    const after = seriesOf(lessonAt("2027-03-02T09:00", OSLO), "FREQ=WEEKLY;INTERVAL=2");
    const both: Series = { ...CHANGED, cancelled: [BEFORE, "2027-03-16T08:00:00.000Z"] };

    const { series, review } = reapply(both, after);

    expect(series.cancelled).toEqual(["2027-03-16T08:00:00.000Z"]);
    expect(review.map(({ original, why }) => [original, why])).toEqual([
      [BEFORE, "no-occurrence"],
      [AFTER, "no-occurrence"],
    ]);
  });

  test("a start moved by a week is not taken for a series moved by a week", () => {
    const after = seriesOf(lessonAt("2027-03-16T09:00", OSLO), "FREQ=WEEKLY");

    const { reapplied, review } = reapply(CHANGED, after);

    expect(reapplied.map(({ from, to }) => [from, to])).toEqual([[AFTER, AFTER]]);
    expect(review).toMatchObject([{ original: BEFORE, why: "no-occurrence" }]);
  });

  test("twice a week instead of once on another day is a guess, and for a person", () => {
    const after = seriesOf(lessonAt("2027-03-03T09:00", OSLO), "FREQ=WEEKLY;BYDAY=WE,FR");

    expect(reapply(CHANGED, after).review.map(({ why }) => why)).toEqual(["no-occurrence", "no-occurrence"]);
  });

  test("twice a day instead of once is ambiguous", () => {
    const after = seriesOf(lessonAt("2027-03-02T10:00", OSLO), "FREQ=WEEKLY;BYHOUR=10,15");

    expect(reapply(CHANGED, after).review.map(({ why }) => why)).toEqual(["ambiguous", "ambiguous"]);
  });

  test("what the new series says itself is not overwritten", () => {
    const own = { title: "Cup final" };
    const after: Series = { ...TUESDAYS, exceptions: [BEFORE, AFTER].map((original) => ({ original, content: own })) };

    const { series, review } = reapply(CHANGED, after);

    expect(review.map(({ why }) => why)).toEqual(["changed-anew", "changed-anew"]);
    expect(series).toEqual(after);
  });

  test("what both say alike is no question", () => {
    const { series, review } = reapply(CHANGED, CHANGED);

    expect(review).toEqual([]);
    expect(series).toEqual(CHANGED);
  });

  test("a time that the rule now has by itself is no exception any more", () => {
    const moved: Series = {
      ...TUESDAYS,
      exceptions: [
        {
          original: AFTER,
          content: { span: { kind: "timed", start: "2027-04-06T08:30:00.000Z", end: "2027-04-06T09:30:00.000Z" } },
        },
      ],
    };

    const { series, review } = reapply(moved, seriesOf(lessonAt("2027-03-02T10:30", OSLO), "FREQ=WEEKLY"));

    expect(review).toEqual([]);
    expect(series.exceptions).toEqual([]);
  });

  test("S38: a series that becomes all-day keeps what is cancelled by its day, and asks about times of day", () => {
    const first: SeriesSpan = { kind: "all-day", start: "2027-03-02", end: "2027-03-03" };

    const { series, review } = reapply(CHANGED, seriesOf(first, "FREQ=WEEKLY"));

    expect(series.cancelled).toEqual(["2027-03-09"]);
    expect(review).toMatchObject([{ original: AFTER, why: "other-kind" }]);
  });

  test("S37: another zone with the same wall time keeps the days", () => {
    const after = seriesOf(lessonAt("2027-03-02T09:00", "America/New_York"), "FREQ=WEEKLY");

    expect(reapply(CHANGED, after).reapplied.map(({ to }) => to)).toEqual([
      "2027-03-09T14:00:00.000Z",
      "2027-04-06T13:00:00.000Z",
    ]);
  });

  test("an exception to no occurrence of the old series is for a person", () => {
    const astray: Series = {
      ...TUESDAYS,
      exceptions: [{ original: "2027-03-10T08:00:00.000Z", content: { title: "?" } }],
    };

    expect(reapply(astray, TUESDAYS).review).toMatchObject([{ why: "no-occurrence" }]);
  });
});
