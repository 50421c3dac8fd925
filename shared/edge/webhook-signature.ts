import { timingSafeEqual } from "node:crypto";
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
  /** `webhook-id` and the like: a request's headers, or a message's attributes. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
  /** When it came to us: with a request now, with a message when it was published (decision 065). */
  readonly arrivedAt: Instant;
}

/** Answers the delivery's id. Throws BAD_SIGNATURE, counted (S33), or SECRET_MISSING where none was agreed with this source. */
export async function checkDelivery(world: Pick<World, "secrets" | "log">, delivery: SignedDelivery): Promise<string> {
  const { ws, source, arrivedAt } = delivery;
  const head = headOf(delivery.headers);
  try {
    sentAtOf(head, arrivedAt);
    const secret = await world.secrets.read(webhookSecretName(ws, source));
    checkWebhook(head, delivery.body, keysOf(secret), arrivedAt);
    return head.id;
  } catch (error) {
    if (isError(error, "BAD_SIGNATURE")) {
      logWebhookRefused(world.log, ws, source, error.message);
    }
    throw error;
  }
}

function headOf(headers: SignedDelivery["headers"]): WebhookHead {
  const text = (name: string) => String(headers[name] ?? "");
  return { id: text("webhook-id"), timestamp: text("webhook-timestamp"), signature: text("webhook-signature") };
}

/**
 * Throws BAD_SIGNATURE unless one of the keys (`whsec_…`) signed exactly these bytes within five minutes of
 * `arrivedAt`. The library makes the signature; the time is compared here, with our own clock or the queue's.
 */
export function checkWebhook(head: WebhookHead, body: Buffer, keys: readonly string[], arrivedAt: Instant): void {
  const sentAt = sentAtOf(head, arrivedAt);
  const given = head.signature.split(" ").filter((one) => one.startsWith("v1,"));
  const genuine = keys.map((key) => new Webhook(key).sign(head.id, sentAt, body.toString()));
  if (!genuine.some((one) => given.some((other) => same(one, other)))) {
    throw refused("it is not signed with the shared secret");
  }
}

/** When it was sent. Throws BAD_SIGNATURE for what no secret could save, so that none is read for it. */
function sentAtOf(head: WebhookHead, arrivedAt: Instant): Date {
  if (head.signature === "" || head.timestamp === "") {
    throw refused("webhook-signature or webhook-timestamp is missing");
  }
  if (!ID.test(head.id)) {
    throw refused("webhook-id is missing or odd");
  }
  const sentAt = /^\d{1,12}$/.test(head.timestamp) ? Number(head.timestamp) * 1000 : Number.NaN;
  if (!(Math.abs(Date.parse(arrivedAt) - sentAt) <= TOLERANCE_SECONDS * 1000)) {
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
