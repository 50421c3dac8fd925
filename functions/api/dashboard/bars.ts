import type { TimelinePair } from "../../../shared/flows/timeline.ts";
import type { Span } from "../../../shared/sync/time.ts";
import { wallTime } from "./when.ts";

/** What stands on a room's line: one side of a pair, or both where they say the same. */
export interface Bar {
  readonly pair: TimelinePair;
  readonly span: Span;
  readonly sides: "booking and event" | "booking" | "event" | "booking, no event" | "event, no booking";
  /** Minutes since midnight of the first day in view, on the wall in the room. */
  readonly start: number;
  readonly end: number;
  /** Which line of the row, where bars overlap. */
  readonly lane: number;
}

/**
 * The bars of one room, each on the first free line. Where both sides say the same there is one bar for both; where they
 * differ each has its own, so that one sees from where to where a booking is on its way.
 */
export function barsOf(pairs: readonly TimelinePair[], zone: string, first: Date): readonly Bar[] {
  const laneEnds: number[] = [];
  return pairs
    .flatMap((pair) => sidesOf(pair).map(([span, sides]) => ({ pair, span, sides, ...minutesOf(span, zone, first) })))
    .sort((a, b) => a.start - b.start)
    .map((bar) => {
      const free = laneEnds.findIndex((end) => end <= bar.start);
      const lane = free < 0 ? laneEnds.length : free;
      laneEnds[lane] = bar.end;
      return { ...bar, lane };
    });
}

function sidesOf({ booking, event }: TimelinePair): [Span, Bar["sides"]][] {
  if (booking !== null && event !== null) {
    const same = booking.start === event.start && booking.end === event.end;
    if (same) return [[event, "booking and event"]];
  }
  const own: [Span, Bar["sides"]][] = [];
  if (booking !== null) own.push([booking, event === null ? "booking, no event" : "booking"]);
  if (event !== null) own.push([event, booking === null ? "event, no booking" : "event"]);
  return own;
}

function minutesOf(span: Span, zone: string, first: Date): { readonly start: number; readonly end: number } {
  const midnight = Date.UTC(first.getFullYear(), first.getMonth(), first.getDate());
  const minute = (at: string) => {
    const wall = span.kind === "timed" ? wallTime(at, zone).replace(" ", "T") : `${at}T00:00`;
    return (Date.parse(`${wall}Z`) - midnight) / 60_000;
  };
  return { start: minute(span.start), end: minute(span.end) };
}
