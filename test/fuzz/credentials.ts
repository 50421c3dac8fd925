import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { SignJWT, UnsecuredJWT } from "jose";
import { Webhook } from "standardwebhooks";
import { makeApiKey } from "../../shared/edge/api-key.ts";
import { makePushToken, type PushClaims } from "../../shared/edge/push-token.ts";
import type { Scope } from "../../shared/edge/scope.ts";
import { NOW, PUSH_KEY, type Rig, WEBHOOK_SECRETS, type Workspace } from "./rig.ts";
import type { Sent } from "./send.ts";

type Headers = Sent["headers"];

let deliveries = 0;

/** Under this id no delivery was made before. */
export function freshId(): string {
  return `msg_${++deliveries}`;
}

/** The headers of a delivery as the sender of this workspace signs it. */
export function signedWebhook(
  body: Buffer,
  { ws = "loft" as Workspace, id = freshId(), at = NOW, secret = WEBHOOK_SECRETS[ws] as string } = {},
): Headers {
  return [
    ["content-type", "application/json"],
    ["webhook-id", id],
    ["webhook-timestamp", String(Math.floor(Date.parse(at) / 1000))],
    ["webhook-signature", new Webhook(secret).sign(id, new Date(at), body.toString())],
  ];
}

/** The headers of a push of Google, from a channel of ours. */
export function pushHeaders(claims: PushClaims, { state = "exists", key = PUSH_KEY } = {}): Headers {
  return [
    ["x-goog-channel-id", claims.channelId],
    ["x-goog-channel-token", makePushToken(claims, key)],
    ["x-goog-resource-state", state],
    ["x-goog-resource-id", "o3hgv1538sdjfh"],
    ["x-goog-resource-uri", "https://www.googleapis.com/calendar/v3/calendars/loft/events?alt=json"],
    ["x-goog-message-number", "10"],
    ["content-type", "application/json; utf-8"],
  ];
}

/** A fresh API key: its text, and its id. */
export async function apiKey(
  rig: Rig,
  scopes: readonly Scope[],
  { ws = "loft" as Workspace, revokedAt = "" } = {},
): Promise<{ readonly id: string; readonly text: string }> {
  const { doc, text } = makeApiKey(ws, { label: "fuzz", scopes, createdBy: "fuzz" }, NOW);
  const ref = { collection: "apiKeys", id: doc.id };
  await rig.store(ws).commit([{ kind: "put", ref, data: { ...doc, revokedAt } }]);
  return { id: doc.id, text };
}

/** What our own bus and scheduler call with. */
export async function ourToken(rig: Rig): Promise<Headers> {
  return [
    ["content-type", "application/json"],
    ["authorization", await rig.issuer.authorization()],
  ];
}

/** The claims of a good token, in seconds as JWT wants them. */
export function goodClaims(rig: Rig) {
  const now = Math.floor(Date.parse(rig.clock.now()) / 1000);
  const [email = ""] = rig.issuer.settings.emails;
  return {
    iss: rig.issuer.settings.issuer,
    aud: rig.issuer.settings.audience,
    sub: email,
    email,
    email_verified: true,
    iat: now,
    exp: now + 3_600,
  };
}

const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;

/** Signed with RS256, by the issuer or by somebody else. */
export async function tokenOf(claims: object, key: KeyObject, header: object = {}): Promise<string> {
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: "RS256", ...header }).sign(key);
}

/** `Authorization` headers that open nothing, each with what is wrong with it. */
export async function wrongTokens(rig: Rig): Promise<readonly (readonly [what: string, authorization: string])[]> {
  const claims = goodClaims(rig);
  const good = (await rig.issuer.authorization()).replace(/^Bearer /, "");
  const [head = "", payload = "", signature = ""] = good.split(".");
  const kid: unknown = JSON.parse(Buffer.from(head, "base64url").toString()).kid;
  const signed = async (change: object) => `Bearer ${await tokenOf({ ...claims, ...change }, rig.issuerKey)}`;
  const header = (change: object) =>
    Buffer.from(JSON.stringify({ alg: "RS256", kid, ...change })).toString("base64url");
  const hmac = await new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256" })
    .sign(Buffer.from("lockstep-local".repeat(4)));
  return [
    ["nothing", ""],
    ["no token", "Bearer "],
    ["another scheme", `Basic ${Buffer.from("a:b").toString("base64")}`],
    ["a token and more", `Bearer ${good} x`],
    ["an API key", (await apiKey(rig, ["admin"])).text],
    ["an API key as bearer", `Bearer ${(await apiKey(rig, ["admin"])).text}`],
    ["another audience", await signed({ aud: "https://other.example" })],
    ["no audience", await signed({ aud: undefined })],
    ["another issuer", await signed({ iss: "https://accounts.google.com" })],
    ["expired", await signed({ exp: claims.iat - 60 })],
    ["no end", await signed({ exp: undefined })],
    ["not yet", await signed({ nbf: claims.iat + 600 })],
    ["another account", await signed({ email: "someone@lockstep.local" })],
    ["no account", await signed({ email: undefined })],
    ["an unverified account", await signed({ email_verified: false })],
    ["an account verified in words", await signed({ email_verified: "true" })],
    ["somebody else's key", `Bearer ${await tokenOf(claims, stranger)}`],
    ["somebody else's key under our name", `Bearer ${await tokenOf(claims, stranger, { kid })}`],
    ["a key nobody knows", `Bearer ${await tokenOf(claims, rig.issuerKey, { kid: "unknown" })}`],
    ["alg none", `Bearer ${new UnsecuredJWT(claims).encode()}`],
    ["alg none, with a signature", `Bearer ${header({ alg: "none" })}.${payload}.${signature}`],
    ["a shared secret", `Bearer ${hmac}`],
    ["alg HS256, with a signature", `Bearer ${header({ alg: "HS256" })}.${payload}.${signature}`],
    ["a critical extension", `Bearer ${header({ crit: ["b64"], b64: false })}.${payload}.${signature}`],
    ["a key of its own", `Bearer ${header({ jwk: { kty: "RSA" }, kid: undefined })}.${payload}.${signature}`],
    ["an odd key id", `Bearer ${header({ kid: { a: 1 } })}.${payload}.${signature}`],
    ["a header that is no object", `Bearer ${Buffer.from("[]").toString("base64url")}.${payload}.${signature}`],
    ["a header that is no JSON", `Bearer AAAA.${payload}.${signature}`],
    [
      "another content",
      `Bearer ${head}.${Buffer.from(JSON.stringify({ ...claims, x: 1 })).toString("base64url")}.${signature}`,
    ],
    ["a content that is no JSON", `Bearer ${head}.AAAA.${signature}`],
    ["half a signature", `Bearer ${head}.${payload}.${signature.slice(0, 100)}`],
    ["a very long token", `Bearer ${"a".repeat(3_000)}.${"b".repeat(3_000)}.${"c".repeat(3_000)}`],
  ];
}
