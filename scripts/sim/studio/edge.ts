import { sourceAccountOf, workspaceOf } from "../../../shared/config.ts";
import { bookingSeen } from "../../../shared/edge/booking-notice.ts";
import { verifyPushToken } from "../../../shared/edge/push-token.ts";
import { webhookReaderOf } from "../../../shared/edge/webhook-reader.ts";
import { publishObservation } from "../../../shared/flows/publish.ts";
import type { World } from "../../../shared/flows/world.ts";
import { PROVIDERS } from "../../../shared/providers/registry.ts";
import * as touched from "../../../shared/topics/calendar-touched.ts";
import * as mailbox from "../../../shared/topics/mailbox-touched.ts";
import { WS } from "./studio-config.ts";

/** Signs the push tokens of every simulated channel. */
export const PUSH_KEY = "push-key";
export const PUBLIC_URL = "http://lockstep.test";

/** Where a source of the studio sends its webhooks. */
export function webhookUrl(source: string): string {
  return `${PUBLIC_URL}/booking-webhook/${WS}/${source}`;
}

/** A webhook as it arrived; given to `receiveWebhook` again it is a second identical delivery. */
export interface WebhookDelivery {
  readonly id: string;
  readonly body: unknown;
  /** Left out: the studio's USchedule. */
  readonly source?: string;
}

/**
 * Takes what the sandbox sends and publishes what `gcal-push`, `graph-push` and `booking-webhook` publish for it.
 * Signatures and the window of replays are left to those functions and their own tests.
 */
export function openEdge(world: () => World) {
  const webhooks: WebhookDelivery[] = [];

  async function receivePush(token: string, state: string): Promise<number> {
    const claims = verifyPushToken(token, [PUSH_KEY]);
    if (claims === undefined) return 401;
    if (state === "sync") return 204;
    const { ws, calendarId, channelId } = claims;
    await world().publisher.publish(touched.TOPIC, [touched.messageOf({ ws, calendarId, via: "push", channelId })]);
    return 204;
  }

  async function receiveNotices(request: Request, handshake: string | null): Promise<Response> {
    if (handshake !== null) return new Response(handshake, { headers: { "content-type": "text/plain" } });
    // Proof: so the sandbox's Graph tells of changes (`scripts/sandbox/graph/notify.ts`).
    const { value } = (await request.json()) as { value: { clientState?: string }[] };
    for (const { clientState = "" } of value) await receivePush(clientState, "exists");
    return new Response(null, { status: 202 });
  }

  /** Stands for Pub/Sub, where Gmail publishes. */
  async function receivePublished(request: Request): Promise<Response> {
    // Proof: so the sandbox's Gmail publishes (`scripts/sandbox/gmail/notices.ts`).
    const { messages } = (await request.json()) as { messages: { data: string }[] };
    const data = messages.map((message) => ({ data: Buffer.from(message.data, "base64").toString(), attributes: {} }));
    await world().publisher.publish(mailbox.TOPIC, data);
    return Response.json({ messageIds: ["1"] });
  }

  async function receiveWebhook({ id, body, source = "uschedule" }: WebhookDelivery): Promise<void> {
    const workspace = workspaceOf(world().config, WS);
    const reader = webhookReaderOf(PROVIDERS, sourceAccountOf(workspace, source), source);
    const notice = reader.read(body);
    const seenAt = world().clock.now();
    await publishObservation(world(), bookingSeen(workspace, notice, { ws: WS, source, deliveryId: id, seenAt }));
  }

  const send: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    if (request.url.endsWith("/gcal-push")) {
      const { headers } = request;
      const token = headers.get("x-goog-channel-token") ?? "";
      return new Response(null, { status: await receivePush(token, headers.get("x-goog-resource-state") ?? "") });
    }
    const { pathname, searchParams } = new URL(request.url);
    if (pathname.endsWith("/graph-push")) return receiveNotices(request, searchParams.get("validationToken"));
    if (pathname.endsWith(":publish")) return receivePublished(request);
    const source = pathname.split("/").at(-1) ?? "";
    const delivery = { id: request.headers.get("webhook-id") ?? world().newId(), body: await request.json(), source };
    webhooks.push(delivery);
    await receiveWebhook(delivery);
    return new Response(null, { status: 204 });
  };

  return { send, receiveWebhook, webhooks: webhooks as readonly WebhookDelivery[] };
}
