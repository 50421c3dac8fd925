import { Temporal } from "temporal-polyfill";
import type { Instant, PlainDate, Span } from "../../sync/time.ts";
import { remembered } from "../remembered.ts";

const LOCAL = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?))?$/;
const FIRST_YEAR = "2000";
const LAST_YEAR = "2100";

/** From the first of the days to the last, which is included. */
export function daysSpan(first: PlainDate, last: PlainDate): Span | string {
  if (last < first) return "its end is before its start";
  const end = Temporal.PlainDate.from(last).add({ days: 1 }).toString();
  return checked({ kind: "all-day", start: first, end });
}

/**
 * From the first start to the last end, local times of the campsite (S39). Whole days where every one of them is a
 * midnight. A sentence where that is no time.
 */
export function itemsSpan(
  items: readonly { readonly start: string; readonly end: string }[],
  zone: string,
): Span | string {
  const start = items.map((item) => item.start.replace("T", " ")).sort()[0] ?? "";
  const end =
    items
      .map((item) => item.end.replace("T", " "))
      .sort()
      .at(-1) ?? "";
  const [from, to] = [LOCAL.exec(start.trim()), LOCAL.exec(end.trim())];
  if (from === null || to === null) return "the times of what it has booked cannot be read";
  if (isMidnight(from[2]) && isMidnight(to[2]))
    return checked({ kind: "all-day", start: from[1] ?? "", end: to[1] ?? "" });
  const [begins, ends] = [instantOf(start.trim(), zone), instantOf(end.trim(), zone)];
  if (begins === undefined || ends === undefined) return "the times of what it has booked cannot be read";
  return checked({ kind: "timed", start: begins, end: ends, zone });
}

function isMidnight(time: string | undefined): boolean {
  return time === undefined || /^00:00(:00)?$/.test(time);
}

const instantOf = remembered((local: string, zone: string): Instant | undefined => {
  try {
    const wall = Temporal.PlainDateTime.from(local.replace(" ", "T"), { overflow: "reject" });
    return new Date(wall.toZonedDateTime(zone, { disambiguation: "compatible" }).epochMilliseconds).toISOString();
  } catch {
    return undefined;
  }
});

function checked(span: Span): Span | string {
  if (span.end <= span.start) return "its end is not after its start";
  const isFarOff = span.start.slice(0, 4) < FIRST_YEAR || span.end.slice(0, 4) > LAST_YEAR;
  return isFarOff ? `it lies outside ${FIRST_YEAR} to ${LAST_YEAR}` : span;
}
