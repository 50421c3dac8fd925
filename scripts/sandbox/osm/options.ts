import { z } from "zod";

/** Standing conditions of Online Scout Manager. */
export const OSM_OPTIONS = {
  /** Calls an hour and user before 429; the first one after the limit is answered so. */
  osmRateLimit: z.number().int().min(1).default(1000),
  /** So many calls after the limit the account is blocked (`X-Blocked`), until `unblock`. */
  osmBlockAfter: z.number().int().min(1).default(20),
  /** How long an access token is good. */
  osmTokenSeconds: z.number().int().min(1).default(3600),
  /** A detail repeats the booking's row, or tells its items alone. */
  osmDetailRows: z.boolean().default(true),
  /** Empty lists are written `{}`, as PHP does. */
  osmEmptyObjects: z.boolean().default(true),
  /** Where a relay sends its signed `{bookingId}`, with its `whsec_…` secret; null: there is no relay. */
  osmWebhook: z
    .strictObject({ url: z.url(), secret: z.string().startsWith("whsec_") })
    .nullable()
    .default(null),
};
