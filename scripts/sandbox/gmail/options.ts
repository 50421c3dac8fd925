import { z } from "zod";

/** Standing conditions of Gmail and of Google's sign-in for it. */
export const GMAIL_OPTIONS = {
  /** Units per minute and user (API_FACTS §2) before 403 userRateLimitExceeded; null: no limit. */
  gmailUnitsPerMinute: z.number().int().min(1).nullable().default(null),
  /** Pages are no longer than this, whatever `maxResults` asks. */
  gmailPageSize: z.number().int().min(1).max(500).default(500),
  /** Life of an access token. */
  gmailTokenSeconds: z.number().int().min(1).default(3599),
  /** Every refresh gives a new refresh token and ends the one before, as strict servers do. */
  gmailRotateTokens: z.boolean().default(false),
  /**
   * Who answers the consent page: `page` shows it to browsers and allows at once what asks for no HTML;
   * `allow` and `deny` answer for everybody.
   */
  gmailConsent: z.enum(["page", "allow", "deny"]).default("page"),
  /** Where the watch's topic is: something that takes Pub/Sub's `POST /v1/{topic}:publish`; null: notices are lost. */
  gmailPubsub: z.url().nullable().default(null),
  /** A second notice to one user within this time is dropped. */
  gmailNoticeMs: z.number().int().min(0).default(1000),
};
