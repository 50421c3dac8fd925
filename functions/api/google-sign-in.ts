import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Edge } from "../../shared/cloud/edge.ts";
import { type EdgeAnswer, type EdgeRequest, header, parsed } from "../../shared/cloud/edge-request.ts";
import { edgeAddress } from "../../shared/edge/edge-address.ts";
import { logCredentialRefused } from "../../shared/edge/edge-log.ts";
import { type PeopleSignIn, workspacesOf } from "../../shared/edge/people.ts";
import { openSession, sessionCookie } from "../../shared/edge/session.ts";
import { isError, LockstepError } from "../../shared/errors.ts";
import type { World } from "../../shared/flows/world.ts";
import { isSecure, recordSignIn } from "./session.ts";

/**
 * Signing in by redirect (authorization code with PKCE, RFC 9700 §2.1). The browser keeps the verifier in a cookie, and
 * state and nonce follow from it, so that nothing is stored before somebody is known:
 *
 *   session/google ──▶ cookie = verifier ──▶ Google (state, nonce, challenge = hashes of it)
 *   Google ──▶ session/google/callback: state is the cookie's; code + verifier ──▶ ID token with the nonce ──▶ session
 */
const COOKIE = "lockstep-sign-in";
const LIFE_SECONDS = 600;

const Answer = z.object({ state: z.string().max(200), code: z.string().min(1).max(2_000).exactOptional() });

/** `GET /api/sign-in`: by what people may sign in here. */
export async function showSignIn(_request: EdgeRequest, { people }: Edge): Promise<EdgeAnswer> {
  return { status: 200, json: { google: people !== undefined } };
}

/** `GET /api/session/google`: sends the browser to Google. Throws NOT_FOUND where the configuration has no `signIn`. */
export async function beginSignIn(request: EdgeRequest, { world, people }: Edge): Promise<EdgeAnswer> {
  const verifier = randomBytes(48).toString("base64url");
  const location = required(people).address({
    ...{ state: derived("state", verifier), nonce: derived("nonce", verifier), challenge: derived("", verifier) },
    redirectUri: redirectUri(world),
  });
  return { status: 302, headers: { location, "set-cookie": cookie(verifier, LIFE_SECONDS, isSecure(request)) } };
}

/** `GET /api/session/google/callback`: Google sends the browser back. A refusal is shown by the dashboard's own page. */
export async function finishSignIn(request: EdgeRequest, edge: Edge): Promise<EdgeAnswer> {
  const gone = cookie("", 0, isSecure(request));
  try {
    const session = await sessionFor(request, edge);
    // Two cookies: Node sends an array of them as two headers.
    return { status: 302, headers: { location: "/", "set-cookie": [gone, session] } };
  } catch (error) {
    if (!isError(error, "UNAUTHENTICATED", "FORBIDDEN")) throw error;
    logCredentialRefused(edge.world.log, error.code, error.message);
    return { status: 302, headers: { location: `/#/refused/${error.code}`, "set-cookie": gone } };
  }
}

async function sessionFor(request: EdgeRequest, { world, people }: Edge): Promise<string> {
  const { state, code } = parsed(Answer, Object.fromEntries(request.query), "query");
  const verifier = verifierOf(header(request, "cookie"));
  if (verifier === undefined || !isSame(state, derived("state", verifier))) {
    throw new LockstepError("FORBIDDEN", { detail: "This sign-in was not begun in this browser, or is too old." });
  }
  if (code === undefined) throw new LockstepError("UNAUTHENTICATED", { detail: "Google was told not to sign in." });
  const nonce = derived("nonce", verifier);
  const email = await required(people).emailOfCode({ code, verifier, nonce, redirectUri: redirectUri(world) });
  const [ws] = workspacesOf(world.config, email);
  if (ws === undefined) throw new LockstepError("FORBIDDEN", { detail: "No workspace here names this account." });
  const value = await openSession(world.store(ws), ws, { email }, world.clock.now());
  await recordSignIn(world, ws, email);
  return sessionCookie(value, isSecure(request));
}

function required(people: PeopleSignIn | undefined): PeopleSignIn {
  if (people !== undefined) return people;
  throw new LockstepError("NOT_FOUND", { detail: "The configuration has no signIn: people sign in with an API key." });
}

function redirectUri({ publicUrl }: World): string {
  return `${edgeAddress(publicUrl, "api")}/session/google/callback`;
}

/** S256, of the verifier alone as PKCE has it, or for one purpose. */
function derived(purpose: "" | "state" | "nonce", verifier: string): string {
  return createHash("sha256")
    .update(purpose === "" ? verifier : `${purpose}.${verifier}`)
    .digest("base64url");
}

/** Sent with top-level navigations alone, since the browser comes back from another site. */
function cookie(value: string, seconds: number, secure: boolean): string {
  return `${COOKIE}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
}

function verifierOf(text: string): string | undefined {
  return /(?:^|;\s*)lockstep-sign-in=([\w-]{64})(?:;|$)/.exec(text)?.[1];
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
