import { Temporal } from "temporal-polyfill";
import { instantsOf } from "../../series/wall-time.ts";
import type { Instant, Span } from "../../sync/time.ts";
import { remembered } from "../remembered.ts";

const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/;
/** Further than any clock change moves a local time. */
const CLOCK_CHANGE_MS = 3 * 3_600_000;

/**
 * The instant at which the wall clock of a zone shows a time. Shown twice (autumn): the first. Never shown (spring):
 * as much later as the clock is put forward. Undefined where it is no time.
 */
export const readLocal = remembered((text: string, zone: string): Instant | undefined =>
  instantAt(text, zone, "compatible"),
);

const readSecond = remembered((text: string, zone: string): Instant | undefined => instantAt(text, zone, "later"));

function instantAt(text: string, zone: string, disambiguation: "compatible" | "later"): Instant | undefined {
  if (!LOCAL.test(text)) return undefined;
  return toInstant(Temporal.PlainDateTime.from(text).toZonedDateTime(zone, { disambiguation }));
}

/**
 * From local start to local end. An end that would not lie after its start, in the hour that comes twice, is the
 * second of the two: 02:30 to 02:15 lasts 45 minutes in the night the clock is put back.
 */
export function readLocals(start: string, end: string, zone: string): { start?: Instant; end?: Instant } {
  const begins = readLocal(start, zone);
  const ends = readLocal(end, zone);
  if (begins === undefined || ends === undefined) return {};
  return { start: begins, end: begins < ends ? ends : (readSecond(end, zone) ?? ends) };
}

/** `2027-01-10T09:00:00` on the wall of a zone. */
export function toLocal(at: Instant, zone: string): string {
  return Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: "second" });
}

/**
 * A span as the tables take it; whole days from midnight to midnight. Undefined where they cannot say it: a time that
 * would be read back as another one (the second of an hour that comes twice, parts of a second), or none at all.
 */
export function writeLocals(span: Span, zone: string): { readonly start: string; readonly end: string } | undefined {
  const { start, end } = instantsOf(span, zone);
  const locals = { start: toLocal(start, zone), end: toLocal(end, zone) };
  const back = readLocals(locals.start, locals.end, zone);
  const isSame = back.start === start && back.end === end && locals.start < locals.end;
  return isSame ? locals : undefined;
}

/** Local times between which everything lies that touches the window, and a little more. */
export function localWindow(
  { from, to }: { readonly from: Instant; readonly to: Instant },
  zone: string,
): readonly [string, string] {
  const moved = (at: Instant, ms: number) => toLocal(new Date(Date.parse(at) + ms).toISOString(), zone);
  return [moved(from, -CLOCK_CHANGE_MS), moved(to, CLOCK_CHANGE_MS)];
}

function toInstant(at: Temporal.ZonedDateTime): Instant {
  return new Date(at.epochMilliseconds).toISOString();
}
