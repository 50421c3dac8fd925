import { z } from "zod";
import { BOOKING_OPTIONS } from "./booking/options.ts";
import { GMAIL_OPTIONS } from "./gmail/options.ts";
import { GOOGLE_OPTIONS } from "./google/options.ts";
import { GRAPH_OPTIONS } from "./graph/options.ts";
import { OSM_OPTIONS } from "./osm/options.ts";
import { USCHEDULE_OPTIONS } from "./uschedule/options.ts";

/** How the simulated world behaves from now on; part of the state, changed by `POST /sandbox/options`. */
export const Options = z.strictObject({
  /** The studio's zone, in which USchedule's zoneless times are meant; also of new calendars. IANA. */
  timeZone: z.string().default("America/New_York"),
  ...GOOGLE_OPTIONS,
  ...USCHEDULE_OPTIONS,
  ...GRAPH_OPTIONS,
  ...BOOKING_OPTIONS,
  ...GMAIL_OPTIONS,
  ...OSM_OPTIONS,
});
export type Options = z.infer<typeof Options>;

/** The options as they may be seen: without the webhooks' secrets. */
export function showOptions({ webhook, bookingWebhook, osmWebhook, ...options }: Options): Record<string, unknown> {
  return {
    ...options,
    webhook: withoutSecret(webhook),
    bookingWebhook: withoutSecret(bookingWebhook),
    osmWebhook: withoutSecret(osmWebhook),
  };
}

function withoutSecret(webhook: Options["webhook"]): { readonly url: string } | null {
  return webhook === null ? null : { url: webhook.url };
}
