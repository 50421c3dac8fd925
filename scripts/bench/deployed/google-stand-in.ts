import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttp, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

/** A message that a deployed function published. */
export interface PublishedMessage {
  readonly topic: string;
  /** Base64, as Pub/Sub will push it. */
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * What a deployed function meets outside, on this machine: a metadata server that hands out tokens, and, behind TLS and that
 * token, Pub/Sub, Secret Manager, Firestore (the official emulator) and the keys of Google's issuer. Simulated providers
 * stand behind the same TLS.
 */
export interface GoogleStandIn {
  /** `https://localhost:port`, the root of everything below. */
  readonly url: string;
  /** `host:port` of the metadata server. */
  readonly metadataHost: string;
  /** A file with the certificate to be trusted. */
  readonly certificate: string;
  readonly secrets: Map<string, string>;
  /** What was published and not taken yet. */
  take(): PublishedMessage[];
  close(): void;
}

export interface Behind {
  /** `host:port` of the Firestore emulator. */
  readonly firestoreHost: string;
  /** Address of the sandbox; `/google`, `/uschedule` and so on are below it. */
  readonly sandboxUrl: string;
  /** What the issuer's key address answers. */
  readonly jwks: string;
}

const TOKEN = "token-of-the-metadata-server";
const BEARER = `Bearer ${TOKEN}`;

/** Starts both servers on free ports. The certificate is made for this one run. */
export async function openGoogle(behind: Behind): Promise<GoogleStandIn> {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-tls-"));
  const { key, cert } = certificateIn(folder);
  const secrets = new Map<string, string>();
  const published: PublishedMessage[] = [];
  const metadata = createHttp(answerMetadata);
  const front = createHttps({ key: readFileSync(key), cert: readFileSync(cert) }, (req, res) => {
    void answer(req, res, { behind, secrets, published });
  });
  const [metadataPort, port] = [await listen(metadata), await listen(front)];
  return {
    url: `https://localhost:${port}`,
    metadataHost: `127.0.0.1:${metadataPort}`,
    certificate: cert,
    secrets,
    take: () => published.splice(0),
    close() {
      for (const server of [metadata, front]) {
        server.close();
        server.closeAllConnections();
      }
      rmSync(folder, { recursive: true });
    },
  };
}

function certificateIn(folder: string): { readonly key: string; readonly cert: string } {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  execFileSync("openssl", ["req", "-x509", ...kind, ...subject, "-keyout", key, "-out", cert], { stdio: "ignore" });
  return { key, cert };
}

function answerMetadata(req: IncomingMessage, res: ServerResponse): void {
  res.setHeader("metadata-flavor", "Google");
  if (req.url?.includes("/token")) {
    json(res, 200, { access_token: TOKEN, expires_in: 3_000, token_type: "Bearer" });
  } else if (req.url?.includes("universe")) {
    res.end("googleapis.com");
  } else {
    res.end("ok");
  }
}

interface Parts {
  readonly behind: Behind;
  readonly secrets: Map<string, string>;
  readonly published: PublishedMessage[];
}

const SANDBOXES = /^\/(google|uschedule|graph|booking)\//;

async function answer(req: IncomingMessage, res: ServerResponse, { behind, secrets, published }: Parts): Promise<void> {
  const url = req.url ?? "";
  if (SANDBOXES.test(url)) return pass(req, res, `${behind.sandboxUrl}${url}`);
  if (url === "/certs") {
    res.setHeader("content-type", "application/json");
    res.end(behind.jwks);
    return;
  }
  if (req.headers.authorization !== BEARER) return json(res, 401, { error: { status: "UNAUTHENTICATED" } });
  if (url.includes("/databases/")) {
    return pass(req, res, `http://${behind.firestoreHost}${url}`, { authorization: "Bearer owner" });
  }
  const body = await bodyOf(req);
  const [, topic] = /\/topics\/([a-z-]+):publish$/.exec(url) ?? [];
  const [, secret] = /\/secrets\/([a-z0-9-]+)\/versions\/latest:access$/.exec(url.replace(/\?.*/, "")) ?? [];
  if (topic !== undefined) return publish(res, published, topic, body);
  if (secret !== undefined) return read(res, secrets.get(secret));
  json(res, 404, { error: { status: "NOT_FOUND" } });
}

const Publish = z.object({
  messages: z.array(z.object({ data: z.string(), attributes: z.record(z.string(), z.string()) })),
});

function publish(res: ServerResponse, published: PublishedMessage[], topic: string, body: string): void {
  const { messages } = Publish.parse(JSON.parse(body));
  published.push(...messages.map((message) => ({ topic, ...message })));
  json(res, 200, { messageIds: messages.map((_, index) => String(published.length + index)) });
}

function read(res: ServerResponse, value: string | undefined): void {
  if (value === undefined) json(res, 404, { error: { status: "NOT_FOUND" } });
  else json(res, 200, { name: "versions/1", payload: { data: Buffer.from(value).toString("base64") } });
}

/** To what stands behind, as it came, with other headers where they are given. */
function pass(req: IncomingMessage, res: ServerResponse, to: string, headers: Record<string, string> = {}): void {
  const onward = request(to, { method: req.method, headers: { ...req.headers, ...headers } }, (back) => {
    res.writeHead(back.statusCode ?? 502, back.headers);
    back.pipe(res);
  });
  onward.on("error", () => json(res, 502, { error: { status: "UNAVAILABLE" } }));
  req.pipe(onward);
}

function json(res: ServerResponse, status: number, body: object): void {
  if (res.headersSent) return;
  res.writeHead(status, { "content-type": "application/json" });
  res.end(JSON.stringify(body));
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

async function listen(server: Server | ReturnType<typeof createHttps>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Listening on TCP, a server's address is an AddressInfo.
  return (server.address() as AddressInfo).port;
}
