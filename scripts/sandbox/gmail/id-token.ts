import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import type { CodeRow } from "./rows.ts";

const LIFE_SECONDS = 3_600;
const KEY_ID = "sandbox-1";

let key: KeyObject | undefined;

/** Made when somebody signs in first: it costs a tenth of a second. */
function signingKey(): KeyObject {
  key ??= generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  return key;
}

/** `GET /gmail/oauth/certs`: the public keys of ID tokens. */
export function showCerts(): Reply {
  const jwk = createPublicKey(signingKey()).export({ format: "jwk" });
  return json(200, { keys: [{ ...jwk, kid: KEY_ID, alg: "RS256", use: "sig" }] });
}

/** An ID token as Google makes them, by the address that it was asked at. */
export function idTokenFor({ world, request }: Call, { email, clientId, nonce }: CodeRow): string {
  const now = Math.floor(world.now() / 1000);
  const issuer = `http://${request.headers.host ?? "sandbox"}/gmail/oauth`;
  const claims = {
    ...{ iss: issuer, aud: clientId, azp: clientId, sub: email, email, email_verified: true },
    ...{ iat: now, exp: now + LIFE_SECONDS },
    ...(nonce === "" ? {} : { nonce }),
  };
  const text = [{ alg: "RS256", kid: KEY_ID, typ: "JWT" }, claims].map(encoded).join(".");
  return `${text}.${sign("RSA-SHA256", Buffer.from(text), signingKey()).toString("base64url")}`;
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
