import { z } from "zod";
import { GOOGLE_OPTIONS } from "./google/options.ts";
import { USCHEDULE_OPTIONS } from "./uschedule/options.ts";

/** How the simulated world behaves from now on; part of the state, changed by `POST /sandbox/options`. */
export const Options = z.strictObject({
  /** The studio's zone, in which USchedule's zoneless times are meant; also of new calendars. IANA. */
  timeZone: z.string().default("America/New_York"),
  ...GOOGLE_OPTIONS,
  ...USCHEDULE_OPTIONS,
});
export type Options = z.infer<typeof Options>;

/** The options as they may be seen: without the webhook's secret. */
export function showOptions({ webhook, ...options }: Options): Record<string, unknown> {
  return { ...options, webhook: webhook === null ? null : { url: webhook.url } };
}
