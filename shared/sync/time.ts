/**
 * A point in time: ISO 8601, UTC, always with milliseconds (`2027-01-10T09:00:00.000Z`), so that
 * the order of the strings is the order of the instants.
 */
export type Instant = string;

/** A calendar date without a zone, `2027-01-10`. */
export type PlainDate = string;

/**
 * When something takes place. Ends are exclusive. `zone` (IANA) is what people see on the wall; it
 * never takes part in a comparison, since providers rename zones at will (S24).
 */
export type Span =
  | { readonly kind: "timed"; readonly start: Instant; readonly end: Instant; readonly zone?: string }
  | { readonly kind: "all-day"; readonly start: PlainDate; readonly end: PlainDate };

/** True where both name the same time; the zone's spelling does not count. */
export function sameSpan(a: Span, b: Span): boolean {
  return a.kind === b.kind && a.start === b.start && a.end === b.end;
}

/** True where the two share at least one moment. Spans of different kinds are compared by date text. */
export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/** True where the span's end lies after `now`. An all-day span ends at its last midnight, read as UTC. */
export function isFuture(span: Span, now: Instant): boolean {
  return span.end > now;
}

/** Length in milliseconds; all-day spans count whole days of 24 hours. */
export function lengthMs(span: Span): number {
  return Date.parse(span.end) - Date.parse(span.start);
}

/** `at` moved by `ms` milliseconds. Throws a RangeError on text that is no instant. */
export function later(at: Instant, ms: number): Instant {
  return new Date(Date.parse(at) + ms).toISOString();
}
