import { Temporal } from "temporal-polyfill";
import type { OriginalStart, SeriesSpan } from "../sync/series.ts";
import type { Instant, PlainDate, Span } from "../sync/time.ts";

/** An instant that a wall clock shows; `gap` where the clock skips that time in spring, and shows a later one. */
export interface Resolved {
  readonly at: Instant;
  readonly gap: boolean;
}

/** What the wall clock of a zone shows at an instant. */
export function wallAt(at: Instant, zone: string): Temporal.PlainDateTime {
  return Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDateTime();
}

/**
 * The instant at which the wall clock of a zone shows `wall`. Shown twice (autumn): the first. Never shown
 * (spring): as much later as the clock is put forward (RFC 5545 3.3.5), and `gap` says so.
 */
export function instantAt(wall: Temporal.PlainDateTime, zone: string): Resolved {
  const at = wall.toZonedDateTime(zone, { disambiguation: "compatible" });
  return { at: isoOf(at.epochMilliseconds), gap: !at.toPlainDateTime().equals(wall) };
}

/** A span in instants: whole days last from midnight to midnight on the wall of a zone. */
export function instantsOf(span: Span, zone: string): { readonly start: Instant; readonly end: Instant } {
  if (span.kind === "timed") return span;
  const midnight = (date: PlainDate) => isoOf(Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds);
  return { start: midnight(span.start), end: midnight(span.end) };
}

/** Where a series starts on the wall; at midnight where it is all-day. */
export function wallStart(span: SeriesSpan): Temporal.PlainDateTime {
  return span.kind === "timed" ? wallAt(span.start, span.zone) : Temporal.PlainDate.from(span.start).toPlainDateTime();
}

/** True where it can name an occurrence of the series: an instant where it is timed, a date where all-day. */
export function isKindOf(original: OriginalStart, first: SeriesSpan): boolean {
  return original.includes("T") === (first.kind === "timed");
}

/** The day on which an occurrence begins, as people at the place say it. */
export function dayOf(original: OriginalStart, first: SeriesSpan): PlainDate {
  return first.kind === "timed" ? wallAt(original, first.zone).toPlainDate().toString() : original;
}

/** `days` later; earlier where negative. */
export function addDays(date: PlainDate, days: number): PlainDate {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** How many days `to` lies after `from`. */
export function daysBetween(from: PlainDate, to: PlainDate): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: "days" }).days;
}

export function isoOf(ms: number): Instant {
  return new Date(ms).toISOString();
}
