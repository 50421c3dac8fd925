import * as fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { fromGraph } from "../../shared/series/from-graph.ts";
import type { GraphHabits, GraphRecurrence } from "../../shared/series/graph-recurrence.ts";
import { occurrencesOf } from "../../shared/series/occurrences.ts";
import { readRecurrence, writeRecurrence } from "../../shared/series/recurrence-lines.ts";
import { sameRule } from "../../shared/series/same-rule.ts";
import { type GraphSeries, toGraph } from "../../shared/series/to-graph.ts";
import type { Series } from "../../shared/sync/series.ts";
import { date, habits, pattern, rule, time, zone } from "./generated-rules.ts";
import { instantsOn, walkGraph } from "./graph-walk.ts";
import { walkRule } from "./rule-walk.ts";
import { lessonAt, seriesOf } from "./series-of.ts";

const DAYS = 1_096;
const RUNS = { numRuns: 80 };

function endOf(from: string): string {
  return Temporal.PlainDate.from(from).add({ days: DAYS }).toString();
}

function startsOf(series: Series, from: string): string[] {
  return occurrencesOf(series, { from, until: endOf(from) }).items.map(({ original }) => original);
}

function seriesBack(
  graph: GraphSeries & { kind: "recurrence" },
  habit: GraphHabits,
  at: string,
  place: string,
): Series {
  const { range } = graph.recurrence;
  const master = {
    start: { dateTime: `${range.startDate}T${at}:00`, timeZone: place },
    end: { dateTime: graph.first.end.slice(0, -1), timeZone: "UTC" },
    isAllDay: false,
    recurrence: graph.recurrence,
  };
  const read = fromGraph(master, habit, place);
  if ("unreadable" in read) throw new Error(read.unreadable);
  return read.series;
}

describe("generated rules", () => {
  test("S43: what Outlook is told shows what the rule says, or is written out in full", () => {
    let kept = 0;
    fc.assert(
      fc.property(rule, date, time, zone, habits, (text, from, at, place, habit) => {
        const wanted = walkRule(text, `${from}T${at}`, place, endOf(from));
        const series = seriesOf(lessonAt(`${from}T${at}`, place), text);
        const horizon = { from, days: DAYS, most: 2_000 };

        const graph = toGraph(series, { habits: habit, zone: place, horizon });

        if (graph.kind === "expanded") {
          expect(graph.instances.map(({ span }) => span.start)).toEqual(wanted);
          return;
        }
        kept++;
        expect(instantsOn(walkGraph(graph.recurrence, endOf(from), habit), at, place)).toEqual(wanted);
        const back = seriesBack(graph, habit, at, place);
        expect(startsOf(back, from)).toEqual(wanted);
        expect(sameRule(back, series, { from, until: endOf(from) })).toBe(true);
      }),
      RUNS,
    );
    expect(kept).toBeGreaterThan(RUNS.numRuns / 4);
  });

  test("law 9: what came back from Outlook is written to it in the same words", () => {
    fc.assert(
      fc.property(rule, date, time, zone, habits, (text, from, at, place, habit) => {
        const series = seriesOf(lessonAt(`${from}T${at}`, place), text);
        const options = { habits: habit, zone: place, horizon: { from, days: DAYS, most: 2_000 } };
        const graph = toGraph(series, options);
        if (graph.kind === "expanded") return;

        const again = toGraph(seriesBack(graph, habit, at, place), options);

        expect(again).toEqual(graph);
      }),
      RUNS,
    );
  });

  test("S43: every pattern of Outlook has a rule with the same occurrences, and comes back as a pattern", () => {
    fc.assert(
      fc.property(pattern, date, time, zone, habits, (shape, from, at, place, habit) => {
        const recurrence: GraphRecurrence = {
          pattern: shape,
          range: { type: "noEnd", startDate: from, recurrenceTimeZone: place },
        };
        const wanted = instantsOn(walkGraph(recurrence, endOf(from), habit), at, place);
        const start = { dateTime: `${from}T${at}:00`, timeZone: place };
        const end = { dateTime: `${endOf(from)}T${at}:00`, timeZone: place };

        const read = fromGraph({ start, end, isAllDay: false, recurrence }, habit);

        if ("unreadable" in read) throw new Error(read.unreadable);
        expect(startsOf(read.series, from)).toEqual(wanted);
        const graph = toGraph(read.series, { habits: habit, zone: place, horizon: { from, days: DAYS, most: 2_000 } });
        if (graph.kind === "expanded") {
          expect([graph.why, wanted]).toEqual(["never-occurs", []]);
          return;
        }
        expect(instantsOn(walkGraph(graph.recurrence, endOf(from), habit), at, place)).toEqual(wanted);
      }),
      RUNS,
    );
  });

  test("lines written and read again are the same series, cancelled and extra dates too", () => {
    const places = fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 4 });
    fc.assert(
      fc.property(
        rule,
        date,
        time,
        zone,
        places,
        fc.constantFrom("counts", "left-out"),
        (text, from, at, place, gone, odd) => {
          const plain = seriesOf(lessonAt(`${from}T${at}`, place), text);
          const starts = startsOf(plain, from);
          const series = {
            ...plain,
            cancelled: starts.filter((_, position) => gone.includes(position)),
            extra: starts.slice(0, 1).map((start) => new Date(Date.parse(start) + 7_200_000).toISOString()),
          };

          const { first, lines } = writeRecurrence(series, odd);
          const read = readRecurrence(lines, first, odd);

          if ("unreadable" in read) throw new Error(read.unreadable);
          if (starts.length > 0) expect(startsOf(read.series, from)).toEqual(startsOf(series, from));
        },
      ),
      RUNS,
    );
  });
});
