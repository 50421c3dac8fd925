import type { SourceBooking } from "../../ports/booking-source.ts";
import { expand } from "../../series/expand.ts";
import { readRecurrence } from "../../series/recurrence-lines.ts";
import { addDays, daysBetween, wallAt } from "../../series/wall-time.ts";
import type { OriginalStart, SeriesSpan } from "../../sync/series.ts";
import type { Instant, Span } from "../../sync/time.ts";

/** Between the id of a recurring reservation and the start of one of its occurrences; in no id of the contract. */
const AT = "@";
/** What repeats more often in a window is set aside (law 12): daily, for two years, fits. */
const MOST = 800;

export interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
}

/** The reservation that an id is about, and which of its occurrences. */
export function parseId(id: string): { readonly id: string; readonly original?: OriginalStart } {
  const at = id.indexOf(AT);
  return at < 0 ? { id } : { id: id.slice(0, at), original: id.slice(at + 1) };
}

/**
 * A recurring reservation as single ones, those of its occurrences that may touch the stretch: the contract has no call
 * that would move or cancel one of them, so each is `fixed`. Answers the reason where its rule cannot be read.
 */
export function occurrencesOf(
  whole: SourceBooking,
  recurrence: string,
  { from, to }: Stretch,
  zone: string,
): SourceBooking[] | string {
  const first = firstOf(whole.span, zone);
  const read = readRecurrence([`RRULE:${recurrence}`], first);
  if ("unreadable" in read) return read.unreadable;
  const day = addDays(wallAt(from, zone).toPlainDate().toString(), -1);
  const days = daysBetween(day, wallAt(to, zone).toPlainDate().toString()) + 2;
  const { instances, until } = expand(read.series, { from: day, days, most: MOST });
  if (until < addDays(day, days)) return `it repeats more than ${MOST} times in the time that is looked at`;
  return instances.map(({ original, span }) => {
    const shown = span.kind === "timed" && whole.span.kind === "timed" ? { ...whole.span, ...span } : span;
    return { ...whole, id: `${whole.id}${AT}${original}`, span: shown, fixed: true, hash: `${whole.hash} ${original}` };
  });
}

function firstOf(span: Span, zone: string): SeriesSpan {
  return span.kind === "timed" ? { ...span, zone: span.zone ?? zone } : span;
}
