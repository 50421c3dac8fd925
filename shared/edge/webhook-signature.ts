import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { Webhook } from "standardwebhooks";
import { isError, LockstepError } from "../errors.ts";
import type { World } from "../flows/world.ts";
import type { Instant } from "../sync/time.ts";
import { logWebhookRefused } from "./edge-log.ts";
import { keysOf } from "./key-list.ts";

/** The three headers of a Standard Webhooks delivery, "" where missing. */
export interface WebhookHead {
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
}

const TOLERANCE_SECONDS = 300;
const ID = /^[\x21-\x7e]{1,200}$/;

/** Name of the secret of one workspace's source; see `keysOf`. */
export function webhookSecretName(ws: string, source: string): string {
  return `webhook-${ws}-${source}`;
}

/** One delivery as it arrived. */
export interface SignedDelivery {
  readonly ws: string;
  readonly source: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Throws BAD_SIGNATURE, counted (S33), or SECRET_MISSING where none was agreed with this source. */
export async function checkDelivery(
  world: Pick<World, "secrets" | "clock" | "log">,
  delivery: SignedDelivery,
): Promise<void> {
  const { ws, source } = delivery;
  const head = headOf(delivery.headers);
  const now = world.clock.now();
  try {
    sentAtOf(head, now);
    const secret = await world.secrets.read(webhookSecretName(ws, source));
    checkWebhook(head, delivery.body, keysOf(secret), now);
  } catch (error) {
    if (isError(error, "BAD_SIGNATURE")) {
      logWebhookRefused(world.log, ws, source, error.message);
    }
    throw error;
  }
}

function headOf(headers: IncomingHttpHeaders): WebhookHead {
  const text = (name: string) => String(headers[name] ?? "");
  return { id: text("webhook-id"), timestamp: text("webhook-timestamp"), signature: text("webhook-signature") };
}

/**
 * Throws BAD_SIGNATURE unless one of the keys (`whsec_…`) signed exactly these bytes within five minutes of
 * `now`. The library makes the signature; the time is compared here, with our own clock.
 */
export function checkWebhook(head: WebhookHead, body: Buffer, keys: readonly string[], now: Instant): void {
  const sentAt = sentAtOf(head, now);
  const given = head.signature.split(" ").filter((one) => one.startsWith("v1,"));
  const genuine = keys.map((key) => new Webhook(key).sign(head.id, sentAt, body.toString()));
  if (!genuine.some((one) => given.some((other) => same(one, other)))) {
    throw refused("it is not signed with the shared secret");
  }
}

/** When it was sent. Throws BAD_SIGNATURE for what no secret could save, so that none is read for it. */
function sentAtOf(head: WebhookHead, now: Instant): Date {
  if (head.signature === "" || head.timestamp === "") {
    throw refused("webhook-signature or webhook-timestamp is missing");
  }
  if (!ID.test(head.id)) {
    throw refused("webhook-id is missing or odd");
  }
  const sentAt = /^\d{1,12}$/.test(head.timestamp) ? Number(head.timestamp) * 1000 : Number.NaN;
  if (!(Math.abs(Date.parse(now) - sentAt) <= TOLERANCE_SECONDS * 1000)) {
    throw refused("it was sent more than five minutes ago, or ahead");
  }
  return new Date(sentAt);
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refused(reason: string): LockstepError {
  return new LockstepError("BAD_SIGNATURE", { detail: `Webhook refused: ${reason}.` });
}
