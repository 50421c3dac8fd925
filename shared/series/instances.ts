import { type Content, differingFields, pick } from "../sync/content.ts";
import type { Exception, OriginalStart, Series } from "../sync/series.ts";
import type { Instant, Span } from "../sync/time.ts";
import { occurrencesAt } from "./expand.ts";
import { occurrencesOf, spanAt } from "./occurrences.ts";
import { addDays, dayOf } from "./wall-time.ts";

/** One instance of a series as a calendar lists it. */
export interface ListedInstance {
  readonly original: OriginalStart;
  readonly content: Content;
}

/** A listing of one series' instances between two instants; `complete` only where every page was read. */
export interface Listing {
  readonly instances: readonly ListedInstance[];
  readonly from: Instant;
  readonly until: Instant;
  readonly complete: boolean;
}

export type Comparison =
  | {
      readonly kind: "compared";
      /** Should be there, and are not (S34). To be confirmed by a read before anything is cancelled (R5). */
      readonly missing: readonly OriginalStart[];
      /** Are there, and no rule says so: the rule has changed since it was read. */
      readonly unexpected: readonly ListedInstance[];
      /** What the instances say otherwise than the series. */
      readonly exceptions: readonly Exception[];
    }
  /** Nothing follows from it (law 2): pages are missing, or none of several instances is there. */
  | { readonly kind: "inconclusive"; readonly why: "partial" | "empty" };

/**
 * Compares what a series should show with what a calendar lists. Graph's delta is silent about an occurrence that
 * was deleted, so this is how it is found. An occurrence counts as missing only where its whole time lies within the
 * listing, and where the clock shows its time at all: what calendars do with a skipped hour is not known.
 */
export function compareInstances(series: Series, content: Content, listing: Listing): Comparison {
  if (!listing.complete) return { kind: "inconclusive", why: "partial" };
  const expected = expectedWithin(series, listing);
  if (listing.instances.length === 0 && expected.length > 1) return { kind: "inconclusive", why: "empty" };
  const listed = new Set(listing.instances.map(({ original }) => original));
  const known = knownStarts(series, listing);
  return {
    kind: "compared",
    missing: expected.filter((original) => !listed.has(original)),
    unexpected: listing.instances.filter(({ original }) => !known.has(original)),
    exceptions: listing.instances
      .filter(({ original }) => known.has(original))
      .flatMap((instance) => exceptionOf(series, content, instance)),
  };
}

/** What an instance says otherwise than its series; nothing where it says the same. */
export function exceptionOf(series: Series, content: Content, instance: ListedInstance): Exception[] {
  const plain: Content = { ...content, span: spanAt(instance.original, series.first) };
  const fields = differingFields(plain, instance.content);
  return fields.length === 0 ? [] : [{ original: instance.original, content: pick(instance.content, fields) }];
}

/** The starts whose time, moved ones as moved, lies wholly within the listing. */
function expectedWithin(series: Series, listing: Listing): OriginalStart[] {
  const moved = new Map(series.exceptions.map(({ original, content }) => [original, content.span]));
  return [...startsAround(series, listing), ...occurrencesAt(series, [...moved.keys()]).keys()]
    .filter((original, place, all) => all.indexOf(original) === place)
    .filter((original) => isWithin(moved.get(original) ?? spanAt(original, series.first), series, listing))
    .sort();
}

function startsAround(series: Series, listing: Listing): OriginalStart[] {
  return occurrencesOf(series, daysAround(series, listing)).items.map(({ original }) => original);
}

/** Every start that the series may show, those in a gap of the clock and those cancelled meanwhile too. */
function knownStarts(series: Series, listing: Listing): ReadonlySet<OriginalStart> {
  const open = { ...series, cancelled: [] };
  const asked = listing.instances.map(({ original }) => original);
  const { gaps } = occurrencesOf(open, daysAround(series, listing));
  return new Set([...occurrencesAt(open, asked).keys(), ...gaps]);
}

function daysAround({ first }: Series, { from, until }: Listing) {
  const [low, high] = [dayAt(from, first), dayAt(until, first)];
  return { from: addDays(low, -1), until: addDays(high, 2) };
}

function dayAt(at: Instant, first: Series["first"]): string {
  return first.kind === "timed" ? dayOf(at, first) : at.slice(0, 10);
}

/** All-day occurrences only where a day on either side is within too: their dates lie differently in each zone. */
function isWithin(span: Span, series: Series, { from, until }: Listing): boolean {
  if (series.first.kind === "timed" && span.kind === "timed") return span.start >= from && span.end <= until;
  const day = (text: string) => text.slice(0, 10);
  return addDays(day(span.start), -1) >= day(from) && addDays(day(span.end), 1) <= day(until);
}
