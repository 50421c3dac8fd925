import type { IncomingHttpHeaders } from "node:http";
import { LockstepError } from "../errors.ts";
import type { World } from "../flows/world.ts";
import { type ApiKeyDoc, allows, findApiKey, readApiKey, type Scope } from "./api-key.ts";
import { logCredentialRefused } from "./edge-log.ts";
import { claimedSession, findSession, OURS_HEADER, type SessionClaim } from "./session.ts";

/** Who calls the API, and where they may act. */
export interface Caller {
  readonly ws: string;
  /** For the log of actions: `key:4f1d…` or `demo-operator`. */
  readonly actor: string;
  readonly scopes: readonly Scope[];
}

/** How a request presents itself. */
export interface Presented {
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  /** The workspace it asks for (`?ws=`), if it says. */
  readonly ws?: string;
}

/**
 * The caller of a request. A credential that is wrong is always refused, also where none would be needed.
 * Throws UNAUTHENTICATED; FORBIDDEN where the key belongs to another workspace.
 */
export async function identify(
  world: World,
  presented: Presented,
  demoOperator?: { readonly ws: string },
): Promise<Caller> {
  const credential = credentialOf(presented.headers);
  if (credential !== undefined) return keyHolder(world, credential, presented.ws);
  const session = claimedSession(presented.headers);
  if (session !== undefined) return signedIn(world, session, presented);
  if (demoOperator === undefined) throw refused(world, "UNAUTHENTICATED", "no API key was sent");
  return { ws: presented.ws ?? demoOperator.ws, actor: "demo-operator", scopes: ["operate", "admin", "capture"] };
}

/** Throws FORBIDDEN, naming the scope that is missing. */
export function demand(world: World, caller: Caller, scope: Scope): void {
  if (!allows(caller.scopes, scope)) throw refused(world, "FORBIDDEN", `this needs the scope "${scope}"`);
}

async function keyHolder(world: World, credential: string, wanted: string | undefined): Promise<Caller> {
  const { ws, key } = await keyOf(world, credential);
  if (wanted !== undefined && wanted !== ws) {
    throw refused(world, "FORBIDDEN", "the API key belongs to another workspace");
  }
  return { ws, actor: `key:${key.id}`, scopes: key.scopes };
}

/** Whoever signed in with a browser. What changes something must come from our own page: no other can send its header. */
async function signedIn(world: World, claim: SessionClaim, { headers, method, ws }: Presented): Promise<Caller> {
  if (!Object.hasOwn(world.config.workspaces, claim.ws)) {
    throw refused(world, "UNAUTHENTICATED", "the session is of no workspace here");
  }
  if (method !== "GET" && headers[OURS_HEADER] === undefined) {
    throw refused(world, "FORBIDDEN", "a browser's session acts from our own page only");
  }
  const session = await findSession(world.store(claim.ws), claim, world.clock.now());
  if (session === undefined) throw refused(world, "UNAUTHENTICATED", "the session has ended: sign in again");
  if (ws !== undefined && ws !== claim.ws) {
    throw refused(world, "FORBIDDEN", "the session belongs to another workspace");
  }
  return { ws: claim.ws, actor: `key:${session.keyId}`, scopes: session.scopes };
}

/** The key of this text, of whatever workspace. Throws UNAUTHENTICATED. */
export async function keyOf(world: World, text: string): Promise<{ readonly ws: string; readonly key: ApiKeyDoc }> {
  const parts = readApiKey(text);
  if (parts === undefined || !Object.hasOwn(world.config.workspaces, parts.ws)) {
    throw refused(world, "UNAUTHENTICATED", "the credential is no API key of this installation");
  }
  const key = await findApiKey(world.store(parts.ws), parts);
  if (key === undefined) throw refused(world, "UNAUTHENTICATED", "the API key is unknown or was revoked");
  return { ws: parts.ws, key };
}

/** `Authorization: Bearer lsk_…` or `X-Api-Key: lsk_…`; whatever else was sent there is a wrong credential. */
function credentialOf(headers: IncomingHttpHeaders): string | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) return /^Bearer (\S+)$/i.exec(authorization)?.[1] ?? "";
  const key = headers["x-api-key"];
  return Array.isArray(key) ? "" : key;
}

function refused(world: World, code: "UNAUTHENTICATED" | "FORBIDDEN", reason: string): LockstepError {
  logCredentialRefused(world.log, code, reason);
  return new LockstepError(code, { detail: `Refused: ${reason}.` });
}
