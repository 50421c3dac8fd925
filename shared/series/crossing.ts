import type { Exception, Series } from "../sync/series.ts";
import type { PlainDate } from "../sync/time.ts";
import { occurrencesOf } from "./occurrences.ts";
import { addDays, dayOf } from "./wall-time.ts";

/**
 * True where an exception moves its occurrence onto or past the day of a neighbour: Graph refuses that with
 * `ErrorOccurrenceCrossingBoundary`. Neighbours count where they are now; cancelled ones do not count.
 */
export function crossesNeighbour(series: Series, exception: Exception): boolean {
  const { span } = exception.content;
  if (span === undefined || span.kind !== series.first.kind) return false;
  const from = dayOf(exception.original, series.first);
  const to = dayOf(span.start, series.first);
  const others = daysOfOthers(series, exception, from < to ? [from, to] : [to, from]);
  if (to === from) return false;
  return others.some((day) => (to > from ? day > from && day <= to : day < from && day >= to));
}

/** The days of all other occurrences that were, or are, between two days. */
function daysOfOthers(series: Series, exception: Exception, [low, high]: [PlainDate, PlainDate]): PlainDate[] {
  const moved = new Map(series.exceptions.map(({ original, content }) => [original, content.span?.start]));
  const within = occurrencesOf(series, { from: low, until: addDays(high, 1) }).items;
  const here = within
    .filter(({ original }) => original !== exception.original)
    .filter(({ original }) => moved.get(original) === undefined)
    .map(({ day }) => day);
  const movedHere = series.exceptions
    .filter(({ original }) => original !== exception.original)
    .flatMap(({ content }) => (content.span === undefined ? [] : [dayOf(content.span.start, series.first)]));
  return [...here, ...movedHere];
}
