import { z } from "zod";

/** Standing conditions of USchedule. */
export const USCHEDULE_OPTIONS = {
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
};
