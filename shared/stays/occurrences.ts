import { expand } from "../series/expand.ts";
import { readRecurrence } from "../series/recurrence-lines.ts";
import { addDays, daysBetween } from "../series/wall-time.ts";
import type { SeriesSpan } from "../sync/series.ts";
import type { PlainDate, Span } from "../sync/time.ts";
import type { Property } from "./property.ts";

const RULES = new Set(["RRULE", "RDATE", "EXDATE", "EXRULE"]);
/** What repeats more often in the time that is looked at is set aside (law 12). */
const MOST = 800;

/** The days in which occurrences are written out. */
export interface Days {
  readonly from: PlainDate;
  readonly until: PlainDate;
}

export interface Occurring {
  readonly original: string;
  readonly span: Span;
}

export function repeats(properties: readonly Property[]): boolean {
  return properties.some(({ name }) => RULES.has(name));
}

/** The occurrences of a repeating event that begin within the days; the reason where its rule cannot be read. */
export function occurrencesOf(
  properties: readonly Property[],
  span: Span,
  days: Days,
): readonly Occurring[] | { readonly unreadable: string } {
  const first: SeriesSpan = span.kind === "timed" ? { ...span, zone: span.zone ?? "UTC" } : span;
  const lines = properties.filter(({ name }) => RULES.has(name)).map(({ line }) => line);
  const read = readRecurrence(lines, first);
  if ("unreadable" in read) return read;
  const from = addDays(days.from, -daysLong(span));
  const asked = daysBetween(from, days.until);
  const { instances, until } = expand(read.series, { from, days: asked, most: MOST });
  if (until < addDays(from, asked))
    return { unreadable: `it repeats more than ${MOST} times in the time that is looked at` };
  return instances.map(({ original, span: shown }) => ({ original, span: shown }));
}

/** One that began before the days may reach into them. */
function daysLong(span: Span): number {
  return daysBetween(span.start.slice(0, 10), span.end.slice(0, 10)) + 1;
}
