import { Temporal } from "temporal-polyfill";
import { readRecurrence } from "../../shared/series/recurrence-lines.ts";
import { instantAt } from "../../shared/series/wall-time.ts";
import type { Series, SeriesSpan } from "../../shared/sync/series.ts";

/** A lesson of an hour that begins at `wall` (`2027-01-12T09:00`) by the clock of `zone`. */
export function lessonAt(wall: string, zone: string): SeriesSpan & { readonly kind: "timed" } {
  const start = instantAt(Temporal.PlainDateTime.from(wall), zone).at;
  return { kind: "timed", start, end: new Date(Date.parse(start) + 3_600_000).toISOString(), zone };
}

/** The series of these lines; a bare rule may stand for its RRULE line. */
export function seriesOf(first: SeriesSpan, ...lines: readonly string[]): Series {
  const read = readRecurrence(
    lines.map((line) => (line.startsWith("FREQ=") ? `RRULE:${line}` : line)),
    first,
    "left-out",
  );
  if ("unreadable" in read) throw new Error(`${read.unreadable}: ${lines.join(" ")}`);
  return read.series;
}
