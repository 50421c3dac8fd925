import type { IncomingHttpHeaders } from "node:http";
import { isError, LockstepError } from "../errors.ts";
import type { World } from "../flows/world.ts";
import { type ApiKeyDoc, findApiKey, readApiKey } from "./api-key.ts";
import { logCredentialRefused } from "./edge-log.ts";
import { type PeopleSignIn, scopesOf, workspacesOf } from "./people.ts";
import { allows, type Scope } from "./scope.ts";
import { claimedSession, findSession, OURS_HEADER, type SessionClaim } from "./session.ts";

/** Who calls the API, and where they may act. */
export interface Caller {
  readonly ws: string;
  /** For the journal of operators: `key:4f1d…`, an e-mail address, or `demo-operator`. */
  readonly actor: string;
  readonly scopes: readonly Scope[];
  /** Those the caller may act in. */
  readonly workspaces: readonly string[];
}

export const DEMO_OPERATOR = "demo-operator";
const ID_TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** How a request presents itself. */
export interface Presented {
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  /** The workspace it asks for (`?ws=`), if it says. */
  readonly ws?: string;
}

/** What else than keys is taken. */
export interface Ways {
  readonly people?: PeopleSignIn;
  readonly demoOperator?: { readonly ws: string };
}

/**
 * The caller of a request. A credential that is wrong is always refused, also where none would be needed.
 * Throws UNAUTHENTICATED; FORBIDDEN where the key or the person belongs to another workspace; INVALID_REQUEST where a
 * person of several workspaces does not say which.
 */
export async function identify(world: World, presented: Presented, { people, demoOperator }: Ways): Promise<Caller> {
  const credential = credentialOf(presented.headers);
  if (credential !== undefined && people !== undefined && ID_TOKEN.test(credential)) {
    return person(world, await emailOf(world, people, credential), presented.ws);
  }
  if (credential !== undefined) return keyHolder(world, credential, presented.ws);
  const session = claimedSession(presented.headers);
  if (session !== undefined) return signedIn(world, session, presented);
  if (demoOperator === undefined) throw refused(world, "UNAUTHENTICATED", "no API key was sent");
  const workspaces = Object.keys(world.config.workspaces);
  const scopes = ["operate", "admin", "capture"] as const;
  return { ws: presented.ws ?? demoOperator.ws, actor: DEMO_OPERATOR, scopes, workspaces };
}

async function emailOf(world: World, people: PeopleSignIn, token: string): Promise<string> {
  try {
    return await people.emailOfToken(token);
  } catch (error) {
    if (isError(error, "UNAUTHENTICATED")) logCredentialRefused(world.log, error.code, error.message);
    throw error;
  }
}

function person(world: World, email: string, wanted: string | undefined): Caller {
  const workspaces = workspacesOf(world.config, email);
  const [ws, ...others] = wanted === undefined ? workspaces : [wanted];
  if (ws === undefined || !workspaces.includes(ws)) {
    throw refused(world, "FORBIDDEN", "no such workspace names this account");
  }
  if (others.length > 0) {
    throw new LockstepError("INVALID_REQUEST", { detail: `query.ws: say which: ${workspaces.join(", ")}.` });
  }
  return { ws, actor: email, scopes: scopesOf(world.config, ws, email), workspaces };
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
  return { ws, actor: `key:${key.id}`, scopes: key.scopes, workspaces: [ws] };
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
  if ("email" in session) return person(world, session.email, ws ?? claim.ws);
  if (ws !== undefined && ws !== claim.ws) {
    throw refused(world, "FORBIDDEN", "the session belongs to another workspace");
  }
  return { ws: claim.ws, actor: `key:${session.keyId}`, scopes: session.scopes, workspaces: [claim.ws] };
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
