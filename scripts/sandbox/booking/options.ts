import { z } from "zod";

/** Standing conditions of the booking system. */
export const BOOKING_OPTIONS = {
  /** In which whole days begin and end, and times that people say without a zone are meant. IANA. */
  bookingTimeZone: z.string().default("Europe/Oslo"),
  /** Pages are no longer than this, whatever `limit` asks. */
  bookingPageSize: z.number().int().min(1).max(500).default(500),
  /** Age at which a cursor of `/changes` answers 410. */
  bookingCursorSeconds: z
    .number()
    .int()
    .min(1)
    .default(7 * 86_400),
  /** Calls a minute before 429; null: no limit. */
  bookingCallsPerMinute: z.number().int().min(1).nullable().default(null),
  /** Where webhooks go, with their `whsec_…` secret; null: nowhere. */
  bookingWebhook: z
    .strictObject({ url: z.url(), secret: z.string().startsWith("whsec_") })
    .nullable()
    .default(null),
};
