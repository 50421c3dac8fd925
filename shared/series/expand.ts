import type { Content } from "../sync/content.ts";
import type { OriginalStart, Series } from "../sync/series.ts";
import type { PlainDate, Span } from "../sync/time.ts";
import type { GapHabit } from "./candidates.ts";
import { type Days, type Occurrence, occurrencesOf } from "./occurrences.ts";
import { addDays, dayOf, isKindOf } from "./wall-time.ts";

/** How far a series is written out where it must be: so many days from a local date, and no more than so many. */
export interface Horizon {
  readonly from: PlainDate;
  readonly days: number;
  readonly most: number;
}

/** One occurrence as an event of its own. `content` is what its exception says, the time apart. */
export interface Instance {
  readonly original: OriginalStart;
  readonly span: Span;
  readonly content: Content;
}

export interface Expansion {
  readonly instances: readonly Instance[];
  /** Local date up to which, exclusive, all instances are here. */
  readonly until: PlainDate;
}

/**
 * The occurrences as they are seen on the days of the horizon, moved ones where they were moved to. Where `most` is
 * passed the expansion ends a day earlier than asked, at a day that is whole; `until` tells.
 */
export function expand(series: Series, horizon: Horizon, gaps: GapHabit = "skipped"): Expansion {
  const days = { from: horizon.from, until: addDays(horizon.from, horizon.days) };
  const placed = placedInstances(series, days, gaps);
  const cut = placed[horizon.most];
  const until = cut === undefined ? days.until : placedDay(cut, series);
  return { instances: placed.filter((instance) => placedDay(instance, series) < until), until };
}

function placedInstances(series: Series, days: Days, gaps: GapHabit): Instance[] {
  const excepted = new Set(series.exceptions.map(({ original }) => original));
  const plain = occurrencesOf(series, days, gaps)
    .items.filter(({ original }) => !excepted.has(original))
    .map(({ original, span }) => ({ original, span, content: {} }));
  const changed = changedInstances(series, gaps).filter((instance) => {
    const day = placedDay(instance, series);
    return day >= days.from && day < days.until;
  });
  return [...plain, ...changed].sort((a, b) => (a.span.start < b.span.start ? -1 : 1));
}

/** The occurrences with an exception, wherever they lie; an exception to no occurrence is none. */
function changedInstances(series: Series, gaps: GapHabit): Instance[] {
  const found = occurrencesAt(
    series,
    series.exceptions.map(({ original }) => original),
    gaps,
  );
  return series.exceptions.flatMap(({ original, content }) => {
    const occurrence = found.get(original);
    if (occurrence === undefined) return [];
    const { span = occurrence.span, ...others } = content;
    return [{ original, span, content: others }];
  });
}

/** Which of these starts are occurrences; one of another kind is none. */
export function occurrencesAt(
  series: Series,
  originals: readonly OriginalStart[],
  gaps: GapHabit = "skipped",
): ReadonlyMap<OriginalStart, Occurrence> {
  const own = originals.filter((original) => isKindOf(original, series.first));
  const days = new Set(own.map((original) => dayOf(original, series.first)));
  const found = spansOf([...days].sort()).flatMap((span) => occurrencesOf(series, span, gaps).items);
  const asked = new Set(own);
  return new Map(found.filter(({ original }) => asked.has(original)).map((one) => [one.original, one]));
}

/** Days that lie within a month of each other are walked at once. */
function spansOf(days: readonly PlainDate[]): Days[] {
  const spans: Days[] = [];
  for (const day of days) {
    const last = spans.at(-1);
    if (last !== undefined && day < addDays(last.until, 31))
      spans[spans.length - 1] = { ...last, until: addDays(day, 1) };
    else spans.push({ from: day, until: addDays(day, 1) });
  }
  return spans;
}

function placedDay(instance: Instance, series: Series): PlainDate {
  return dayOf(instance.span.kind === series.first.kind ? instance.span.start : instance.original, series.first);
}
