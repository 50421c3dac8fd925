import type { Content } from "../sync/content.ts";
import type { Exception, OriginalStart, Series } from "../sync/series.ts";
import { sameSpan } from "../sync/time.ts";
import { type Fit, fitting } from "./fitting.ts";
import { spanAt } from "./occurrences.ts";

/** What was done to one occurrence. */
export type Change = { readonly kind: "cancelled" } | { readonly kind: "changed"; readonly content: Content };

/**
 * - `no-occurrence`: the new rule has none that this one became.
 * - `ambiguous`: it has several, or two changes would meet on one.
 * - `changed-anew`: the new series says something else about it already.
 * - `other-kind`: it was given a time of day, and the series is all-day now, or the other way round.
 */
export type ReviewReason = "no-occurrence" | "ambiguous" | "changed-anew" | "other-kind";

export interface Reapplied {
  /** The new series with everything that fits. */
  readonly series: Series;
  readonly reapplied: readonly { readonly from: OriginalStart; readonly to: OriginalStart; readonly change: Change }[];
  /** For a person (R11). The new rule's occurrence there, if any, is left as the rule has it. */
  readonly review: readonly { readonly original: OriginalStart; readonly change: Change; readonly why: ReviewReason }[];
}

/**
 * The rule of a series has changed from `before` to `after`: carries over what was done to single occurrences (S42).
 * A time that a person gave to one of them stays as given; everything else of it follows the new rule.
 */
export function reapply(before: Series, after: Series): Reapplied {
  const changes = changesOf(before);
  const fits = fitting(
    before,
    after,
    changes.map(({ original }) => original),
  );
  const reapplied: Reapplied["reapplied"][number][] = [];
  const review: Reapplied["review"][number][] = [];
  const taken = new Set<OriginalStart>();
  for (const { original, change } of changes) {
    const to = judge(change, fits.get(original) ?? { kind: "none" }, after, taken);
    if (to.kind === "review") review.push({ original, change, why: to.why });
    else {
      taken.add(to.original);
      reapplied.push({ from: original, to: to.original, change });
    }
  }
  return { series: withChanges(after, reapplied), reapplied, review };
}

function changesOf(series: Series): { original: OriginalStart; change: Change }[] {
  const gone = new Set(series.cancelled);
  const changed = series.exceptions.filter(({ original }) => !gone.has(original));
  return [
    ...[...gone].map((original) => ({ original, change: { kind: "cancelled" as const } })),
    ...changed.map(({ original, content }) => ({ original, change: { kind: "changed" as const, content } })),
  ].sort((a, b) => (a.original < b.original ? -1 : 1));
}

type Judged =
  | { readonly kind: "fits"; readonly original: OriginalStart }
  | { readonly kind: "review"; readonly why: ReviewReason };

function judge(change: Change, fit: Fit, after: Series, taken: ReadonlySet<OriginalStart>): Judged {
  if (fit.kind === "none") return { kind: "review", why: "no-occurrence" };
  if (fit.kind === "several" || taken.has(fit.original)) return { kind: "review", why: "ambiguous" };
  if (change.kind === "changed" && change.content.span !== undefined && change.content.span.kind !== after.first.kind) {
    return { kind: "review", why: "other-kind" };
  }
  if (saysOtherwise(change, fit.original, after)) return { kind: "review", why: "changed-anew" };
  return { kind: "fits", original: fit.original };
}

function saysOtherwise(change: Change, original: OriginalStart, after: Series): boolean {
  const own = after.exceptions.find((exception) => exception.original === original);
  if (after.cancelled.includes(original)) return change.kind === "changed";
  return own !== undefined && (change.kind === "cancelled" || !sameContent(own.content, change.content));
}

function sameContent(a: Content, b: Content): boolean {
  const spans = a.span === undefined || b.span === undefined ? a.span === b.span : sameSpan(a.span, b.span);
  return spans && a.title === b.title && a.description === b.description;
}

function withChanges(after: Series, reapplied: Reapplied["reapplied"]): Series {
  const touched = new Set(reapplied.map(({ to }) => to));
  const cancelled = reapplied.filter(({ change }) => change.kind === "cancelled").map(({ to }) => to);
  const exceptions = reapplied.flatMap(({ to, change }) =>
    change.kind === "changed" ? exceptionAt(to, change.content, after) : [],
  );
  return {
    ...after,
    cancelled: [...new Set([...after.cancelled, ...cancelled])].sort(),
    exceptions: [...after.exceptions.filter(({ original }) => !touched.has(original)), ...exceptions],
  };
}

/** A change that now says what the rule says is none any more. */
function exceptionAt(original: OriginalStart, content: Content, { first }: Series): Exception[] {
  const { span, ...others } = content;
  const kept = span !== undefined && !sameSpan(span, spanAt(original, first)) ? content : others;
  return Object.keys(kept).length === 0 ? [] : [{ original, content: kept }];
}
