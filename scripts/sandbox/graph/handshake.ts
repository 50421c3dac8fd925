import type { Outside } from "../simulated-api.ts";
import { Refusal } from "../wire.ts";
import type { Call } from "../world.ts";
import { graphError } from "./errors.ts";
import { readSubscription } from "./subscriptions.ts";

/**
 * Asks each address of a subscription to be whether it answers the validation token, decoded, as plain text with
 * 200 (API_FACTS §3). Refuses with 400 where one does not; a request that is wrong by itself asks nobody.
 */
export async function shakeHands(call: Call, { send }: Outside): Promise<void> {
  const { notificationUrl, lifecycleNotificationUrl } = readSubscription(call);
  for (const address of new Set([notificationUrl, lifecycleNotificationUrl ?? notificationUrl])) {
    const token = `Validation: Testing client application reachability. Request-Id: ${call.world.newId()}+/&?`;
    const answered = await ask(address, token, send);
    if (answered !== undefined) {
      throw new Refusal(
        graphError(400, "ValidationError", `Subscription validation request failed: ${answered} (${address})`),
      );
    }
  }
}

/** What was wrong with the answer; undefined where it was right. */
async function ask(address: string, token: string, send: typeof fetch): Promise<string | undefined> {
  const url = `${address}${address.includes("?") ? "&" : "?"}validationToken=${encodeURIComponent(token)}`;
  try {
    const response = await send(url, { method: "POST", headers: { "content-type": "text/plain; charset=utf-8" } });
    const text = await response.text();
    if (response.status !== 200) return `must respond with 200 OK, not ${response.status}`;
    if (!/^text\/plain\b/i.test(response.headers.get("content-type") ?? "")) return "must respond with text/plain";
    return text === token ? undefined : "must respond with the decoded validation token";
  } catch {
    return "no response in time";
  }
}
