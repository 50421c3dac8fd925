import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findContinuation } from "../../shared/series/continuation.ts";
import { compareInstances } from "../../shared/series/instances.ts";
import { occurrencesOf } from "../../shared/series/occurrences.ts";
import { type Reapplied, reapply } from "../../shared/series/reapply.ts";
import { whole } from "../../shared/series/same-rule.ts";
import type { Series } from "../../shared/sync/series.ts";
import { zone } from "./generated-rules.ts";
import { lessonAt, seriesOf } from "./series-of.ts";

/** What people do to series, drawn by chance; 2027-01-11 is a Monday. */
const DAYS = { from: "2027-01-01", until: "2027-08-01" };
const RUNS = { numRuns: 60 };
const rule = fc.constantFrom(
  "FREQ=DAILY;COUNT=60",
  "FREQ=WEEKLY",
  "FREQ=WEEKLY;BYDAY=MO,TH",
  "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR",
  "FREQ=MONTHLY;BYDAY=2MO",
  "FREQ=MONTHLY;BYMONTHDAY=11",
);
const hour = fc.constantFrom("08:00", "09:00", "14:30", "20:00");
const day = fc.integer({ min: 11, max: 17 });
const places = fc.uniqueArray(fc.nat({ max: 6 }), { maxLength: 5 });

function startsOf(series: Series): string[] {
  return occurrencesOf(series, DAYS).items.map(({ original }) => original);
}

/** Cancels at the places of one list, retitles and moves at those of the other. */
function changed(series: Series, gone: readonly number[], moved: readonly number[]): Series {
  const starts = startsOf(series);
  const at = (list: readonly number[]) => starts.filter((_, position) => list.includes(position));
  const cancelled = at(gone);
  const exceptions = at(moved)
    .filter((original) => !cancelled.includes(original))
    .map((original) => ({ original, content: { title: `Trial of ${original}` } }));
  return { ...series, cancelled, exceptions };
}

function namesOf(outcome: Reapplied): string[] {
  const kept = outcome.reapplied.map(({ from }) => from);
  return [...kept, ...outcome.review.map(({ original }) => original)].sort();
}

const edited = fc
  .tuple(rule, rule, zone, hour, hour, day, places, places, fc.boolean())
  .map(([old, next, place, from, to, date, gone, moved, same]) => ({
    before: changed(seriesOf(lessonAt(`2027-01-11T${from}`, place), old), gone, moved),
    after: seriesOf(lessonAt(`2027-01-${same ? 11 : date}T${to}`, place), same ? old : next),
    same,
  }));

describe("S42: generated edits of series", () => {
  test("each change is carried over once or shown to a person, never both, never lost", () => {
    fc.assert(
      fc.property(edited, ({ before, after }) => {
        const outcome = reapply(before, after);

        const changes = [...before.cancelled, ...before.exceptions.map(({ original }) => original)];
        expect(namesOf(outcome)).toEqual(changes.sort());
      }),
      RUNS,
    );
  });

  test("what is carried over lies on occurrences of the new rule, one on each; no copy stays at an old time", () => {
    fc.assert(
      fc.property(edited, ({ before, after }) => {
        const { series, reapplied } = reapply(before, after);

        const given = new Set(startsOf(whole(after)));
        const targets = reapplied.map(({ to }) => to);
        expect(targets.every((to) => given.has(to))).toBe(true);
        expect(new Set(targets).size).toBe(targets.length);
        expect(startsOf(series).every((start) => given.has(start))).toBe(true);
        const gone = reapplied.filter(({ change }) => change.kind === "cancelled").length;
        expect(startsOf(series)).toHaveLength(given.size - gone);
      }),
      RUNS,
    );
  });

  test("another time of day alone leaves nothing for a person, and the way back restores the series", () => {
    fc.assert(
      fc.property(edited, ({ before, after, same }) => {
        fc.pre(same);
        const there = reapply(before, after);
        const back = reapply(there.series, whole(before));

        expect([there.review, back.review]).toEqual([[], []]);
        expect(back.series.cancelled).toEqual(before.cancelled);
        expect(back.series.exceptions).toEqual(before.exceptions);
      }),
      RUNS,
    );
  });

  test("law 6: carried over twice is carried over once, and the order of the changes does not matter", () => {
    fc.assert(
      fc.property(edited, ({ before, after }) => {
        const once = reapply(before, after);
        const reversed = {
          ...before,
          exceptions: before.exceptions.toReversed(),
          cancelled: before.cancelled.toReversed(),
        };

        expect(reapply(before, once.series).series).toEqual(once.series);
        expect(reapply(reversed, after)).toEqual(once);
      }),
      RUNS,
    );
  });
});

describe("S43: generated cuts", () => {
  const cut = fc.record({
    rule: fc.constantFrom("FREQ=WEEKLY", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TH"),
    zone,
    from: hour,
    to: hour,
    kept: fc.integer({ min: 1, max: 20 }),
  });

  function play({ rule: text, zone: place, from, to, kept }: typeof cut extends fc.Arbitrary<infer T> ? T : never) {
    const first = lessonAt(`2027-01-11T${from}`, place);
    const series = seriesOf(first, text);
    const lost = occurrencesOf(series, DAYS).items.slice(kept);
    const next = seriesOf(lessonAt(`${lost[0]?.day}T${to}`, place), text);
    const content = { title: "Putting lesson" };
    return {
      lost: lost.map(({ original }) => original),
      next: { id: "new", series: next, content },
      look: { before: { id: "old", series, content }, after: seriesOf(first, `${text};COUNT=${kept}`), days: DAYS },
    };
  }

  test("the continuation is found, at the old time or a new one, and nothing of it counts as gone", () => {
    fc.assert(
      fc.property(cut, (made) => {
        const { next, look } = play(made);

        expect(findContinuation({ ...look, candidates: [next], complete: true })).toEqual({
          kind: "continues",
          parts: [{ id: "new", by: made.from === made.to ? "same-times" : "same-look" }],
          gone: [],
        });
      }),
      RUNS,
    );
  });

  test("without one exactly the tail is gone, and only where everything was read", () => {
    fc.assert(
      fc.property(cut, (made) => {
        const { lost, look } = play(made);

        expect(findContinuation({ ...look, candidates: [], complete: true })).toEqual({ kind: "ended", gone: lost });
        expect(findContinuation({ ...look, candidates: [], complete: false }).kind).toBe("unclear");
      }),
      RUNS,
    );
  });
});

describe("S34: generated deletions", () => {
  test("just those occurrences are missing that somebody deleted; where several and all are gone, nothing is said (law 2)", () => {
    fc.assert(
      fc.property(rule, zone, hour, places, places, (text, place, at, known, deleted) => {
        const series = changed(seriesOf(lessonAt(`2027-01-11T${at}`, place), text), known, []);
        const starts = startsOf(series);
        const gone = starts.filter((start, position) => deleted.includes(position) && start < "2027-06-30");
        const instances = starts
          .filter((start) => !gone.includes(start))
          .map((original) => ({ original, content: {} }));

        const seen = compareInstances(
          series,
          {},
          { instances, from: "2027-01-01T00:00:00.000Z", until: "2027-07-01T00:00:00.000Z", complete: true },
        );

        const allGone = instances.length === 0 && gone.length > 1;
        expect(seen).toEqual(
          allGone
            ? { kind: "inconclusive", why: "empty" }
            : { kind: "compared", missing: gone, unexpected: [], exceptions: [] },
        );
      }),
      RUNS,
    );
  });
});
