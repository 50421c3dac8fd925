import { createHmac, timingSafeEqual } from "node:crypto";
import { LockstepError } from "../errors.ts";

/**
 * The token of a push channel: `v1.{ws}.{calendar}.{channelId}.{HMAC}`. It proves and routes a push from its
 * own text, without the store (DESIGN §3). The calendar's id is base64url, the HMAC the first 128 bits of
 * SHA-256, so that Google's longest group calendar ids stay below its 256 characters.
 */
export interface PushClaims {
  readonly ws: string;
  readonly calendarId: string;
  readonly channelId: string;
}

/** Name of the secret whose keys sign these tokens; see `keysOf`. */
export const PUSH_TOKEN_SECRET = "push-token-key";

const MAX_LENGTH = 256;
const MAC_BYTES = 16;

/** The token, signed with the newest key. Throws CONFIG_INVALID where the calendar's id is too long for it. */
export function makePushToken(claims: PushClaims, key: string): string {
  const calendar = Buffer.from(claims.calendarId).toString("base64url");
  const head = `v1.${claims.ws}.${calendar}.${claims.channelId}`;
  const token = `${head}.${mac(head, key).toString("base64url")}`;
  if (token.length > MAX_LENGTH) {
    throw new LockstepError("CONFIG_INVALID", {
      detail: `The id of calendar ${claims.calendarId} is too long for a push channel's token (${MAX_LENGTH}).`,
    });
  }
  return token;
}

/** What the token claims, or undefined where no key made it. Compares in constant time. */
export function verifyPushToken(token: string, keys: readonly string[]): PushClaims | undefined {
  const [, head, ws, calendar, channelId, signature] =
    /^(v1\.([a-z0-9-]+)\.([\w-]+)\.([\w-]+))\.([\w-]{22})$/.exec(token.slice(0, MAX_LENGTH + 1)) ?? [];
  if (
    head === undefined ||
    ws === undefined ||
    calendar === undefined ||
    channelId === undefined ||
    signature === undefined
  ) {
    return undefined;
  }
  const given = Buffer.from(signature, "base64url");
  const genuine = keys.filter((key) => timingSafeEqual(mac(head, key), given)).length > 0;
  return genuine ? { ws, calendarId: Buffer.from(calendar, "base64url").toString(), channelId } : undefined;
}

function mac(head: string, key: string): Buffer {
  return createHmac("sha256", key).update(head).digest().subarray(0, MAC_BYTES);
}
