import type { BookingObservation } from "./booking.ts";
import type { Content } from "./content.ts";
import type { Policy } from "./policy.ts";
import { type Instant, isFuture, later, type Span } from "./time.ts";

/** What a read of the source gave for one booking, and how it came to be asked. */
export interface Finding {
  readonly now: Instant;
  readonly policy: Policy;
  /** Undefined: the source has no such record. */
  readonly found:
    | {
        readonly status: "live" | "pending" | "cancelled" | "rescheduled" | "unclear";
        readonly span: Span;
        readonly content: Content;
        readonly resources: readonly string[];
      }
    | undefined;
  /** `missing`: as many complete listings as the policy asks did not have it (R8). */
  readonly evidence: "seen" | "missing";
  /** When the record, or its present doubtful status, was first seen. */
  readonly since: Instant;
  /** Whether it was shown as live before. */
  readonly wasLive: boolean;
  /** Where it was last seen. */
  readonly lastSpan: Span | undefined;
  /** A mail says that it is cancelled (R15). */
  readonly mailCancelled?: boolean;
}

/** Grades a finding: only what is certain becomes more than a doubt (law 3, law 11). */
export function grade(finding: Finding): BookingObservation {
  const { found } = finding;
  if (found === undefined) return gradeAbsence(finding);
  const live: BookingObservation = { kind: "live", content: found.content, resources: found.resources };
  switch (found.status) {
    case "live":
      return finding.mailCancelled === true ? { kind: "doubtful", reason: "mail-cancelled" } : live;
    case "cancelled":
      return { kind: "cancelled", evidence: "explicit" };
    case "pending":
      return gradeCheckout(finding, found.span, live);
    case "rescheduled":
      return gradeRescheduled(finding);
    case "unclear":
      return { kind: "doubtful", reason: "unclear" };
  }
}

/** Proven while the booking was still to come, an absence counts however long its effect was held (S09). */
function gradeAbsence(finding: Finding): BookingObservation {
  const { lastSpan, now, since } = finding;
  const isProven = finding.evidence === "missing";
  if (lastSpan === undefined || !isFuture(lastSpan, isProven ? since : now)) {
    return { kind: "doubtful", reason: "past" };
  }
  return isProven ? { kind: "cancelled", evidence: "absent" } : { kind: "doubtful", reason: "missing" };
}

/** S12: a checkout waits out its grace, unless it begins so soon that people must see it now. */
function gradeCheckout(finding: Finding, span: Span, live: BookingObservation): BookingObservation {
  const { now, policy, since } = finding;
  const until = later(since, policy.checkoutGraceMinutes * 60_000);
  const imminent = later(now, policy.imminentMinutes * 60_000) >= span.start;
  if (finding.wasLive || imminent || now >= until) return live;
  return { kind: "doubtful", reason: "unpaid", until };
}

/** S07: its successor is awaited as long as an absence would have to last; then it is a cancellation. */
function gradeRescheduled(finding: Finding): BookingObservation {
  const { now, policy, since } = finding;
  const until = later(since, policy.absentListings * policy.absentSecondsApart * 1_000);
  return now >= until
    ? { kind: "cancelled", evidence: "explicit" }
    : { kind: "doubtful", reason: "rescheduled", until };
}

/**
 * How many complete listings must lack a booking before its absence counts. A mail that says it is cancelled proves
 * nothing alone; with one such listing beside it, it is enough (R15).
 */
export function listingsAsked(policy: Policy, mailCancelled: boolean): number {
  return mailCancelled ? 1 : policy.absentListings;
}

/** One poller's memory of a booking it no longer finds (R8). */
export interface Missing {
  /** How many complete listings lacked it, each far enough from the one before. */
  readonly listings: number;
  /** End of the listing that was counted last. */
  readonly last: Instant;
}

/** Counts one more complete listing without the booking, if it began long enough after the last one. */
export function countMissing(
  before: Missing | undefined,
  listing: { readonly began: Instant; readonly ended: Instant },
  policy: Policy,
): Missing {
  if (before === undefined) return { listings: 1, last: listing.ended };
  if (listing.began < later(before.last, policy.absentSecondsApart * 1_000)) return before;
  return { listings: before.listings + 1, last: listing.ended };
}
