import { describe, expect, test } from "vitest";
import { compareInstances, type ListedInstance, type Listing } from "../../shared/series/instances.ts";
import { occurrencesOf } from "../../shared/series/occurrences.ts";
import type { Series, SeriesSpan } from "../../shared/sync/series.ts";
import { lessonAt, seriesOf } from "./series-of.ts";

const TITLE = { title: "Putting lesson" };
const WEEKLY = seriesOf(lessonAt("2027-01-12T09:00", "Europe/Oslo"), "FREQ=WEEKLY", "EXDATE:20270126T080000Z");
const MOVED = { kind: "timed", start: "2027-02-03T12:00:00.000Z", end: "2027-02-03T13:00:00.000Z" } as const;
const SECOND = "2027-01-19T08:00:00.000Z";
const FOURTH = "2027-02-02T08:00:00.000Z";

/** What the calendar lists from 12 January to the middle of February, unless a test says otherwise. */
function listingOf(series: Series, change: Partial<Listing> = {}): Listing {
  const instances = occurrencesOf(series, { from: "2027-01-12", until: "2027-02-15" }).items.map(
    ({ original, span }): ListedInstance => ({ original, content: { ...TITLE, span } }),
  );
  return { instances, from: "2027-01-11T23:00:00.000Z", until: "2027-02-14T23:00:00.000Z", complete: true, ...change };
}

function without(original: string): ListedInstance[] {
  return listingOf(WEEKLY).instances.filter((instance) => instance.original !== original);
}

describe("S34: a series compared with its listed instances", () => {
  test("everything in its place is nothing to do", () => {
    expect(compareInstances(WEEKLY, TITLE, listingOf(WEEKLY))).toEqual({
      kind: "compared",
      missing: [],
      unexpected: [],
      exceptions: [],
    });
  });

  test("a deleted occurrence is found although nobody reported it", () => {
    const seen = compareInstances(WEEKLY, TITLE, listingOf(WEEKLY, { instances: without(SECOND) }));

    expect(seen).toMatchObject({ kind: "compared", missing: [SECOND], unexpected: [] });
  });

  test("each deleted occurrence is found, whichever it is, and no other", () => {
    for (const { original } of listingOf(WEEKLY).instances) {
      const seen = compareInstances(WEEKLY, TITLE, listingOf(WEEKLY, { instances: without(original) }));

      expect(seen).toMatchObject({ missing: [original] });
    }
  });

  test("what is cancelled already is not missing", () => {
    expect(listingOf(WEEKLY).instances.map(({ original }) => original)).not.toContain("2027-01-26T08:00:00.000Z");
  });

  test("from a partial listing nothing follows (law 2)", () => {
    const partial = listingOf(WEEKLY, { instances: without(SECOND), complete: false });

    expect(compareInstances(WEEKLY, TITLE, partial)).toEqual({ kind: "inconclusive", why: "partial" });
  });

  test("nothing follows from an empty listing where several were expected (law 2)", () => {
    expect(compareInstances(WEEKLY, TITLE, listingOf(WEEKLY, { instances: [] }))).toEqual({
      kind: "inconclusive",
      why: "empty",
    });
  });

  test("an occurrence that is only partly within the listing is not missing", () => {
    const edge = { from: "2027-01-12T08:30:00.000Z", until: "2027-02-09T08:30:00.000Z", instances: [] };
    const all = listingOf(WEEKLY).instances.slice(1, -1);

    expect(compareInstances(WEEKLY, TITLE, listingOf(WEEKLY, { ...edge, instances: all }))).toMatchObject({
      missing: [],
    });
  });

  test("an occurrence known to have been moved out of the listing is not missing, one moved into it is", () => {
    const out = { ...MOVED, start: "2027-03-01T12:00:00.000Z", end: "2027-03-01T13:00:00.000Z" };
    const movedOut = { ...WEEKLY, exceptions: [{ original: FOURTH, content: { span: out } }] };
    const movedIn = {
      ...WEEKLY,
      exceptions: [
        {
          original: "2027-02-16T08:00:00.000Z",
          content: { span: { ...MOVED, start: "2027-02-10T12:00:00.000Z", end: "2027-02-10T13:00:00.000Z" } },
        },
      ],
    };

    expect(compareInstances(movedOut, TITLE, listingOf(WEEKLY, { instances: without(FOURTH) }))).toMatchObject({
      missing: [],
    });
    expect(compareInstances(movedIn, TITLE, listingOf(WEEKLY))).toMatchObject({
      missing: ["2027-02-16T08:00:00.000Z"],
    });
  });

  test("what an instance says otherwise is its exception, and only that", () => {
    const instances = listingOf(WEEKLY).instances.map((instance) => {
      if (instance.original === SECOND) return { ...instance, content: { ...instance.content, title: "Trial lesson" } };
      return instance.original === FOURTH ? { ...instance, content: { ...TITLE, span: MOVED } } : instance;
    });

    expect(compareInstances(WEEKLY, TITLE, listingOf(WEEKLY, { instances }))).toMatchObject({
      missing: [],
      exceptions: [
        { original: SECOND, content: { title: "Trial lesson" } },
        { original: FOURTH, content: { span: MOVED } },
      ],
    });
  });

  test("an instance that no rule gives is told: the rule has changed meanwhile", () => {
    const stray = { original: "2027-01-20T08:00:00.000Z", content: TITLE };
    const instances = [...listingOf(WEEKLY).instances, stray];

    expect(compareInstances(WEEKLY, TITLE, listingOf(WEEKLY, { instances }))).toMatchObject({ unexpected: [stray] });
  });

  test("an instance that is back although it was cancelled is not unexpected", () => {
    const back = { original: "2027-01-26T08:00:00.000Z", content: TITLE };
    const instances = [...listingOf(WEEKLY).instances, back];

    expect(compareInstances(WEEKLY, TITLE, listingOf(WEEKLY, { instances }))).toMatchObject({
      unexpected: [],
      missing: [],
    });
  });

  test("S37: at a time that the clock skips nothing is missing and nothing unexpected", () => {
    const night = seriesOf(lessonAt("2027-03-26T02:30", "Europe/Oslo"), "FREQ=DAILY;COUNT=6");
    const window = { from: "2027-03-25T00:00:00.000Z", until: "2027-04-05T00:00:00.000Z" };
    const days = { from: "2027-03-26", until: "2027-04-05" };
    const skipped = occurrencesOf(night, days).items.map(({ original, span }) => ({ original, content: { span } }));
    const shifted = [...skipped, { original: "2027-03-28T01:30:00.000Z", content: {} }];

    for (const instances of [skipped, shifted]) {
      expect(compareInstances(night, {}, { instances, ...window, complete: true })).toMatchObject({
        missing: [],
        unexpected: [],
      });
    }
  });

  test("S38: an all-day occurrence counts as missing only where the listing has a day more on either side", () => {
    const first: SeriesSpan = { kind: "all-day", start: "2027-01-12", end: "2027-01-13" };
    const daily = seriesOf(first, "FREQ=DAILY;COUNT=5");
    const only = [{ original: "2027-01-14", content: {} }];

    const seen = compareInstances(
      daily,
      {},
      {
        instances: only,
        from: "2027-01-12T10:00:00.000Z",
        until: "2027-01-17T10:00:00.000Z",
        complete: true,
      },
    );

    expect(seen).toMatchObject({ missing: ["2027-01-13", "2027-01-15"] });
  });
});
