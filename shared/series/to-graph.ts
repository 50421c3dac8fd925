import { Temporal } from "temporal-polyfill";
import type { Exception, OriginalStart, Rule, Series, SeriesSpan } from "../sync/series.ts";
import { type Candidate, candidates, MAX_CANDIDATES } from "./candidates.ts";
import { crossesNeighbour } from "./crossing.ts";
import { type Expansion, expand, type Horizon, occurrencesAt } from "./expand.ts";
import { patternOf } from "./graph-pattern.ts";
import type { GraphHabits, GraphRange, GraphRecurrence } from "./graph-recurrence.ts";
import type { Inexpressible } from "./inexpressible.ts";
import { firstStart, startingAt } from "./occurrences.ts";
import { settleRule } from "./settle-rule.ts";
import { dayOf, wallAt, wallStart } from "./wall-time.ts";
import { windowsZone } from "./zone.ts";

export interface GraphOptions {
  readonly habits: GraphHabits;
  /** The resource's zone (IANA), in which Graph is told where an all-day series begins. */
  readonly zone: string;
  readonly horizon: Horizon;
}

/** What is to be written so that Outlook shows exactly the series' occurrences. */
export type GraphSeries =
  | {
      readonly kind: "recurrence";
      /** Of the series master; never before the first occurrence. */
      readonly first: SeriesSpan;
      readonly recurrence: GraphRecurrence;
      /** Graph has no EXDATE: these are deleted when the series is there. */
      readonly toDelete: readonly OriginalStart[];
      /** Written to their occurrences when the series is there. */
      readonly exceptions: readonly Exception[];
      /** Exceptions to no occurrence: nothing can be written for them. */
      readonly astray: readonly Exception[];
      /** `last-day`: COUNT is written as the date it comes to, since what Graph counts is not told. */
      readonly reworded?: "last-day";
    }
  /** Not to be said as a recurrence: written as single events as far as the horizon, and again as it moves on. */
  | ({ readonly kind: "expanded"; readonly why: Inexpressible } & Expansion);

/** The series as Outlook can hold it. The occurrences are always the same; where they cannot be, they are expanded. */
export function toGraph(series: Series, options: GraphOptions): GraphSeries {
  const written = write(series, options);
  if (!("why" in written)) return written;
  return { kind: "expanded", why: written.why, ...expand(series, options.horizon) };
}

type Written = Extract<GraphSeries, { kind: "recurrence" }> | { readonly why: Inexpressible };

function write(series: Series, { habits, zone }: GraphOptions): Written {
  const [rule, ...others] = series.rules;
  if (rule === undefined) return { why: "no-rule" };
  if (others.length > 0) return { why: "several-rules" };
  if (series.excluding.length > 0) return { why: "excluding-rule" };
  if (series.extra.length > 0) return { why: "extra-dates" };
  const begins = firstStart(series);
  if (begins === undefined) return { why: "never-occurs" };
  const pattern = patternOf(settleRule(rule, wallStart(series.first)), monthOf(begins), habits);
  if ("why" in pattern) return pattern;
  const changes = changesOf(series, habits);
  if (changes.exceptions.some((exception) => crossesNeighbour(series, exception))) return { why: "crosses-neighbour" };
  const end = endOf(rule, series.first, changes.toDelete.length + changes.exceptions.length > 0);
  if ("why" in end) return end;
  const { reworded, ...range } = end;
  const recurrenceTimeZone = zoneName(series.first.kind === "timed" ? series.first.zone : zone, habits);
  return {
    kind: "recurrence",
    first: startingAt(begins.at, series.first),
    recurrence: { pattern: pattern.pattern, range: { ...range, startDate: begins.day, recurrenceTimeZone } },
    ...changes,
    ...(reworded && { reworded: "last-day" }),
  };
}

function monthOf(candidate: Candidate): number {
  return Number(candidate.day.slice(5, 7));
}

/** What differs from the rule, where the rule gives an occurrence; an EXDATE elsewhere never had a meaning. */
function changesOf(
  series: Series,
  habits: GraphHabits,
): { toDelete: OriginalStart[]; exceptions: Exception[]; astray: Exception[] } {
  const whole = { ...series, cancelled: [] };
  const cancelled = new Set(series.cancelled);
  const asked = [...series.cancelled, ...series.exceptions.map(({ original }) => original)];
  const given = occurrencesAt(whole, asked, habits.gaps);
  const shown = series.exceptions.filter(({ original }) => !cancelled.has(original));
  return {
    toDelete: [...cancelled].filter((original) => given.has(original)).sort(),
    exceptions: shown.filter(({ original }) => given.has(original)),
    astray: shown.filter(({ original }) => !given.has(original)),
  };
}

type End =
  | (Pick<GraphRange, "type" | "endDate" | "numberOfOccurrences"> & { readonly reworded?: boolean })
  | { readonly why: Inexpressible };

/**
 * `endDate` is inclusive, so UNTIL is the day of the last start that it lets through. A COUNT becomes a date where
 * occurrences are cancelled or changed, or fall into a gap of the clock: whether Graph counts those is not told.
 */
function endOf(rule: Rule, first: SeriesSpan, changed: boolean): End {
  switch (rule.ends.kind) {
    case "never":
      return { type: "noEnd" };
    case "until":
      return { type: "endDate", endDate: lastDay(rule.ends.until, first) };
    case "count": {
      const counted = { type: "numbered", numberOfOccurrences: rule.ends.count } as const;
      if (!changed && (first.kind === "all-day" || rule.ends.count > MAX_CANDIDATES)) return counted;
      const starts = [...candidates(rule, first, dayOf(first.start, first), "skipped")];
      if (!changed && starts.every(({ gap }) => !gap)) return counted;
      const shown = starts.filter(({ gap }) => !gap);
      const last = shown.at(-1);
      if (last === undefined || shown.length < rule.ends.count) return { why: "too-long" };
      return { type: "endDate", endDate: last.day, reworded: true };
    }
  }
}

/** The last local date on which an occurrence may begin: the day before UNTIL's, where UNTIL is earlier in the day. */
function lastDay(until: OriginalStart, first: SeriesSpan): string {
  if (first.kind === "all-day") return until;
  const wall = wallAt(until, first.zone);
  const begins = wallStart(first).toPlainTime();
  const early = Temporal.PlainTime.compare(wall.toPlainTime(), begins) < 0;
  return wall
    .toPlainDate()
    .subtract({ days: early ? 1 : 0 })
    .toString();
}

function zoneName(zone: string, habits: GraphHabits): string {
  return habits.zoneNames === "windows" ? (windowsZone(zone) ?? zone) : zone;
}
