import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import "../../functions/dead-letter/index.ts";
import { openIssuer } from "../../scripts/local/issuer.ts";
import { createTokenVerifier, oidcSettingsFrom } from "../../shared/cloud/oidc.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { type Bench, openBench, problem } from "./edge-bench.ts";

const ISSUER = "https://accounts.google.com";
const AUDIENCE = "https://functions.example";
const EMAIL = "push@loftgolfschedule.iam.gserviceaccount.com";

let keys: Server;
let jwksUrl: string;
let ours: CryptoKey;
let foreign: CryptoKey;
let bench: Bench | undefined;

beforeAll(async () => {
  const [pair, other] = await Promise.all([generateKeyPair("RS256"), generateKeyPair("RS256")]);
  ours = pair.privateKey;
  foreign = other.privateKey;
  const body = JSON.stringify({
    keys: [{ ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "RS256", use: "sig" }],
  });
  keys = createServer((_req, res) => res.setHeader("content-type", "application/json").end(body));
  await new Promise<void>((resolve) => keys.listen(0, "127.0.0.1", resolve));
  // Proof: a server that listens on a host and port has an AddressInfo.
  jwksUrl = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/certs`;
});
afterEach(() => bench?.close());
afterAll(() => keys.close());

interface Claims {
  readonly issuer?: string;
  readonly audience?: string;
  readonly email?: string | undefined;
  readonly verified?: unknown;
  readonly expiresIn?: number;
  readonly key?: CryptoKey;
}

async function token(claims: Claims = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const email = "email" in claims ? claims.email : EMAIL;
  const body = { ...(email !== undefined && { email }), email_verified: claims.verified ?? true };
  return new SignJWT(body)
    .setProtectedHeader({ alg: "RS256", kid: "k1" })
    .setIssuer(claims.issuer ?? ISSUER)
    .setAudience(claims.audience ?? AUDIENCE)
    .setIssuedAt(now)
    .setExpirationTime(now + (claims.expiresIn ?? 600))
    .sign(claims.key ?? ours);
}

async function open(url = jwksUrl): Promise<Bench> {
  const settings = { issuer: ISSUER, jwksUrl: url, audience: AUDIENCE, emails: [EMAIL] };
  bench = await openBench("dead-letter", { verifyToken: createTokenVerifier(settings, systemClock) });
  return bench;
}

const ENVELOPE = JSON.stringify({
  message: {
    messageId: "901",
    publishTime: "2027-01-10T09:00:00.1Z",
    data: Buffer.from('{"b":14}').toString("base64"),
    attributes: { ws: "loft" },
  },
  subscription: "projects/p/subscriptions/sync",
});

function push(authorization?: string): RequestInit {
  return { method: "POST", body: ENVELOPE, headers: authorization === undefined ? {} : { authorization } };
}

test("Pub/Sub's own token is taken, and the message is kept", async () => {
  const { call, world } = await open();

  const response = await call("/dead-letter", push(`Bearer ${await token()}`));

  expect(response.status).toBe(204);
  expect(await world.store("loft").count({ collection: "deadLetters" })).toBe(1);
});

const REFUSALS: [string, () => Promise<string | undefined>][] = [
  ["no token", async () => undefined],
  ["a word for a token", async () => "Bearer let-me-in"],
  ["basic credentials", async () => "Basic dXNlcjpwYXNz"],
  ["a token of another issuer", async () => `Bearer ${await token({ issuer: "https://accounts.example" })}`],
  ["a token for another audience", async () => `Bearer ${await token({ audience: "https://other.example" })}`],
  ["a token of another account", async () => `Bearer ${await token({ email: "someone@gmail.com" })}`],
  ["a token without an e-mail", async () => `Bearer ${await token({ email: undefined })}`],
  ["an unverified e-mail", async () => `Bearer ${await token({ verified: false })}`],
  ["a verification that is a word", async () => `Bearer ${await token({ verified: "true" })}`],
  ["an expired token", async () => `Bearer ${await token({ expiresIn: -60 })}`],
  ["a token signed with a foreign key", async () => `Bearer ${await token({ key: foreign })}`],
  ["a token whose signature was cut off", async () => `Bearer ${(await token()).replace(/[^.]+$/, "")}`],
  ["a token that says it needs no signature", async () => `Bearer ${unsigned()}`],
];

function unsigned(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iss: ISSUER, aud: AUDIENCE, exp: 4_000_000_000, email: EMAIL, email_verified: true };
  return `${part({ alg: "none" })}.${part(claims)}.AA`;
}

for (const [what, authorization] of REFUSALS) {
  test(`an internal edge refuses ${what}`, async () => {
    const { call, world, lines } = await open();

    const refused = await problem(await call("/dead-letter", push(await authorization())));

    expect(refused).toMatchObject({ status: 401, code: "UNAUTHENTICATED", type: "application/problem+json" });
    expect(await world.store("loft").count({ collection: "deadLetters" })).toBe(0);
    expect(lines).toMatchObject([{ message: "credential refused" }]);
  });
}

test("where the issuer's keys cannot be read nobody is refused for good: the message comes again", async () => {
  const { call } = await open("http://127.0.0.1:1/certs");

  const refused = await problem(await call("/dead-letter", push(`Bearer ${await token()}`)));

  expect(refused).toMatchObject({ status: 502, code: "PROVIDER_UNAVAILABLE" });
});

test("on one machine the local issuer's tokens pass the same check, and those of another folder do not", async () => {
  const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), "lockstep-issuer-")));
  const [mine, other] = await Promise.all(folders.map((folder) => openIssuer({ folder, clock: systemClock })));
  if (mine === undefined || other === undefined) throw new Error("no issuer");
  bench = await openBench("dead-letter", { verifyToken: createTokenVerifier(mine.settings, systemClock) });

  const taken = await bench.call("/dead-letter", push(await mine.authorization()));
  const refused = await bench.call("/dead-letter", push(await other.authorization()));

  expect([taken.status, refused.status]).toEqual([204, 401]);
  expect(statSync(join(folders[0] ?? "", "issuer-key.pem")).mode & 0o777).toBe(0o600);
  await Promise.all([mine.close(), other.close()]);
  for (const folder of folders) rmSync(folder, { recursive: true });
});

test("a folder keeps its key: a token from before the restart still has a known signer", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-issuer-"));
  const before = await openIssuer({ folder, clock: systemClock });
  const keysBefore = await (await fetch(before.settings.jwksUrl)).text();
  await before.close();

  const after = await openIssuer({ folder, clock: systemClock });

  expect(await (await fetch(after.settings.jwksUrl)).text()).toBe(keysBefore);
  expect(keysBefore).not.toContain('"d"');
  await after.close();
  rmSync(folder, { recursive: true });
});

test("settings that are missing are named with what they are for; Google's own are the default", () => {
  expect(() => oidcSettingsFrom({ OIDC_EMAILS: EMAIL })).toThrow(/OIDC_AUDIENCE is not set: what the tokens/);
  expect(() => oidcSettingsFrom({ OIDC_AUDIENCE: AUDIENCE, OIDC_EMAILS: " " })).toThrow(/OIDC_EMAILS is not set/);
  expect(oidcSettingsFrom({ OIDC_AUDIENCE: AUDIENCE, OIDC_EMAILS: `${EMAIL}, b@c.d` })).toEqual({
    issuer: ISSUER,
    jwksUrl: "https://www.googleapis.com/oauth2/v3/certs",
    audience: AUDIENCE,
    emails: [EMAIL, "b@c.d"],
  });
});
