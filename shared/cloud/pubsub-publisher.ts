import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { LockstepError } from "../errors.ts";
import type { OutgoingMessage, Publisher } from "../ports/bus.ts";
import { checkMessages } from "../ports/bus-checks.ts";
import { type GoogleApi, openGoogleApi } from "./google-rest.ts";
import type { JsonAnswer } from "./http-json.ts";

/** Whoever publishes has to answer its own caller before Pub/Sub would have given up by itself. */
const WITHIN_MS = 15_000;
const CALL_MS = 8_000;
const FIRST_PAUSE_MS = 100;

/** Pub/Sub takes 10 MB and 1,000 messages a request; texts grow by a third on their way (base64). */
const REQUEST_BYTES = 7_000_000;

/** Worth another try; everything else says the same again. A conflict is an aborted request. */
const PASSING: readonly number[] = [0, 408, 409, 429, 499, 500, 502, 503, 504];

const Published = z.object({ messageIds: z.array(z.string()) });

/**
 * A publisher on Pub/Sub's REST API, or on its emulator where PUBSUB_EMULATOR_HOST is set. The client library
 * would load gRPC, which is most of a cold start (decision 087). Messages leave at once, in the order given.
 */
export function openPubsubPublisher(projectId: string): Publisher {
  const api = openApi();
  return {
    async publish(name, messages) {
      checkMessages(messages);
      for (const part of partsOf(messages)) await send(api, `/v1/projects/${projectId}/topics/${name}:publish`, part);
    },
    // What was published was answered; no connection needs a farewell.
    close: async () => {},
  };
}

function openApi(): GoogleApi {
  const { PUBSUB_EMULATOR_HOST: emulator, PUBSUB_API_ROOT: root } = process.env;
  if (emulator) return openGoogleApi({ root: `http://${emulator}`, anonymous: true, timeoutMs: CALL_MS });
  return openGoogleApi({ root: root ?? "https://pubsub.googleapis.com", timeoutMs: CALL_MS });
}

/** Requests that are small enough, in order. */
function partsOf(messages: readonly OutgoingMessage[]): OutgoingMessage[][] {
  const parts: OutgoingMessage[][] = [];
  let size = 0;
  for (const message of messages) {
    const bytes = sizeOf(message);
    const last = parts.at(-1);
    if (last === undefined || size + bytes > REQUEST_BYTES) {
      parts.push([message]);
      size = bytes;
    } else {
      last.push(message);
      size += bytes;
    }
  }
  return parts;
}

function sizeOf({ data, attributes, orderingKey = "" }: OutgoingMessage): number {
  const pairs = Object.entries(attributes).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  return Buffer.byteLength(data) + pairs + orderingKey.length;
}

/** A repetition may publish twice; every message takes effect once (STYLE rule 16). */
async function send(api: GoogleApi, path: string, messages: readonly OutgoingMessage[]): Promise<void> {
  const body = { messages: messages.map(wireOf) };
  const end = Date.now() + WITHIN_MS;
  for (let wait = FIRST_PAUSE_MS; ; wait *= 2) {
    const answer = await api.call("POST", path, body).catch(unanswered);
    if (answer.status === 200 && Published.safeParse(answer.body).success) return;
    if (!PASSING.includes(answer.status) || Date.now() + wait > end) throw notTaken(path, answer);
    await pause(wait);
  }
}

function wireOf({ data, attributes, orderingKey }: OutgoingMessage) {
  return {
    data: Buffer.from(data).toString("base64"),
    attributes,
    ...(orderingKey !== undefined && { orderingKey }),
  };
}

/** The cause is told without the request, which holds the messages. */
function unanswered(error: unknown): JsonAnswer {
  return { status: 0, body: error instanceof Error ? error.name : "no answer" };
}

function notTaken(path: string, { status }: JsonAnswer): LockstepError {
  const topic = path.slice(path.lastIndexOf("/") + 1, -":publish".length);
  return new LockstepError("BUS_UNAVAILABLE", { detail: `Pub/Sub did not take ${topic} (${status}).` });
}
