import { isError, LockstepError } from "../errors.ts";
import type { PushEnvelope } from "../ports/bus.ts";
import { ABSENT } from "../ports/store.ts";
import type { Instant } from "../sync/time.ts";
import { documentId } from "./document-id.ts";
import { markDirty } from "./mark-dirty.ts";
import { raiseAlert } from "./review.ts";
import type { World } from "./world.ts";

/** A message no function could take, kept for replay. Collection `deadLetters`, id = the message's id. */
export interface DeadLetter {
  readonly messageId: string;
  readonly subscription: string;
  /** Why it is here, safe to show. */
  readonly reason: string;
  /** The message as it was published; text where it was text, else base64. */
  readonly data: string;
  readonly encoding: "text" | "base64";
  /** True where the message is larger than a document may be: then only its beginning is here. */
  readonly cut?: boolean;
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey: string | null;
  readonly publishedAt: string;
  readonly keptAt: Instant;
  /** `mended`: a given-up item that works again (S27). */
  readonly status: "kept" | "replayed" | "mended" | "dropped";
  /** Who replayed or dropped it, and when. */
  readonly decidedBy?: string;
  readonly decidedAt?: Instant;
  readonly dropReason?: string;
}

export const DEAD_LETTERS = "deadLetters";

/**
 * Keeps the message with its reason, once however often it is delivered, and has the next sweep look at
 * what it was about (R6). Throws STORE_UNAVAILABLE, and
 * NOT_FOUND where the message names no workspace of ours.
 */
export async function keepDeadLetter(world: World, envelope: PushEnvelope, reason?: string): Promise<void> {
  const { message } = envelope;
  const ws = workspaceOf(message);
  const letter: DeadLetter = {
    messageId: message.messageId,
    subscription: message.attributes?.CloudPubSubDeadLetterSourceSubscription ?? envelope.subscription,
    reason: reason ?? refusedReason(message),
    ...contentOf(message.data ?? ""),
    attributes: message.attributes ?? {},
    orderingKey: message.orderingKey ?? null,
    publishedAt: message.publishTime,
    keptAt: world.clock.now(),
    status: "kept",
  };
  const ref = { collection: DEAD_LETTERS, id: documentId(message.messageId) };
  await markDirty(world.store(ws), Buffer.from(message.data ?? "", "base64").toString(), letter.keptAt);
  try {
    await world.store(ws).commit([{ kind: "put", ref, data: letter, ifVersion: ABSENT }]);
  } catch (error) {
    if (isError(error, "STORE_CONFLICT")) {
      return;
    }
    throw error;
  }
  world.log.write("ERROR", "message kept as dead letter", {
    ws,
    messageId: letter.messageId,
    subscription: letter.subscription,
    reason: letter.reason,
  });
  const detail = `Message ${letter.messageId} was given up (${letter.reason}); what it was about is looked at again.`;
  await raiseAlert(world.store(ws), { kind: "dead-letter", subject: letter.messageId, detail }, letter.keptAt);
}

function workspaceOf(message: PushEnvelope["message"]): string {
  const ws = message.attributes?.ws ?? message.orderingKey?.split("/")[0];
  if (ws === undefined) {
    throw new LockstepError("NOT_FOUND", { detail: `Message ${message.messageId} names no workspace.` });
  }
  return ws;
}

function refusedReason(message: PushEnvelope["message"]): string {
  const times = message.attributes?.CloudPubSubDeadLetterSourceDeliveryCount;
  return times === undefined ? "refused too often" : `refused ${times} times`;
}

/** As text where it is text: base64 of a full message would be larger than a document may be. */
function contentOf(data: string): Pick<DeadLetter, "data" | "encoding" | "cut"> {
  const bytes = Buffer.from(data, "base64");
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes)
    ? { ...fitting(text), encoding: "text" }
    : { ...fitting(data), encoding: "base64" };
}

/** Of a document's 1 MB, as JSON; the rest is for what stands beside it. */
const MAX_DATA_BYTES = 800_000;
/** Fits however it is escaped. */
const BEGINNING = 100_000;

/** Text grows when it is written as JSON: a full message of many quotes would not fit, and be lost. */
function fitting(data: string): Pick<DeadLetter, "data" | "cut"> {
  if (Buffer.byteLength(JSON.stringify(data)) <= MAX_DATA_BYTES) return { data };
  return { data: data.slice(0, BEGINNING).toWellFormed(), cut: true };
}
