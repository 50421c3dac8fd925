import { z } from "zod";

/**
 * Topic `booking-inbox`: the webhook of a booking system that emits to a queue. The data is the body, byte for byte as it
 * was signed; beside these attributes stand the headers of Standard Webhooks, by their names in lower case:
 * `webhook-id`, `webhook-timestamp`, `webhook-signature`. No ordering key is needed: each is a hint.
 */
export const InboxAttributes = z.object({
  ws: z.string().min(1),
  /** What the workspace calls the booking system. */
  source: z.string().min(1),
});
