import { z } from "zod";
import { LockstepError } from "../errors.ts";
import { jsonBody, parsed } from "./edge-request.ts";

/** Pub/Sub's limits (its quota page), and what the document store keeps as a field's name. */
const Attributes = z.record(z.string().regex(/^(?!__.*__$).{1,256}$/su), z.string().max(1024));

/** What a push subscription POSTs; matches the port's `PushEnvelope`. Attribute-only messages carry no data. */
export const Envelope = z.object({
  message: z.object({
    data: z.base64().exactOptional(),
    attributes: Attributes.exactOptional(),
    messageId: z.string().min(1).max(1024),
    publishTime: z.iso.datetime({ offset: true }),
    orderingKey: z.string().max(1024).exactOptional(),
  }),
  subscription: z.string().max(1024),
  deliveryAttempt: z.number().int().min(1).exactOptional(),
});
export type Envelope = z.infer<typeof Envelope>;

/** The envelope of a push. Throws INVALID_REQUEST naming the wrong place. */
export function envelopeOf(body: Buffer): Envelope {
  return parsed(Envelope, jsonBody(body), "body");
}

/** The message inside, as its topic's schema reads it. Throws INVALID_REQUEST: `message.data.items.3.eventId: …`. */
export function payloadOf<T extends z.ZodType>(schema: T, envelope: Envelope): z.output<T> {
  const { data } = envelope.message;
  if (data === undefined) {
    throw new LockstepError("INVALID_REQUEST", { detail: "message.data: there is none." });
  }
  return parsed(schema, jsonBody(Buffer.from(data, "base64")), "message.data");
}
