import type { OriginalStart, Series, SeriesSpan } from "../sync/series.ts";
import type { PlainDate, Span } from "../sync/time.ts";
import { type Candidate, candidates, type GapHabit, MAX_CANDIDATES } from "./candidates.ts";
import { addDays, dayOf, daysBetween, isoOf } from "./wall-time.ts";

/** Local dates in the series' zone; `until` is exclusive. */
export interface Days {
  readonly from: PlainDate;
  readonly until: PlainDate;
}

export interface Occurrence {
  readonly original: OriginalStart;
  /** Local date on which it begins. */
  readonly day: PlainDate;
  /** Without its exception. */
  readonly span: Span;
}

export interface Occurrences {
  readonly items: readonly Occurrence[];
  /** Starts that the clock skips and that are left out here; a calendar may show them all the same. */
  readonly gaps: readonly OriginalStart[];
  /** False where a limit ended the walk early (law 12): what is not here may exist. */
  readonly complete: boolean;
}

/**
 * The occurrences that begin within `days`, in order: rules and extra dates, less what is excluded or cancelled.
 * Exceptions do not move them here.
 */
export function occurrencesOf(series: Series, days: Days, gaps: GapHabit = "skipped"): Occurrences {
  const given = series.rules.map((rule) => walkDays(candidates(rule, series.first, days.from, gaps), days));
  const excluded = series.excluding.map((rule) => walkDays(candidates(rule, series.first, days.from, gaps), days));
  const removed = new Set([...series.cancelled, ...excluded.flatMap(({ found }) => found.map(({ at }) => at))]);
  const all = [...given.flatMap(({ found }) => found), ...datesWithin(series, days)];
  const kept = [...new Map(all.map((one) => [one.at, one])).values()].filter(({ at }) => !removed.has(at));
  const shown = gaps === "shifted" ? kept : kept.filter(({ gap }) => !gap);
  return {
    items: shown
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .map(({ at, day }) => ({ original: at, day, span: spanAt(at, series.first) })),
    gaps: gaps === "shifted" ? [] : kept.filter(({ gap }) => gap).map(({ at }) => at),
    complete: [...given, ...excluded].every(({ complete }) => complete),
  };
}

/** The first start that the series' rules give, even where it is cancelled; undefined where there is none. */
export function firstStart(series: Series): Candidate | undefined {
  const starts = series.rules.flatMap((rule) => {
    const { value } = candidates(rule, series.first, dayOf(series.first.start, series.first), "shifted").next();
    return value ?? [];
  });
  return starts.sort((a, b) => (a.at < b.at ? -1 : 1))[0];
}

/** The time of the occurrence that begins at `original`: as long as the first, to the millisecond (RFC 5545 3.8.5.3). */
export function spanAt(original: OriginalStart, first: SeriesSpan): Span {
  if (first.kind === "all-day") {
    return { kind: "all-day", start: original, end: addDays(original, daysBetween(first.start, first.end)) };
  }
  const length = Date.parse(first.end) - Date.parse(first.start);
  return { kind: "timed", start: original, end: isoOf(Date.parse(original) + length), zone: first.zone };
}

/** The same length, at another start. */
export function startingAt(original: OriginalStart, first: SeriesSpan): SeriesSpan {
  const { start, end } = spanAt(original, first);
  return { ...first, start, end };
}

function walkDays(walk: Generator<Candidate>, days: Days): { found: Candidate[]; complete: boolean } {
  const found: Candidate[] = [];
  let walked = 0;
  for (const candidate of walk) {
    if (candidate.day >= days.until) return { found, complete: true };
    if (candidate.day >= days.from) found.push(candidate);
    walked++;
  }
  return { found, complete: walked < MAX_CANDIDATES };
}

/** Without a rule the first start is one of the series' dates. */
function datesWithin({ first, rules, extra }: Series, days: Days): Candidate[] {
  const dates = rules.length === 0 ? [first.start, ...extra] : extra;
  return dates
    .map((at) => ({ at, day: dayOf(at, first), gap: false }))
    .filter(({ day }) => day >= days.from && day < days.until);
}
