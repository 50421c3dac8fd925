import { createHash, randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { ABSENT, type DocumentRef, type DocumentStore } from "../ports/store.ts";
import { type Instant, later } from "../sync/time.ts";
import { type ApiKeyDoc, apiKeyRef } from "./api-key.ts";
import type { Scope } from "./scope.ts";

/**
 * Collection `sessions`: a browser that signed in with an API key or a Google account. The cookie holds
 * `{ws}.{256 random bits}`; the store only its hash. A session ends with its key, with its time, when somebody signs out,
 * or when the configuration no longer names its person.
 */
export type SessionDoc = Holder & { readonly createdAt: Instant; readonly endsAt: Instant };

type Holder = { readonly keyId: string } | { readonly email: string };

/** A working day, and the evening. */
const SESSION_MS = 14 * 3_600_000;
export const SESSION_COOKIE = "lockstep-session";
/** Pages of other sites cannot send it without asking first, and nobody answers such a question. */
export const OURS_HEADER = "x-lockstep";

/** Whose session it is, as the cookie's text says; undefined where the request brings none, or an odd one. */
export interface SessionClaim {
  readonly ws: string;
  readonly id: string;
}

/** Opens a session for a key or a person that was checked. Answers the cookie's value. */
export async function openSession(store: DocumentStore, ws: string, holder: Holder, now: Instant): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  const data: SessionDoc = { ...holder, createdAt: now, endsAt: later(now, SESSION_MS) };
  const ref = sessionRef(idOf(token));
  await store.commit([{ kind: "put", ref, data, ifVersion: ABSENT, expiresAt: data.endsAt }]);
  return `${ws}.${token}`;
}

/** The session of a request's cookie, not yet looked up. */
export function claimedSession({ cookie = "" }: IncomingHttpHeaders): SessionClaim | undefined {
  const [, ws, token] = /(?:^|;\s*)lockstep-session=([a-z0-9-]{1,60})\.([\w-]{43})(?:;|$)/.exec(cookie) ?? [];
  return ws === undefined || token === undefined ? undefined : { ws, id: idOf(token) };
}

/** Who signed in; undefined where the session ended or its key was revoked. At most two reads. */
export async function findSession(
  store: DocumentStore,
  { id }: SessionClaim,
  now: Instant,
): Promise<{ readonly keyId: string; readonly scopes: readonly Scope[] } | { readonly email: string } | undefined> {
  const session = (await store.get<SessionDoc>(sessionRef(id)))?.data;
  if (session === undefined || session.endsAt <= now) return undefined;
  if ("email" in session) return session;
  const key = (await store.get<ApiKeyDoc>(apiKeyRef(session.keyId)))?.data;
  return key?.revokedAt === "" ? { keyId: key.id, scopes: key.scopes } : undefined;
}

export async function endSession(store: DocumentStore, { id }: SessionClaim): Promise<void> {
  await store.commit([{ kind: "delete", ref: sessionRef(id) }]);
}

/** The header that gives a browser its cookie, or takes it away (""). `secure`: it is reached by https. */
export function sessionCookie(value: string, secure: boolean): string {
  const age = value === "" ? 0 : SESSION_MS / 1000;
  return `${SESSION_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${age}${secure ? "; Secure" : ""}`;
}

function sessionRef(id: string): DocumentRef {
  return { collection: "sessions", id };
}

function idOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
