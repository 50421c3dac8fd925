import type { Edge } from "../../shared/cloud/edge.ts";
import { type EdgeAnswer, type EdgeRequest, header, NO_CONTENT } from "../../shared/cloud/edge-request.ts";
import { defineFunction } from "../../shared/cloud/frame.ts";
import { logPushRefused } from "../../shared/edge/edge-log.ts";
import { keysOf } from "../../shared/edge/key-list.ts";
import { PUSH_TOKEN_SECRET, type PushClaims, verifyPushToken } from "../../shared/edge/push-token.ts";
import { LockstepError } from "../../shared/errors.ts";
import { messageOf, TOPIC } from "../../shared/topics/calendar-touched.ts";

/** Google Calendar told us that something changed. Proven and routed from the token alone, without the store. */
defineFunction({ name: "gcal-push", auth: "public", handle });

async function handle(request: EdgeRequest, edge: Edge): Promise<EdgeAnswer> {
  const { ws, calendarId, channelId } = await genuine(request, edge);
  if (header(request, "x-goog-resource-state") !== "sync") {
    await edge.world.publisher.publish(TOPIC, [messageOf({ ws, calendarId, via: "push", channelId })]);
  }
  return NO_CONTENT;
}

/** The channel's claims. Throws BAD_SIGNATURE, counted (S33). */
async function genuine(request: EdgeRequest, { world }: Edge): Promise<PushClaims> {
  const token = header(request, "x-goog-channel-token");
  const claims = token === "" ? undefined : verifyPushToken(token, keysOf(await world.secrets.read(PUSH_TOKEN_SECRET)));
  if (claims?.channelId === header(request, "x-goog-channel-id")) {
    return claims;
  }
  const reason = claims === undefined ? "its token is not ours" : "the token belongs to another channel";
  logPushRefused(world.log, reason);
  throw new LockstepError("BAD_SIGNATURE", { detail: `Push refused: ${reason}.` });
}
