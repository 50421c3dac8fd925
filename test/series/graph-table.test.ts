import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { expand } from "../../shared/series/expand.ts";
import { fromGraph } from "../../shared/series/from-graph.ts";
import { DOCUMENTED_HABITS } from "../../shared/series/graph-recurrence.ts";
import { toGraph } from "../../shared/series/to-graph.ts";
import { GRAPH_CASES } from "./graph-cases.ts";
import { instantsOn, walkGraph } from "./graph-walk.ts";
import { walkRule } from "./rule-walk.ts";
import { lessonAt, seriesOf } from "./series-of.ts";

const ZONES = ["Europe/Oslo", "America/New_York", "Australia/Lord_Howe"];
const THREE_YEARS = 1_096;

/** Local times in angle brackets, in UTC as RFC 5545 wants UNTIL. */
function inZone(rule: string, zone: string): string {
  return rule.replace(/<(.*)>/, (_, wall: string) => {
    const at = Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).toInstant().toString();
    return at.replaceAll(/[-:]/g, "");
  });
}

/** One rule over three years in one zone; both ways round, and the occurrences of each. */
function play(rule: string, start: string, zone: string) {
  const from = start.slice(0, 10);
  const until = Temporal.PlainDate.from(from).add({ days: THREE_YEARS }).toString();
  const first = lessonAt(start, zone);
  const series = seriesOf(first, inZone(rule, zone));
  const horizon = { from, days: THREE_YEARS, most: 10_000 };
  const graph = toGraph(series, { habits: DOCUMENTED_HABITS, zone, horizon });
  return { wanted: walkRule(inZone(rule, zone), start, zone, until), graph, horizon, until, time: start.slice(11) };
}

describe("S43: each rule shows the same in Outlook over three years, in three zones", () => {
  test.each(GRAPH_CASES)("$rule from $start becomes $becomes", ({ rule, start, becomes }) => {
    for (const zone of ZONES) {
      const { wanted, graph, horizon, until, time } = play(rule, start, zone);

      if (graph.kind === "expanded") {
        expect(graph.why).toBe(becomes);
        expect(graph.instances.map(({ span }) => span.start)).toEqual(wanted);
        expect(graph.until).toBe(until);
        continue;
      }
      expect(graph.recurrence.pattern.type).toBe(becomes);
      const shown = instantsOn(walkGraph(graph.recurrence, until, DOCUMENTED_HABITS), time, zone);
      expect(shown).toEqual(wanted);
      expect(graph.first.start).toBe(wanted[0]);
      const master = {
        start: { dateTime: `${graph.recurrence.range.startDate}T${time}:00.0000000`, timeZone: zone },
        end: { dateTime: graph.first.end.slice(0, -1), timeZone: "UTC" },
        isAllDay: false,
        recurrence: graph.recurrence,
      };
      const back = fromGraph(master, DOCUMENTED_HABITS);
      if ("unreadable" in back) throw new Error(back.unreadable);
      expect(expand(back.series, horizon).instances.map(({ span }) => span.start)).toEqual(wanted);
    }
  });
});
