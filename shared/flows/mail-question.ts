import type { Instant } from "../sync/time.ts";

/**
 * - `mail-unmatched`: a confirmation of a stay that no source shows yet (S51).
 * - `mail-ambiguous`: more than one stay may be meant.
 * - `mail-cancellation`: a mail says that a stay is cancelled, its source does not (R15).
 * - `mail-alteration`: a mail says that a stay was changed, its source does not.
 * - `mail-unreadable`: it is kept, and cannot be read.
 */
export type MailQuestion =
  | "mail-unmatched"
  | "mail-ambiguous"
  | "mail-cancellation"
  | "mail-alteration"
  | "mail-unreadable";

/** What a question about a mail says beside every review item. */
export interface AboutMail {
  /** Its connection, its id in `emails` and `facts`, and the bookings it may mean. */
  readonly connection?: string;
  readonly mail?: string;
  readonly candidates?: readonly string[];
  /** A person put it off until then. */
  readonly waitsUntil?: Instant;
  /** How it ended. */
  readonly outcome?: "linked" | "ignored" | "matched" | "caught-up" | "expired";
}
