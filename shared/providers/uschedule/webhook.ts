import { z } from "zod";
import { LockstepError } from "../../errors.ts";
import type { WebhookNotice, WebhookReader } from "../../ports/provider.ts";
import type { Instant } from "../../sync/time.ts";
import { Id } from "./schema.ts";
import { readLocal } from "./times.ts";

/**
 * What something in front of USchedule sends on a change (USchedule itself has no webhooks, API_FACTS §7): the
 * Standard Webhooks body, with an appointment as its API names the parts. Only what finds the booking is read.
 */
const Body = z.object({
  type: z.string().min(1).max(100),
  timestamp: z.iso.datetime({ offset: true }),
  data: z.object({
    AppointmentID: Id.nullish(),
    Id: Id.nullish(),
    ResourceName: z.string().trim().min(1).max(200).nullish(),
    StartTime: z.string().max(40).nullish(),
    EndTime: z.string().max(40).nullish(),
  }),
});

export const webhook: WebhookReader = { read: readNotice };

function readNotice(body: unknown, timeZone: string): WebhookNotice {
  const result = Body.safeParse(body);
  if (!result.success) {
    const wrong = result.error.issues.slice(0, 5).map((issue) => `${["body", ...issue.path].join(".")}: ${issue.message}`);
    throw new LockstepError("INVALID_REQUEST", { detail: wrong.join("; ") });
  }
  const { data } = result.data;
  const bookingId = data.AppointmentID ?? data.Id;
  if (bookingId === null || bookingId === undefined) {
    throw new LockstepError("INVALID_REQUEST", { detail: "body.data.AppointmentID: there is none." });
  }
  return {
    bookingId,
    ...(typeof data.ResourceName === "string" ? { resource: data.ResourceName } : {}),
    ...aroundOf(data.StartTime ?? undefined, data.EndTime ?? undefined, timeZone),
  };
}

/** An hour where no end is told: it only says where to look. */
function aroundOf(start: string | undefined, end: string | undefined, zone: string): Pick<WebhookNotice, "around"> {
  if (start === undefined) {
    return {};
  }
  const from = instantOf(start, zone, "StartTime");
  const to = end === undefined ? new Date(Date.parse(from) + HOUR_MS).toISOString() : instantOf(end, zone, "EndTime");
  return { around: { kind: "timed", start: from, end: to, zone } };
}

const HOUR_MS = 3_600_000;

function instantOf(text: string, zone: string, name: string): Instant {
  const at = readLocal(text, zone);
  if (at === undefined) {
    throw new LockstepError("INVALID_REQUEST", { detail: `body.data.${name}: is no time such as 2027-01-10T09:00:00.` });
  }
  return at;
}
