import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { examine } from "../../scripts/doctor/examine.ts";
import { describeFinding, type Finding } from "../../scripts/doctor/finding.ts";
import { type RunningSandbox, startSandbox } from "../../scripts/sandbox/sandbox.ts";
import { seedDemo } from "../../scripts/sandbox/seed-demo.ts";
import type { Config } from "../../shared/config.ts";
import { readConfig } from "../../shared/config-file.ts";
import { buildWorld } from "../../shared/edge/build-world.ts";
import { LockstepError } from "../../shared/errors.ts";
import type { World } from "../../shared/flows/world.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { memoryPublisher } from "../fakes/memory-publisher.ts";
import { memoryStores } from "../fakes/memory-store.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Visit {
  readonly world: World;
  readonly sandbox: RunningSandbox;
  readonly secrets: Map<string, string>;
}

/** A studio and a town on the sandbox, behind public addresses that answer as the functions do. */
async function visit(edges: RequestListener = likeOurs): Promise<Visit> {
  const sandbox = await startSandbox({
    clock: systemClock,
    port: 0,
    newId: () => crypto.randomUUID().replaceAll("-", ""),
  });
  closing.push(() => sandbox.close());
  seedDemo(sandbox);
  const config = studioAndTown();
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = { client_email: "sync@loft.example", private_key: privateKey.export({ type: "pkcs8", format: "pem" }) };
  const secrets = new Map([
    ["google-key", JSON.stringify(key)],
    ["push-token-key", "k"],
    ["webhook-loft-uschedule", "w"],
    ["webhook-town-booking", "w"],
  ]);
  const world = buildWorld({
    ...{ config, clock: systemClock, newId: () => "1", log: { write: () => {} }, publisher: memoryPublisher() },
    ...{ stores: memoryStores(), providers: PROVIDERS, fetch: globalThis.fetch, publicUrl: await listen(edges) },
    secrets: {
      write: async () => {},
      read: async (name) => {
        const value = secrets.get(name);
        if (value === undefined)
          throw new LockstepError("SECRET_MISSING", { detail: `The secret ${name} is not there.` });
        return value;
      },
    },
    environment: {
      GOOGLE_API_ROOT: `${sandbox.url}/google`,
      USCHEDULE_API_ROOT: `${sandbox.url}/uschedule`,
      GRAPH_API_ROOT: `${sandbox.url}/graph`,
      BOOKING_API_ROOT: `${sandbox.url}/booking`,
    },
  });
  return { world, sandbox, secrets };
}

/** Two of the demo's customers; Google is reached with a service account's key. */
function studioAndTown(): Config {
  const file = "scripts/local/demo.config.yaml";
  const { loft, town } = readConfig(readFileSync(file, "utf8"), file, PROVIDERS).workspaces;
  if (loft === undefined || town === undefined) throw new Error("the demo has a studio and a town");
  const google = { provider: "google-calendar", settings: { credentials: "google-key" } };
  return { workspaces: { loft: { ...loft, calendars: { google } }, town } };
}

const likeOurs: RequestListener = (_req, res) =>
  void res.writeHead(405, { "content-type": "application/problem+json" }).end("{}");

async function listen(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  // Listening on TCP, a server's address is an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ill = (findings: readonly Finding[]) => findings.filter(({ kind }) => kind === "ill").map(describeFinding);

test("a healthy installation: everything is read, nothing is written, nothing is ill", async () => {
  const { world, sandbox } = await visit();

  const findings = await examine(world, globalThis.fetch);

  expect(ill(findings)).toEqual([]);
  expect(findings.filter(({ about }) => about.startsWith("calendar "))).toHaveLength(14);
  expect(findings.filter(({ about }) => about.startsWith("source "))).toHaveLength(2);
  const writes = sandbox.log
    .calls()
    .filter(({ operation }) => /insert|patch|delete|bookit|cancel|watch/.test(operation));
  expect(writes).toEqual([]);
});

test("S65: a calendar that may only be read is told, with the right that is missing", async () => {
  const { world, sandbox } = await visit();
  await fetch(`${sandbox.url}/sandbox/google/calendars`, {
    method: "POST",
    body: JSON.stringify({ id: "loft-bay-1@sandbox", accessRole: "reader" }),
  });

  const findings = await examine(world, globalThis.fetch);

  expect(ill(findings)).toEqual([
    "!!  calendar loft-bay-1@sandbox of loft/bay-1: it may be read, but not written. Give the account the right to make changes to events (GCAL).",
  ]);
});

test("a missing secret, and what it makes impossible, are told with the remedy and without any value", async () => {
  const { world, secrets } = await visit();
  secrets.delete("google-key");
  secrets.set("push-token-key", " ");

  const findings = ill(await examine(world, globalThis.fetch)).join("\n");

  expect(findings).toMatch(/secret google-key: SECRET_MISSING.*gcloud secrets versions add/);
  expect(findings).toMatch(/calendar loft-bay-1@sandbox of loft\/bay-1: SECRET_MISSING/);
  expect(findings).toMatch(/secret push-token-key: it is empty/);
});

test("a public address behind which something else answers, or nothing, is told", async () => {
  const { world } = await visit((_req, res) => void res.writeHead(403).end("Forbidden"));

  const refused = ill(await examine(world, globalThis.fetch));
  const nothing = ill(await examine({ ...world, publicUrl: "http://127.0.0.1:1/{function}" }, globalThis.fetch));

  expect(refused).toHaveLength(4);
  expect(refused[0]).toMatch(/something else answers \(403\).*Cloud Run asks callers for IAM/);
  expect(nothing[0]).toMatch(/address http:\/\/127.0.0.1:1\/gcal-push: nothing answers/);
});

test("a push channel that was refused or has run out is told", async () => {
  const { world } = await visit();
  const now = systemClock.now();
  const doc = { resource: "bay-1", connectedAt: now, adopted: false, lastRead: now };
  const put = (id: string, data: object) =>
    ({ kind: "put", ref: { collection: "calendars", id }, data: { calendarId: id, ...doc, ...data } }) as const;
  const channel = { channelId: "c", resourceId: "r", createdAt: now, expiresAt: "2020-01-01T00:00:00.000Z" };
  await world
    .store("loft")
    .commit([
      put("loft-bay-1@sandbox", { watchError: { reason: "webhookUrlUnauthorized", at: now } }),
      put("loft-bay-2@sandbox", { watch: channel }),
    ]);

  const findings = ill(await examine(world, globalThis.fetch));

  expect(findings[0]).toMatch(
    /push channel of loft-bay-1@sandbox: it was refused: webhookUrlUnauthorized.*Search Console/,
  );
  expect(findings[1]).toMatch(/push channel of loft-bay-2@sandbox: it has run out/);
});
