import type { Edge } from "../../shared/cloud/edge.ts";
import { type EdgeAnswer, type EdgeRequest, header, jsonBody } from "../../shared/cloud/edge-request.ts";
import { defineFunction } from "../../shared/cloud/frame.ts";
import { sourceAccountOf, timeZoneOfSource, workspaceOf } from "../../shared/config.ts";
import { bookingSeen } from "../../shared/edge/booking-notice.ts";
import { logWebhookReplayed } from "../../shared/edge/edge-log.ts";
import { webhookReaderOf } from "../../shared/edge/webhook-reader.ts";
import { checkDelivery } from "../../shared/edge/webhook-signature.ts";
import { LockstepError } from "../../shared/errors.ts";
import { publishObservation } from "../../shared/flows/publish.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";

/** `POST /booking-webhook/{ws}/{source}`: a booking system says that a booking changed. */
defineFunction({ name: "booking-webhook", auth: "public", handle });

async function handle(request: EdgeRequest, { world, replays }: Edge): Promise<EdgeAnswer> {
  const [ws, source, ...rest] = request.path;
  if (ws === undefined || source === undefined || rest.length > 0) {
    throw new LockstepError("NOT_FOUND", { detail: "The address is /booking-webhook/{workspace}/{source}." });
  }
  const workspace = workspaceOf(world.config, ws);
  const reader = webhookReaderOf(PROVIDERS, sourceAccountOf(workspace, source), source);
  const deliveryId = header(request, "webhook-id");
  await checkDelivery(world, { ws, source, headers: request.headers, body: request.body });
  const seenAt = world.clock.now();
  if (replays.has(`${ws}/${source}/${deliveryId}`, seenAt)) {
    logWebhookReplayed(world.log, ws, source, deliveryId);
    return { status: 200, json: { status: "duplicate", deliveryId } };
  }
  const notice = reader.read(jsonBody(request.body), timeZoneOfSource(workspace, source));
  const observation = bookingSeen(workspace, notice, { ws, source, deliveryId, seenAt });
  await publishObservation(world, observation);
  replays.remember(`${ws}/${source}/${deliveryId}`, seenAt);
  return { status: 202, json: { status: "accepted", deliveryId } };
}
