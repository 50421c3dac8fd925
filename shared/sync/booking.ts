import type { Content } from "./content.ts";
import type { Instant } from "./time.ts";

/** What is known of the booking side of one (booking, resource), as evidence allows (law 3). */
export type BookingObservation =
  | {
      readonly kind: "live";
      /** Rendered for this resource. */
      readonly content: Content;
      /** Ids of the resources the booking is on now. */
      readonly resources: readonly string[];
    }
  | { readonly kind: "cancelled"; readonly evidence: CancellationEvidence }
  | {
      readonly kind: "doubtful";
      readonly reason: Doubt;
      /** When looking again can settle it; left out where only the source can. */
      readonly until?: Instant;
    };

/** `explicit`: the source says so of this booking. `absent`: gone from as many listings as asked, and by id. */
export type CancellationEvidence = "explicit" | "absent";

/**
 * - `missing`: not found, and not often enough yet.
 * - `past`: not found, but over: rolling feeds forget (S09).
 * - `unpaid`: a checkout that may never be paid (S12).
 * - `unclear`: the source's answer does not tell (S11).
 * - `rescheduled`: said to live on under an id not seen yet (S07).
 * - `mail-cancelled`: a mail says that it is cancelled, its source still has it (R15).
 */
export type Doubt = "missing" | "past" | "unpaid" | "unclear" | "rescheduled" | "mail-cancelled";
