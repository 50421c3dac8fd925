import type { Instant } from "../sync/time.ts";

/** What mails add to a stay, field by field. */
export const ENRICHED_FIELDS = ["guestName", "guestCount", "confirmationCode"] as const;
export type EnrichedField = (typeof ENRICHED_FIELDS)[number];
export type Enrichments = Readonly<Partial<Record<EnrichedField, Enriched>>>;

/** One value that a mail added. */
export interface Enriched {
  readonly value: string | number;
  /** How the mail was found to be about the stay; by a person's word: "Linked". */
  readonly reason: "Code Match" | "Exact Date" | "Linked";
  /** 0 to 1. */
  readonly confidence: number;
  /** Id in `emails` and `facts`. */
  readonly mail: string;
  readonly readerVersion: number;
  readonly at: Instant;
  /** What was shown before; null: nothing. */
  readonly was: string | number | null;
}

/** What a booking has from mails, and what it is found by for them. */
export interface SaidByMails {
  /** `{mail}~{field}` of what a person took back: no reading of that mail adds it again. */
  readonly declined?: readonly string[];
  /** What mails added, with where it comes from; its source knows nothing of it, and no read of it takes it away (S52). */
  readonly enrichment?: Enrichments;
  /** A mail says that it is cancelled; its source has not said so yet (R15). */
  readonly mailSays?: { readonly kind: "cancelled"; readonly mail: string; readonly at: Instant };
  /** Of a stay of whole days, to find it by (`stay-keys.ts`). */
  readonly code?: string;
  readonly checkIn?: string;
  readonly checkOut?: string;
}
