import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { calculateJwkThumbprint, exportJWK, type JWK, SignJWT } from "jose";
import type { OidcSettings } from "../../shared/cloud/oidc.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { closeServer, listenLocally } from "./gateway.ts";

/** Stands in for Google's issuer on one machine: signs what the embedded bus and scheduler call with. */
export interface Issuer {
  /** For the verifier of the internal edges; the same check as in the cloud. */
  readonly settings: OidcSettings;
  /** An `Authorization` header's value, good for an hour; made again shortly before it runs out. */
  authorization(): Promise<string>;
  close(): Promise<void>;
}

export interface IssuerOptions {
  /** Data folder; the key is made there once, readable by its owner alone. */
  readonly folder: string;
  readonly clock: Clock;
}

const EMAIL = "bus@lockstep.local";
const AUDIENCE = "lockstep-local";
const LIFETIME_SECONDS = 3_600;
const RENEW_SECONDS = 300;

/** Opens the issuer: its public keys are served on a free port of 127.0.0.1. */
export async function openIssuer({ folder, clock }: IssuerOptions): Promise<Issuer> {
  const key = keyIn(folder);
  const jwk = await publicJwk(key);
  const body = JSON.stringify({ keys: [jwk] });
  const server = createServer((_req, res) => res.setHeader("content-type", "application/json").end(body));
  const root = `http://127.0.0.1:${await listenLocally(server, 0, "--port")}`;
  server.unref();
  const settings = { issuer: root, jwksUrl: `${root}/jwks.json`, audience: AUDIENCE, emails: [EMAIL] };
  return {
    settings,
    authorization: keptUntilStale(clock, () => sign(key, jwk, settings.issuer, clock)),
    close: () => closeServer(server, 0),
  };
}

function keyIn(folder: string): KeyObject {
  const file = join(folder, "issuer-key.pem");
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    // Written aside and renamed: a kill in between leaves no half key behind.
    writeFileSync(`${file}.new`, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  chmodSync(file, 0o600);
  return createPrivateKey(readFileSync(file));
}

async function publicJwk(key: KeyObject): Promise<JWK> {
  const jwk = await exportJWK(createPublicKey(key));
  return { ...jwk, alg: "RS256", use: "sig", kid: await calculateJwkThumbprint(jwk) };
}

async function sign(key: KeyObject, jwk: JWK, issuer: string, clock: Clock): Promise<string> {
  const now = Math.floor(Date.parse(clock.now()) / 1000);
  const token = await new SignJWT({ email: EMAIL, email_verified: true })
    .setProtectedHeader({ alg: "RS256", ...(jwk.kid === undefined ? {} : { kid: jwk.kid }) })
    .setIssuer(issuer)
    .setAudience(AUDIENCE)
    .setSubject(EMAIL)
    .setIssuedAt(now)
    .setExpirationTime(now + LIFETIME_SECONDS)
    .sign(key);
  return `Bearer ${token}`;
}

function keptUntilStale(clock: Clock, make: () => Promise<string>): () => Promise<string> {
  let madeAt = Number.NEGATIVE_INFINITY;
  let made: Promise<string> | undefined;
  return () => {
    const now = Date.parse(clock.now());
    if (made === undefined || Math.abs(now - madeAt) > (LIFETIME_SECONDS - RENEW_SECONDS) * 1000) {
      madeAt = now;
      made = make();
    }
    return made;
  };
}
