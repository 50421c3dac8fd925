import * as fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { GUEST } from "./lawful.ts";
import { mutatedBody, mutatedText } from "./mutate-json.ts";
import { ODD_TEXTS } from "./odd-values.ts";
import { WEBHOOK_SECRETS, type Workspace } from "./rig.ts";

let messages = 0;

/** A message as a push subscription brings it. */
export function envelopeOf(data: string | undefined, change: object = {}) {
  const message = {
    ...(data === undefined ? {} : { data: Buffer.from(data).toString("base64") }),
    attributes: { ws: "loft", kind: "booking-seen", resource: "bay-1" },
    messageId: `m-${++messages}`,
    message_id: "ignored",
    publishTime: "2027-01-10T07:59:59.5Z",
    orderingKey: "loft/bay-1",
    ...change,
  };
  return { message, subscription: "projects/local/subscriptions/sync", deliveryAttempt: 1 };
}

/** What a booking system says of a booking. */
export const WEBHOOK = JSON.stringify({
  type: "booking.updated",
  data: { AppointmentID: 4711, ResourceName: "Bay 1", StartTime: "2027-01-12T09:00:00", CustomerName: GUEST },
});

/** A body as a workspace's booking system publishes it, signed with its own secret or another's. */
export function inboxEnvelope(text: string, ws: Workspace = "loft", signedBy: Workspace = ws, change: object = {}) {
  const id = `msg-${++messages}`;
  const publishTime = "2027-01-10T07:59:59.500Z";
  const attributes = {
    ...{ ws, source: "uschedule", "webhook-id": id },
    "webhook-timestamp": String(Math.floor(Date.parse(publishTime) / 1000)),
    "webhook-signature": new Webhook(WEBHOOK_SECRETS[signedBy]).sign(id, new Date(publishTime), text),
    ...change,
  };
  return envelopeOf(text, { attributes, publishTime, orderingKey: undefined });
}

const INBOX_NAMES = ["ws", "source", "webhook-id", "webhook-timestamp", "webhook-signature"];

/** Good ones with odd attributes, odd bodies well signed, and mutated envelopes. */
export function inboxEnvelopes(): fc.Arbitrary<Buffer> {
  const odd = fc.tuple(fc.constantFrom(...INBOX_NAMES), fc.constantFrom(...ODD_TEXTS));
  return fc.oneof(
    mutatedText(JSON.parse(WEBHOOK)).map((text) => asBody(inboxEnvelope(text))),
    odd.map(([name, value]) => asBody(inboxEnvelope(WEBHOOK, "loft", "loft", { [name]: value }))),
    fc.constant(WEBHOOK).chain((text) => mutatedBody(inboxEnvelope(text))),
  );
}

export function asBody(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
