import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { LockstepError } from "../../errors.ts";
import type { DocumentRef } from "../../ports/store.ts";
import { type Instant, later } from "../../sync/time.ts";
import { documentId } from "../document-id.ts";
import { recordAction } from "../operator-actions.ts";
import type { World } from "../world.ts";
import { type ConnectionDoc, changeConnection, grantSecret, loadConnection } from "./connection.ts";
import { openMailbox } from "./grant-keeper.ts";
import { requireLabel, verifyLabel } from "./verify-label.ts";

/**
 * Asking somebody for permission, safely against a forged or stolen answer (RFC 9700 §2.1, §4.7):
 *
 *   start ──▶ browser gets the verifier as a cookie; the store keeps the state with the verifier's hash
 *   Google ──▶ browser ──▶ callback: state known, unused, young; the cookie hashes to what was kept; code + verifier ──▶ token
 *
 * The PKCE verifier is the cookie: a code that another browser brings is worth nothing, here or at Google.
 */
const LIFE_MS = 600_000;
export const HANDSHAKE_SECONDS = LIFE_MS / 1000;

/** Collection `handshakes`: permissions that are being asked for. */
interface HandshakeDoc {
  readonly connectionId: string;
  /** S256 of the verifier, as Google got it. */
  readonly challenge: string;
  readonly redirectUri: string;
  readonly expiresAt: Instant;
  readonly actor: string;
}

export interface Begun {
  /** Where the browser goes. */
  readonly address: string;
  /** What the browser keeps, and nobody else. */
  readonly verifier: string;
}

/** Throws NOT_FOUND, LABEL_NOT_CONFIGURED, CONFIG_INVALID where nobody could come back to us. */
export async function beginHandshake(world: World, ws: string, connectionId: string, actor: string): Promise<Begun> {
  const store = world.store(ws);
  requireLabel((await loadConnection(store, connectionId)).data);
  if (world.publicUrl === "") {
    throw new LockstepError("CONFIG_INVALID", { detail: "PUBLIC_URL is not set: Google could not send anybody back." });
  }
  const redirectUri = `${world.publicUrl}/api/connections/gmail/callback`;
  const verifier = randomBytes(48).toString("base64url");
  const challenge = s256(verifier);
  const state = `${ws}.${randomBytes(24).toString("base64url")}`;
  const expiresAt = later(world.clock.now(), LIFE_MS);
  const data: HandshakeDoc = { connectionId, challenge, redirectUri, expiresAt, actor };
  await store.commit([{ kind: "put", ref: handshakeRef(state), data, expiresAt }]);
  return { address: world.mailboxes(ws).address({ state, challenge, redirectUri }), verifier };
}

export interface Answered {
  readonly state: string;
  readonly verifier: string;
  /** Absent where the person said no. */
  readonly code?: string;
}

/**
 * Takes the answer, once. Keeps the permission and looks for the label at once. Throws FORBIDDEN where the state is not
 * one of ours, was used, is too old or belongs to another browser; NEEDS_RECONNECT where permission was refused; and
 * what `verifyLabel` throws: the permission is kept all the same.
 */
export async function finishHandshake(
  world: World,
  answer: Answered,
): Promise<{ ws: string; connection: ConnectionDoc }> {
  const ws = answer.state.slice(0, answer.state.indexOf("."));
  const handshake = await takeHandshake(world, ws, answer);
  if (answer.code === undefined) {
    throw new LockstepError("NEEDS_RECONNECT", { detail: "Permission to read the mailbox was not given." });
  }
  const { connectionId, redirectUri } = handshake;
  const before = (await loadConnection(world.store(ws), connectionId)).data;
  const { code, verifier } = answer;
  const { refreshToken } = await world.mailboxes(ws).exchange({ code, verifier, redirectUri });
  await world.secrets.write(grantSecret(connectionId), refreshToken);
  const granted = await takeUp(world, ws, before);
  const act = { actor: handshake.actor, action: "connect mailbox", target: connectionId };
  await recordAction(world, ws, { ...act, bookingKey: "", outcome: "done" });
  return { ws, connection: (await verifyLabel(world, ws, granted)).connection };
}

/** A permission for another mailbox than before begins anew: its history is another one. */
async function takeUp(world: World, ws: string, before: ConnectionDoc): Promise<ConnectionDoc> {
  const grant = before.grant + 1;
  const { account } = await openMailbox(world, ws, { ...before, grant }).position();
  return changeConnection(world.store(ws), before.id, (doc) => {
    const own = account.toLowerCase();
    if (doc.account === own) return { ...doc, grant };
    const { cursor: _cursor, listing: _listing, found: _found, watch: _watch, ...rest } = doc;
    return { ...rest, grant, account: own };
  });
}

async function takeHandshake(world: World, ws: string, { state, verifier }: Answered): Promise<HandshakeDoc> {
  const isKnown = Object.hasOwn(world.config.workspaces, ws);
  const stored = isKnown ? await world.store(ws).get<HandshakeDoc>(handshakeRef(state)) : undefined;
  if (stored === undefined || stored.data.expiresAt <= world.clock.now()) throw stale();
  if (!isSame(s256(verifier), stored.data.challenge)) throw stale();
  // Spent before anything else happens: of two answers with one state, the second finds nothing.
  await world.store(ws).commit([{ kind: "delete", ref: stored.ref, ifVersion: stored.version }]);
  return stored.data;
}

function handshakeRef(state: string): DocumentRef {
  return { collection: "handshakes", id: documentId(createHash("sha256").update(state).digest("hex")) };
}

function s256(verifier: string): string {
  return createHash("sha256").update(verifier).digest("base64url");
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function stale(): LockstepError {
  return new LockstepError("FORBIDDEN", {
    detail: "This sign-in was not begun in this browser, was used already or is older than ten minutes: begin it anew.",
  });
}
