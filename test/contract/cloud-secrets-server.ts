import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SecretManagerServiceClient } from "@google-cloud/secret-manager";
import { PassThroughClient } from "google-auth-library";
import { z } from "zod";
import { type GoogleApi, openGoogleApi } from "../../shared/cloud/google-rest.ts";

/**
 * A Secret Manager of our own for the real adapter: Google has no emulator for it. It speaks the published REST protocol
 * and knows only what the contract needs.
 */
export interface SecretManagerServer {
  readonly api: GoogleApi;
  /** Google's own client, speaking to it. */
  readonly client: SecretManagerServiceClient;
  /** Calls so far, by method. */
  readonly calls: string[];
  /** The next call answers with this HTTP status. */
  failNext(status: number): void;
  close(): Promise<void>;
}

const Added = z.object({ payload: z.object({ data: z.base64() }) });
const Created = z.object({ replication: z.object({ automatic: z.object({}) }) });

export async function startSecretManager(): Promise<SecretManagerServer> {
  const secrets = new Map<string, string[]>();
  const calls: string[] = [];
  let failure: number | undefined;
  const server = createServer(async (req, res) => {
    const { method, ...answer } = answerTo(req, await bodyOf(req), secrets);
    calls.push(method);
    send(res, failure === undefined ? answer : { status: failure, body: { error: { code: failure } } });
    failure = undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Listening on TCP, a server's address is an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const client = new SecretManagerServiceClient({
    fallback: true,
    authClient: new PassThroughClient(),
    apiEndpoint: "127.0.0.1",
    port,
    protocol: "http",
  });
  return {
    client,
    api: openGoogleApi({ root: `http://127.0.0.1:${port}`, anonymous: true, timeoutMs: 2_000 }),
    calls,
    failNext: (status) => {
      failure = status;
    },
    async close() {
      await client.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

const refused = (code: number): Answer => ({ status: code, body: { error: { code } } });

function answerTo(req: IncomingMessage, body: unknown, secrets: Map<string, string[]>): Answer & { method: string } {
  const url = new URL(req.url ?? "/", "http://127.0.0.1");
  const [, read] = /^\/v1\/(projects\/[^/]+\/secrets\/[^/]+)\/versions\/latest:access$/.exec(url.pathname) ?? [];
  const [, added] = /^\/v1\/(projects\/[^/]+\/secrets\/[^/]+):addVersion$/.exec(url.pathname) ?? [];
  const [, parent] = /^\/v1\/(projects\/[^/]+\/secrets)$/.exec(url.pathname) ?? [];
  if (req.method === "GET" && read !== undefined) return { method: "access", ...access(secrets, read) };
  if (req.method === "POST" && added !== undefined) return { method: "add", ...add(secrets, added, body) };
  if (req.method === "POST" && parent !== undefined) {
    return { method: "create", ...create(secrets, `${parent}/${url.searchParams.get("secretId")}`, body) };
  }
  return { method: "unknown", ...refused(404) };
}

function access(secrets: Map<string, string[]>, name: string): Answer {
  const data = secrets.get(name)?.at(-1);
  return data === undefined ? refused(404) : { status: 200, body: { name, payload: { data } } };
}

function add(secrets: Map<string, string[]>, name: string, body: unknown): Answer {
  const versions = secrets.get(name);
  if (versions === undefined) return refused(404);
  // "Secret Payload cannot be empty."
  if (!Added.safeParse(body).data?.payload.data) return refused(400);
  const number = versions.push(Added.parse(body).payload.data);
  return { status: 200, body: { name: `${name}/versions/${number}` } };
}

function create(secrets: Map<string, string[]>, name: string, body: unknown): Answer {
  Created.parse(body);
  if (secrets.has(name)) return refused(409);
  secrets.set(name, []);
  return { status: 200, body: { name } };
}

async function bodyOf(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString();
  return text === "" ? undefined : JSON.parse(text);
}

function send(res: ServerResponse, { status, body }: Answer): void {
  res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
