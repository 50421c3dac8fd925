import { z } from "zod";
import type { Edge } from "../../shared/cloud/edge.ts";
import { type EdgeAnswer, type EdgeRequest, jsonBody, parsed } from "../../shared/cloud/edge-request.ts";
import { defineFunction } from "../../shared/cloud/frame.ts";
import { logPushRefused } from "../../shared/edge/edge-log.ts";
import { keysOf } from "../../shared/edge/key-list.ts";
import { PUSH_TOKEN_SECRET, verifyPushToken } from "../../shared/edge/push-token.ts";
import { LockstepError } from "../../shared/errors.ts";
import { type CalendarTouched, messageOf, TOPIC } from "../../shared/topics/calendar-touched.ts";

/** What is read of a notice; one POST may mix those of several subscriptions (API_FACTS §3). */
const Notice = z.object({
  clientState: z.string().nullish(),
  lifecycleEvent: z.string().nullish(),
});
const Notices = z.object({ value: z.array(Notice).max(1_000) });

/** Life-cycle events after which the subscription tells nothing more: it needs another. `missed` only asks for a look. */
const ENDING = ["reauthorizationRequired", "subscriptionRemoved"];

/** Microsoft Graph told us that something changed. Proven and routed from each clientState alone, without the store. */
defineFunction({ name: "graph-push", auth: "public", handle });

async function handle(request: EdgeRequest, edge: Edge): Promise<EdgeAnswer> {
  const handshake = request.query.get("validationToken");
  if (handshake !== null) return { status: 200, text: handshake };
  const touched = await genuine(request, edge);
  if (touched.length > 0) await edge.world.publisher.publish(TOPIC, touched.map(messageOf));
  return { status: 202 };
}

/** Each calendar once. A notice that is not ours is counted and dropped; throws BAD_SIGNATURE where none is (S33). */
async function genuine(request: EdgeRequest, { world }: Edge): Promise<CalendarTouched[]> {
  const { value } = parsed(Notices, jsonBody(request.body), "body");
  const keys = keysOf(await world.secrets.read(PUSH_TOKEN_SECRET));
  const touched = new Map<string, CalendarTouched>();
  for (const { clientState, lifecycleEvent } of value) {
    const claims = clientState ? verifyPushToken(clientState, keys) : undefined;
    if (claims === undefined) {
      logPushRefused(world.log, "its clientState is not ours");
      continue;
    }
    const ends = ENDING.includes(lifecycleEvent ?? "") || touched.get(claims.channelId)?.ends === true;
    touched.set(claims.channelId, { ...claims, via: "push", ...(ends && { ends }) });
  }
  if (touched.size === 0 && value.length > 0) {
    throw new LockstepError("BAD_SIGNATURE", { detail: "Push refused: no clientState in it is ours." });
  }
  return [...touched.values()];
}
