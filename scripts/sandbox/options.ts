import { z } from "zod";

/** How the simulated world behaves from now on; part of the state, changed by `POST /sandbox/options`. */
export const Options = z.strictObject({
  /** The studio's zone, in which USchedule's zoneless times are meant. IANA. */
  timeZone: z.string().default("America/New_York"),
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
  /** Age at which a USchedule token answers 401; null: never. */
  tokenSeconds: z.number().int().min(1).nullable().default(null),
  /** Cancelled and rescheduled rows are returned with StatusID 0 (API_FACTS §7). */
  unclearStatus: z.boolean().default(false),
  /** Every booking begins as an unpaid checkout: status 0, slot held for 15 minutes. */
  phantomCheckouts: z.boolean().default(false),
  /**
   * How USchedule shows what is free, since its real way is unknown: `parts` (each free stretch), `slots`
   * (a row every half hour where ServiceLength fits), `starts` (the same without EndTime).
   */
  availability: z.enum(["parts", "slots", "starts"]).default("parts"),
  /** Where USchedule sends webhooks, with its `whsec_…` secret; null: nowhere. */
  webhook: z
    .strictObject({ url: z.url(), secret: z.string().startsWith("whsec_") })
    .nullable()
    .default(null),
});
export type Options = z.infer<typeof Options>;
