import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json, type Outcome, type Reply, type SandboxRequest } from "./wire.ts";

const MAX_BODY = 5_000_000;
/** Names under which this machine may call; any other is a web page's attempt to reach it (DNS rebinding). */
const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
const LOCAL_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

/** The thin shell: sockets on one side, `handle` on the other. Bound to 127.0.0.1. */
export async function serveHttp(
  handle: (request: SandboxRequest) => Promise<Outcome>,
  port: number,
  wait: (ms: number) => Promise<void>,
): Promise<HttpServer> {
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isLocal(request)) return send(response, json(421, { Message: "Local calls only." }));
    const body = await readBody(request);
    if (body === undefined) return send(response, json(413, { Message: "The body is too large." }));
    const outcome = await handle(describe(request, body));
    if (outcome.delayMs > 0) await wait(outcome.delayMs);
    if (outcome.end === "closed") request.socket.destroy();
    else if (outcome.end === "cut") sendHalf(response, outcome.reply);
    else send(response, outcome.reply);
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function isLocal({ headers }: IncomingMessage): boolean {
  return LOCAL_HOST.test(headers.host ?? "") && (headers.origin === undefined || LOCAL_ORIGIN.test(headers.origin));
}

function describe(request: IncomingMessage, body: string): SandboxRequest {
  const url = new URL(request.url ?? "/", "http://localhost");
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value ?? "")]);
  return {
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(headers),
    body,
  };
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= MAX_BODY) chunks.push(chunk);
  }
  return size > MAX_BODY ? undefined : Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, reply.headers);
  response.end(reply.body);
}

function sendHalf(response: ServerResponse, reply: Reply): void {
  const whole = Buffer.from(reply.body);
  response.writeHead(reply.status, { ...reply.headers, "content-length": String(whole.length) });
  response.write(whole.subarray(0, whole.length / 2), () => response.destroy());
}
