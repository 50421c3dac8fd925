import type { Write } from "../../ports/store.ts";
import type { Instant } from "../../sync/time.ts";
import { type ReviewItem, reviewRef } from "../documents.ts";
import type { FactsDoc } from "./facts.ts";

/** The review item about a mail; the same mail has one, whatever is asked of it in the course of time. */
export function mailReviewId(factsId: string): string {
  return `mail~${factsId}`;
}

/** What a person is asked: what kind of mail, of which days, and why Lockstep does not decide. No guest data. */
export function askAbout(
  facts: FactsDoc,
  asked: Pick<ReviewItem, "kind"> & {
    readonly why: string;
    readonly candidates: readonly string[];
    readonly key?: string;
  },
  now: Instant,
  before?: ReviewItem,
): Write {
  const item: ReviewItem = {
    id: mailReviewId(facts.id),
    kind: asked.kind,
    status: "open",
    openedAt: before?.openedAt ?? now,
    detail: `${subjectOf(facts)}. ${asked.why}`,
    connection: facts.connection,
    mail: facts.id,
    candidates: asked.candidates,
    ...(asked.key === undefined ? {} : { key: asked.key }),
    ...(before?.waitsUntil === undefined ? {} : { waitsUntil: before.waitsUntil }),
  };
  return { kind: "put", ref: reviewRef(item.id), data: item };
}

function subjectOf({ reading }: FactsDoc): string {
  if (reading === undefined) return "A mail that cannot be read";
  const { kind, platform, facts } = reading;
  const days = [facts.checkIn?.value, facts.checkOut?.value].filter((day) => day !== undefined).join(" to ");
  return [`Mail (${kind})`, platform === null ? "" : `from ${platform}`, days === "" ? "" : `for ${days}`]
    .filter((part) => part !== "")
    .join(" ");
}

/** Ends a review item; nothing where it is not open. */
export function ended(
  item: ReviewItem,
  outcome: NonNullable<ReviewItem["outcome"]>,
  by: string,
  now: Instant,
): ReviewItem {
  return { ...item, status: "resolved", outcome, resolvedAt: now, resolvedBy: by };
}
