import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { jsonBody } from "./edge-request.ts";
import { callJson } from "./http-json.ts";
import { createLog } from "./log.ts";
import { INTERNAL_BODY_BYTES, readBody } from "./request-body.ts";
import { serve, type Wire } from "./serve.ts";

const WS = "rehearsal";
const SOURCE = "source";
const CALENDAR = "rehearsal@example.org";
const DAY = "2027-01-10T09:00:00.000Z";

/**
 * Runs once, while a function is built, what most starts run: its server, its clients, one request. Nothing real is
 * called: on this machine something answers everything with nothing. What ran is compiled, and that is kept
 * (`scripts/bundle/start.cjs`); what fails here had run until then, and says nothing of the function.
 */
export async function rehearse(name: string, wireIt: Wire): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const keys = [{ ...publicKey.export({ format: "jwk" }), kid: WS, alg: "RS256", use: "sig" }];
  const stage = createServer(async (req, res) => {
    const body = jsonBody(await readBody(req, INTERNAL_BODY_BYTES));
    res.setHeader("content-type", "application/json");
    res.setHeader("metadata-flavor", "Google");
    res.end(JSON.stringify(answerTo(req.url ?? "", body) ?? { keys, items: [], nextSyncToken: "1" }));
  });
  const host = `127.0.0.1:${await listening(stage.listen(0, "127.0.0.1"))}`;
  Object.assign(process.env, environmentOn(host));
  const port = await listening(serve(name, { ...process.env, PORT: "0" }, wireIt));
  const headers = { authorization: `Bearer ${tokenOf(privateKey)}`, ...signatureOf(JSON.stringify(MESSAGE)) };
  const url = `http://127.0.0.1:${port}/${WS}/${SOURCE}`;
  await callJson({ method: "POST", url, headers, body: MESSAGE, timeoutMs: 20_000 });
  await useClients(wireIt);
}

async function useClients(wireIt: Wire): Promise<void> {
  const { world } = wireIt(process.env, createLog());
  const ref = { collection: "eventMaps", id: "one" };
  const all = [
    () => world.secrets.read("one"),
    () => world.publisher.publish("observations", [{ data: "{}", attributes: {} }]),
    () => world.store(WS).get(ref),
    () => world.store(WS).commit([{ kind: "put", ref, data: { one: 1 } }]),
    () => world.store(WS).query({ collection: "eventMaps", where: [{ field: "key", op: "==", value: "one" }] }),
    () => world.calendar(WS, CALENDAR).changes({ calendarId: CALENDAR, from: DAY }),
  ];
  await Promise.allSettled(all.map(async (each) => each()));
}

/** As the bus calls: who calls is proven, so that the request comes as far as it can. */
function tokenOf(key: KeyObject): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: WS, aud: WS, email: CALENDAR, email_verified: true, iat: now, exp: now + 600 };
  const signed = `${part({ alg: "RS256", kid: WS })}.${part(claims)}`;
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), key).toString("base64url")}`;
}

/** The key of every signature, as it is stored: twice in base64, once for Secret Manager and once for a webhook's key. */
const SECRET = Buffer.from(Buffer.from(WS).toString("base64")).toString("base64");

/** As a booking system signs its webhooks (Standard Webhooks). */
function signatureOf(body: string): Record<string, string> {
  const at = String(Math.floor(Date.now() / 1000));
  const signature = createHmac("sha256", WS).update(`${WS}.${at}.${body}`).digest("base64");
  return { "webhook-id": WS, "webhook-timestamp": at, "webhook-signature": `v1,${signature}` };
}

/**
 * For `sync` a booking that was seen, for `booking-webhook` one that its system tells of (`data`); other functions keep it
 * as a dead letter, or refuse it.
 */
const MESSAGE = {
  data: { AppointmentID: 1, ResourceName: "Room", StartTime: "2027-01-10T09:00:00", EndTime: "2027-01-10T10:00:00" },
  subscription: WS,
  message: {
    data: Buffer.from(
      JSON.stringify({
        ...{ kind: "booking-seen", ws: WS, resource: "room", source: SOURCE, seenAt: DAY },
        run: { id: "1", complete: false, absent: 0 },
        items: [{ bookingId: "1", evidence: "seen" }],
      }),
    ).toString("base64"),
    messageId: "1",
    publishTime: DAY,
  },
};

/** Enough of Google's answers for a client to go on with; undefined: none of these. */
function answerTo(url: string, body: unknown): unknown {
  if (url.includes("/token")) return { access_token: "rehearsed", expires_in: 3_000 };
  if (url.includes(":access")) return { payload: { data: SECRET } };
  if (url.includes(":batchGet")) return Documents.parse(body).documents.map((missing) => ({ missing, readTime: DAY }));
  if (url.includes(":commit")) return { writeResults: [{ updateTime: DAY }], commitTime: DAY };
  if (url.includes(":runQuery")) return [{ readTime: DAY }];
  if (url.includes(":publish")) return { messageIds: ["1"] };
  return undefined;
}

const Documents = z.object({ documents: z.array(z.string()) });

function environmentOn(host: string): Record<string, string> {
  const root = `http://${host}`;
  return {
    GOOGLE_CLOUD_PROJECT: WS,
    LOCKSTEP_CONFIG: configurationFile(),
    OIDC_AUDIENCE: WS,
    OIDC_EMAILS: CALENDAR,
    OIDC_ISSUER: WS,
    OIDC_JWKS_URL: `${root}/keys`,
    PUBLIC_URL: "https://example.org",
    GCE_METADATA_HOST: host,
    METADATA_SERVER_DETECTION: "assume-present",
    FIRESTORE_EMULATOR_HOST: host,
    PUBSUB_API_ROOT: root,
    SECRET_MANAGER_API_ROOT: root,
    GOOGLE_API_ROOT: root,
    USCHEDULE_API_ROOT: root,
  };
}

function configurationFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), "lockstep-rehearsal-")), "lockstep.config.json");
  const workspace = {
    sources: { [SOURCE]: { provider: "uschedule" } },
    calendars: { google: { provider: "google-calendar" } },
    resources: { room: { source: SOURCE, sourceName: "Room", calendar: CALENDAR, timeZone: "Europe/London" } },
  };
  writeFileSync(file, JSON.stringify({ workspaces: { [WS]: workspace } }));
  return file;
}

async function listening(server: Server): Promise<number> {
  if (!server.listening) await new Promise((resolve) => server.once("listening", resolve));
  // Listening on TCP, a server's address is an AddressInfo.
  return (server.address() as AddressInfo).port;
}
