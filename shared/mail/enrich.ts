import type { MatchReason } from "./match.ts";
import { completes, isPlaceholder } from "./person-name.ts";
import type { Fact, MailReading } from "./reading.ts";

/** What a stay may get from mails, as it stands; null: unknown. */
export interface EnrichableFields {
  readonly guestName: string | null;
  readonly guestCount: number | null;
  readonly confirmationCode: string | null;
}

/** One field to write, with where it comes from and what stood there, so that it can be shown and undone. */
export type Enrichment =
  | (Provenance & { readonly field: "guestName"; readonly value: string; readonly was: string | null })
  | (Provenance & { readonly field: "confirmationCode"; readonly value: string; readonly was: string | null })
  | (Provenance & { readonly field: "guestCount"; readonly value: number; readonly was: number | null });

interface Provenance {
  readonly mail: string;
  readonly readerVersion: number;
  /** How the mail was found to be about the stay. */
  readonly reason: MatchReason;
  /** 0 to 1: of the fact and the match together. */
  readonly confidence: number;
}

/**
 * What the mail may write to the stay it was matched to: only a confirmation writes, only into what is unknown, a
 * placeholder, or the same person named shorter. What the mail does not state is left as it is (S50).
 */
export function enrich(
  stay: EnrichableFields,
  reading: MailReading,
  mailId: string,
  match: { readonly reason: MatchReason; readonly confidence: number },
): Enrichment[] {
  if (reading.kind !== "confirmation" || reading.action === "none") return [];
  const { guestName, guestCount, confirmationCode } = reading.facts;
  const from = (fact: Fact<unknown>) => ({
    mail: mailId,
    readerVersion: reading.readerVersion,
    reason: match.reason,
    confidence: Math.round(fact.confidence * match.confidence * 100) / 100,
  });
  const writes: Enrichment[] = [];
  if (guestName !== null && mayName(stay.guestName, guestName.value)) {
    writes.push({ ...from(guestName), field: "guestName", value: guestName.value, was: stay.guestName });
  }
  if (confirmationCode !== null && stay.confirmationCode === null) {
    writes.push({ ...from(confirmationCode), field: "confirmationCode", value: confirmationCode.value, was: null });
  }
  if (guestCount !== null && stay.guestCount === null) {
    writes.push({ ...from(guestCount), field: "guestCount", value: guestCount.value, was: null });
  }
  return writes;
}

function mayName(known: string | null, stated: string): boolean {
  if (isPlaceholder(stated)) return false;
  return known === null || isPlaceholder(known) || completes(stated, known);
}
