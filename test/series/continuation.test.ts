import { describe, expect, test } from "vitest";
import { type Cut, findContinuation, type Master } from "../../shared/series/continuation.ts";
import { lessonAt, seriesOf } from "./series-of.ts";

const OSLO = "Europe/Oslo";
const TITLE = { title: "Putting lesson" };
const DAYS = { from: "2027-01-01", until: "2027-07-01" };
const BEFORE: Master = {
  id: "old",
  series: seriesOf(lessonAt("2027-01-12T09:00", OSLO), "FREQ=WEEKLY"),
  content: TITLE,
};
/** Kept to 2 March; 9 March is the first that is gone. */
const CUT = seriesOf(lessonAt("2027-01-12T09:00", OSLO), "FREQ=WEEKLY;UNTIL=20270302T080000Z");

function master(id: string, wall: string, rule: string, change: Partial<Master> = {}): Master {
  return { id, series: seriesOf(lessonAt(wall, OSLO), rule), content: TITLE, ...change };
}

function find(candidates: readonly Master[], change: Partial<Cut> = {}) {
  return findContinuation({ before: BEFORE, after: CUT, candidates, complete: true, days: DAYS, ...change });
}

describe("S43: the tail of a series is cut", () => {
  test("with the same times it is found in the series that begins there, and nothing is gone", () => {
    const found = find([
      master("new", "2027-03-09T09:00", "FREQ=WEEKLY"),
      master("other", "2027-03-10T15:00", "FREQ=DAILY"),
    ]);

    expect(found).toEqual({ kind: "continues", parts: [{ id: "new", by: "same-times" }], gone: [] });
  });

  test("at another time of day, or day, it is found by how it looks", () => {
    for (const wall of ["2027-03-09T14:00", "2027-03-11T09:00", "2027-03-08T10:00"]) {
      const found = find([master("new", wall, "FREQ=WEEKLY")]);

      expect(found).toEqual({ kind: "continues", parts: [{ id: "new", by: "same-look" }], gone: [] });
    }
  });

  test("where the provider tells, its word goes before looks", () => {
    const told = master("new", "2027-03-09T18:00", "FREQ=WEEKLY;INTERVAL=2", {
      follows: "old",
      content: { title: "Renamed" },
    });

    const found = find([master("twin", "2027-03-09T09:00", "FREQ=WEEKLY"), told]);

    expect(found).toMatchObject({ kind: "continues", parts: [{ id: "new", by: "told" }] });
  });

  test("nowhere to be found it has ended, and each occurrence of it is gone", () => {
    const found = find([]);

    expect(found.kind).toBe("ended");
    if (found.kind !== "ended") return;
    expect(found.gone[0]).toBe("2027-03-09T08:00:00.000Z");
    expect(found.gone).toHaveLength(17);
  });

  test("nowhere to be found, but not everything could be read: nothing is said (law 2)", () => {
    expect(find([], { complete: false })).toEqual({ kind: "unclear", why: "incomplete", ids: [] });
  });

  test("a continuation that ends sooner leaves the rest gone", () => {
    const found = find([master("new", "2027-03-09T09:00", "FREQ=WEEKLY;COUNT=3")]);

    expect(found).toMatchObject({ kind: "continues", parts: [{ id: "new" }] });
    expect(found.kind === "continues" && found.gone[0]).toBe("2027-03-30T07:00:00.000Z");
  });

  test("a continuation that was cut in its turn is followed", () => {
    const found = find([
      master("third", "2027-03-30T11:00", "FREQ=WEEKLY"),
      master("second", "2027-03-09T09:00", "FREQ=WEEKLY;COUNT=3"),
    ]);

    expect(found).toEqual({
      kind: "continues",
      parts: [
        { id: "second", by: "same-times" },
        { id: "third", by: "same-look" },
      ],
      gone: [],
    });
  });

  test("an occurrence deleted from the continuation is gone, the others are not", () => {
    const series = seriesOf(lessonAt("2027-03-09T09:00", OSLO), "FREQ=WEEKLY", "EXDATE:20270316T080000Z");

    expect(find([{ id: "new", series, content: TITLE }])).toMatchObject({ gone: ["2027-03-16T08:00:00.000Z"] });
  });

  test("two series that fit alike are for a person", () => {
    const found = find([
      master("a", "2027-03-09T09:00", "FREQ=WEEKLY"),
      master("b", "2027-03-09T09:00", "FREQ=WEEKLY"),
    ]);

    expect(found).toEqual({ kind: "unclear", why: "several", ids: ["a", "b"] });
  });

  test("one of the same times under another title is for a person", () => {
    const found = find([master("new", "2027-03-09T09:00", "FREQ=WEEKLY", { content: { title: "Yoga" } })]);

    expect(found).toEqual({ kind: "unclear", why: "alike", ids: ["new"] });
  });

  test("one that looks alike under a hidden title is for a person", () => {
    const found = find([master("new", "2027-03-09T14:00", "FREQ=WEEKLY", { content: {} })]);

    expect(found).toEqual({ kind: "unclear", why: "alike", ids: ["new"] });
  });

  test.each([
    ["was there before the cut", master("x", "2027-03-09T09:00", "FREQ=WEEKLY", { known: true })],
    ["begins before the cut", master("x", "2027-02-23T09:00", "FREQ=WEEKLY")],
    ["begins weeks after it", master("x", "2027-04-06T09:00", "FREQ=WEEKLY")],
    [
      "is another lesson at another time",
      master("x", "2027-03-09T14:00", "FREQ=WEEKLY", { content: { title: "Yoga" } }),
    ],
    ["repeats otherwise", master("x", "2027-03-09T14:00", "FREQ=DAILY")],
    ["is the cut series itself", { ...BEFORE, series: CUT }],
  ])("one that %s is no continuation", (_, candidate) => {
    expect(find([candidate]).kind).toBe("ended");
  });

  test("a series that only lost some of its days is not cut", () => {
    const fewer = seriesOf(lessonAt("2027-01-12T09:00", OSLO), "FREQ=WEEKLY;INTERVAL=2");

    expect(find([], { after: fewer })).toEqual({ kind: "not-cut" });
    expect(find([], { after: BEFORE.series })).toEqual({ kind: "not-cut" });
  });

  test("monthly on the 31st, in the last days of months, too", () => {
    const rule = "FREQ=MONTHLY;BYMONTHDAY=-1";
    const before: Master = { id: "old", series: seriesOf(lessonAt("2027-01-31T09:00", OSLO), rule), content: TITLE };
    const after = seriesOf(lessonAt("2027-01-31T09:00", OSLO), `${rule};COUNT=2`);

    expect(find([master("new", "2027-03-31T10:00", rule)], { before, after })).toEqual({
      kind: "continues",
      parts: [{ id: "new", by: "same-look" }],
      gone: [],
    });
  });

  test("a whole series replaced from its first occurrence on", () => {
    const nothing = seriesOf(lessonAt("2027-01-12T09:00", OSLO), "FREQ=WEEKLY;COUNT=1", "EXDATE:20270112T080000Z");

    expect(find([master("new", "2027-01-12T09:00", "FREQ=WEEKLY")], { after: nothing })).toMatchObject({
      kind: "continues",
      gone: [],
    });
  });
});
