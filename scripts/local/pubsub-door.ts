import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { z } from "zod";
import { readBody } from "../../shared/cloud/request-body.ts";
import type { Publisher } from "../../shared/ports/bus.ts";
import { closeServer, listenLocally } from "./gateway.ts";
import { checkCaller } from "./host-guard.ts";

const MAX_BYTES = 1_000_000;
const GRACE_MS = 1000;

/** What Pub/Sub's REST `publish` takes; `data` is base64. */
const Publish = z.object({
  messages: z
    .array(z.object({ data: z.base64().default(""), attributes: z.record(z.string(), z.string()).default({}) }))
    .min(1)
    .max(100),
});

export interface PubsubDoor {
  /** In place of `https://pubsub.googleapis.com`, for simulated providers that publish to a topic themselves. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Gmail tells of new mail by publishing to a topic, past every function. The sandbox's Gmail publishes here, by the
 * same call, `POST /v1/projects/P/topics/T:publish`, and the message goes onto whatever bus the local run has. For
 * this machine alone, on a free port.
 */
export async function openPubsubDoor(publisher: Publisher, topics: readonly string[]): Promise<PubsubDoor> {
  const server = createServer((req, res) => {
    take(req, res).catch(() => answer(res, 400, { error: { code: 400, status: "INVALID_ARGUMENT" } }));
  });
  const port = await listenLocally(server, 0, "--port");

  async function take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    checkCaller(req.headers, port);
    const topic = /^\/v1\/projects\/[^/]+\/topics\/([^/:]+):publish$/.exec(req.url ?? "")?.[1] ?? "";
    if (req.method !== "POST" || !topics.includes(topic)) {
      return answer(res, 404, { error: { code: 404, status: "NOT_FOUND" } });
    }
    const { messages } = Publish.parse(JSON.parse((await readBody(req, MAX_BYTES)).toString("utf8")));
    const told = messages.map(({ data, attributes }) => ({ data: Buffer.from(data, "base64").toString(), attributes }));
    await publisher.publish(topic, told);
    answer(res, 200, { messageIds: messages.map((_, index) => String(index + 1)) });
  }

  return { url: `http://127.0.0.1:${port}`, close: () => closeServer(server, GRACE_MS) };
}

function answer(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
