import type { OriginalStart, Series } from "../sync/series.ts";
import type { PlainDate } from "../sync/time.ts";
import { occurrencesAt } from "./expand.ts";
import { type Days, firstStart, occurrencesOf } from "./occurrences.ts";
import { whole } from "./same-rule.ts";
import { addDays, dayOf, daysBetween } from "./wall-time.ts";

/** The occurrence of a new rule that an old one became. */
export type Fit =
  | { readonly kind: "one"; readonly original: OriginalStart }
  | { readonly kind: "several" }
  | { readonly kind: "none" };

/** Around the occurrences in question so many days are looked at. */
const AROUND = 31;

/**
 * Finds for each old occurrence the one that it became under the new rule:
 *
 *     at the same moment              → that one
 *     on the same local day, alone    → the time of day has changed
 *     no day in common, and all days  → the whole series has moved, e.g. from Tuesdays to Wednesdays
 *       moved by the same number
 *
 * Anything else is a guess, and left to a person.
 */
export function fitting(
  before: Series,
  after: Series,
  asked: readonly OriginalStart[],
): ReadonlyMap<OriginalStart, Fit> {
  if (asked.length === 0) return new Map();
  const old = whole(before);
  const next = whole(after);
  const valid = occurrencesAt(old, asked, "shifted");
  const exact = occurrencesAt(next, asked, "shifted");
  const days = daysAround(old, asked);
  const oldDays = byDay(old, days);
  const nextDays = byDay(next, { from: addDays(days.from, -AROUND), until: addDays(days.until, AROUND) });
  const shift = shiftBetween(old, next, days);
  const fits = asked.map((original): [OriginalStart, Fit] => {
    if (!valid.has(original)) return [original, { kind: "none" }];
    if (exact.has(original)) return [original, { kind: "one", original }];
    const day = dayOf(original, before.first);
    if ((oldDays.get(day) ?? []).length > 1) return [original, fitOf(nextDays.get(day), "several")];
    return [original, fitOf(nextDays.get(addDays(day, shift)), "one")];
  });
  return new Map(fits);
}

/** `of`: how many old occurrences share the day; with several, none of the new ones is surely theirs. */
function fitOf(found: readonly OriginalStart[] | undefined, of: "one" | "several"): Fit {
  const [original, ...others] = found ?? [];
  if (original === undefined) return { kind: "none" };
  return others.length > 0 || of === "several" ? { kind: "several" } : { kind: "one", original };
}

/** By how many days the whole series has moved; 0 where it has not, or not as a whole. */
function shiftBetween(before: Series, after: Series, days: Days): number {
  const [from, to] = [firstStart(before)?.day, firstStart(after)?.day];
  if (from === undefined || to === undefined) return 0;
  const shift = daysBetween(from, to);
  if (Math.abs(shift) > AROUND) return 0;
  const old = [...byDay(before, days).keys()];
  const moved = { from: addDays(days.from, shift), until: addDays(days.until, shift) };
  const next = [...byDay(after, moved).keys()];
  const same = new Set(byDay(after, days).keys());
  const asOne = old.length === next.length && old.every((day, place) => addDays(day, shift) === next[place]);
  return asOne && !old.some((day) => same.has(day)) ? shift : 0;
}

function byDay(series: Series, days: Days): Map<PlainDate, OriginalStart[]> {
  const found = new Map<PlainDate, OriginalStart[]>();
  for (const { day, original } of occurrencesOf(series, days, "shifted").items) {
    found.set(day, [...(found.get(day) ?? []), original]);
  }
  return found;
}

function daysAround(series: Series, asked: readonly OriginalStart[]): Days {
  const days = asked.map((original) => dayOf(original, series.first)).sort();
  const [low = "", high = ""] = [days[0], days.at(-1)];
  return { from: addDays(low, -AROUND), until: addDays(high, AROUND + 1) };
}
