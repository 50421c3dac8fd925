import type { Edge } from "../../shared/cloud/edge.ts";
import { type EdgeAnswer, type EdgeRequest, jsonBody, NO_CONTENT, parsed } from "../../shared/cloud/edge-request.ts";
import { defineFunction } from "../../shared/cloud/frame.ts";
import { type Envelope, envelopeOf } from "../../shared/cloud/push-envelope.ts";
import { takeNotice } from "../../shared/edge/booking-notice.ts";
import { isError } from "../../shared/errors.ts";
import { keepDeadLetter } from "../../shared/flows/keep-dead-letter.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { InboxAttributes } from "../../shared/topics/booking-inbox.ts";

/** A booking system says through a queue that a booking changed. */
defineFunction({ name: "booking-inbox", auth: "internal", handle });

/** What is unsigned is dropped and counted; what is wrong otherwise is kept with its reason, since nobody is there to be told. */
async function handle(request: EdgeRequest, edge: Edge): Promise<EdgeAnswer> {
  const envelope = envelopeOf(request.body);
  try {
    await takeIn(envelope, edge);
  } catch (error) {
    if (!isError(error, "INVALID_REQUEST", "UNKNOWN_RESOURCE", "SECRET_MISSING")) throw error;
    await keepDeadLetter(edge.world, envelope, error.message);
  }
  return NO_CONTENT;
}

async function takeIn({ message }: Envelope, edge: Edge): Promise<void> {
  const { ws, source } = parsed(InboxAttributes, message.attributes ?? {}, "message.attributes");
  const body = Buffer.from(message.data ?? "", "base64");
  const arrivedAt = new Date(message.publishTime).toISOString();
  const delivery = { ws, source, headers: message.attributes ?? {}, body, arrivedAt };
  await takeNotice(edge, PROVIDERS, delivery, () => jsonBody(body));
}
