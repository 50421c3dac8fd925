import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { readBody } from "../../shared/cloud/request-body.ts";
import { closeServer, listenLocally } from "./gateway.ts";
import { checkCaller } from "./host-guard.ts";

/** Google's largest message as base64, with its envelope. */
const MAX_BYTES = 15_000_000;
const GRACE_MS = 5000;

export interface PushRelay {
  /** Where the emulator POSTs the messages of one function. */
  endpoint(target: string): string;
  close(): Promise<void>;
}

/**
 * The one address that the Pub/Sub emulator pushes to. The emulator signs nothing, the functions take nothing
 * unsigned, and the public gateway stays shut: so what arrives here, on a free port of 127.0.0.1 under a path
 * that only the emulator was told, goes on to the gateway with the local issuer's token.
 */
export async function openPushRelay(
  targets: readonly string[],
  forward: (target: string, body: string) => Promise<number>,
): Promise<PushRelay> {
  const secret = randomBytes(24).toString("hex");
  const paths = new Map(targets.map((target) => [`/${secret}/${target}`, target]));
  const server = createServer((req, res) => {
    relay(req, res).catch(() => answer(res, 503));
  });
  const port = await listenLocally(server, 0, "--port");

  async function relay(req: IncomingMessage, res: ServerResponse): Promise<void> {
    checkCaller(req.headers, port);
    const target = req.method === "POST" ? paths.get(req.url ?? "") : undefined;
    if (target === undefined) return answer(res, 404);
    const status = await forward(target, (await readBody(req, MAX_BYTES)).toString("utf8"));
    // The emulator takes 202 for a refusal (TOOLCHAIN).
    answer(res, status >= 200 && status < 300 ? 200 : status);
  }

  return {
    endpoint: (target) => `http://127.0.0.1:${port}/${secret}/${target}`,
    close: () => closeServer(server, GRACE_MS),
  };
}

function answer(res: ServerResponse, status: number): void {
  res.writeHead(status).end();
}
