import type { OriginalStart, Series } from "../sync/series.ts";
import { candidates } from "./candidates.ts";
import { type Days, occurrencesOf } from "./occurrences.ts";
import { dayOf } from "./wall-time.ts";

/**
 * Whether two series repeat at the same times, whatever their rules' words: a COUNT that came back as an end date, a
 * last day of the month said in another way, a renamed zone are no change (law 9). What is cancelled or changed in
 * them does not count. Endless series are compared over `days`, others to their end too.
 */
export function sameRule(a: Series, b: Series, days: Days): boolean {
  if (a.first.kind !== b.first.kind || lengthOf(a) !== lengthOf(b)) return false;
  const [one, other] = [whole(a), whole(b)];
  return sameStarts(startsOf(one, days), startsOf(other, days)) && lastStart(one) === lastStart(other);
}

/** The series without what was done to single occurrences. */
export function whole(series: Series): Series {
  return { ...series, cancelled: [], exceptions: [] };
}

function startsOf(series: Series, days: Days): OriginalStart[] {
  return occurrencesOf(series, days).items.map(({ original }) => original);
}

function sameStarts(a: readonly OriginalStart[], b: readonly OriginalStart[]): boolean {
  return a.length === b.length && a.every((original, place) => original === b[place]);
}

/** The last start; undefined where there is none, or no end. */
function lastStart(series: Series): OriginalStart | undefined {
  const { rules, first, extra } = series;
  if (rules.some(({ ends }) => ends.kind === "never")) return undefined;
  const lasts = rules.flatMap((rule) => {
    const starts = [...candidates(rule, first, dayOf(first.start, first), "skipped")].filter(({ gap }) => !gap);
    return starts.at(-1)?.at ?? [];
  });
  return [...lasts, ...extra].sort().at(-1);
}

/** In milliseconds or, all-day, in days: only compared within one kind. */
function lengthOf({ first }: Series): number {
  return Date.parse(first.end) - Date.parse(first.start);
}
