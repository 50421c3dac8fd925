import { z } from "zod";

/** Standing conditions of Google Calendar. */
export const GOOGLE_OPTIONS = {
  /** `bare`: a deleted event in a list carries `id` and `status` only, all that Google guarantees. */
  tombstones: z.enum(["bare", "full"]).default("bare"),
  /** Google answers pages no longer than this, whatever `maxResults` asks. */
  pageSize: z.number().int().min(1).max(2500).default(2500),
  /** Age at which a sync token answers 410. */
  syncTokenSeconds: z
    .number()
    .int()
    .min(1)
    .default(30 * 86_400),
  /** Longest life of a watch channel; a longer wish is shortened without a word. */
  channelSeconds: z
    .number()
    .int()
    .min(1)
    .default(7 * 86_400),
  /** Refuse watch addresses that are not https, as Google does. Off, since one machine has no certificate. */
  requireHttps: z.boolean().default(false),
  /** Calls a minute before Google answers 403 rateLimitExceeded; null: no limit. */
  quotaPerMinute: z.number().int().min(1).nullable().default(null),
};
