import type { Edge } from "../../shared/cloud/edge.ts";
import { type EdgeAnswer, type EdgeRequest, jsonBody } from "../../shared/cloud/edge-request.ts";
import { defineFunction } from "../../shared/cloud/frame.ts";
import { takeNotice } from "../../shared/edge/booking-notice.ts";
import { LockstepError } from "../../shared/errors.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";

/** `POST /booking-webhook/{ws}/{source}`: a booking system says that a booking changed. */
defineFunction({ name: "booking-webhook", auth: "public", handle });

async function handle({ path, headers, body }: EdgeRequest, edge: Edge): Promise<EdgeAnswer> {
  const [ws, source, ...rest] = path;
  if (ws === undefined || source === undefined || rest.length > 0) {
    throw new LockstepError("NOT_FOUND", { detail: "The address is /booking-webhook/{workspace}/{source}." });
  }
  const delivery = { ws, source, headers, body, arrivedAt: edge.world.clock.now() };
  const taken = await takeNotice(edge, PROVIDERS, delivery, () => jsonBody(body));
  return { status: taken.status === "duplicate" ? 200 : 202, json: taken };
}
