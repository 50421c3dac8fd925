import { createHash } from "node:crypto";
import { type EdgeAnswer, header } from "../../shared/cloud/edge-request.ts";
import { isError, LockstepError } from "../../shared/errors.ts";
import { ABSENT, type DocumentRef, type DocumentStore } from "../../shared/ports/store.ts";
import { later } from "../../shared/sync/time.ts";
import type { RawCall, Route } from "./route.ts";

/** The header of a write that may be sent twice: the second time it is answered, not done. */
export const IDEMPOTENCY_HEADER = "idempotency-key";

/** Collection `idempotency`: what a write was answered, for a day. */
interface Answered {
  /** Hash of address and body: the same key for another wish is a mistake. */
  readonly wish: string;
  readonly answer?: { readonly status: number; readonly json: unknown };
}

const KEPT_MS = 24 * 3_600_000;
const KEY = /^[\x21-\x7e]{1,200}$/;

/**
 * Does what `route` does, once for each key of one caller. Throws INVALID_REQUEST for a key that is none; INVALID_STATE
 * where it was sent with another wish, or its answer holds a secret; STORE_CONFLICT where the first is still under way,
 * or died over it: then nobody knows, and a person looks.
 */
export async function once(route: Route, call: RawCall, path: readonly string[]): Promise<EdgeAnswer> {
  const key = header(call, IDEMPOTENCY_HEADER);
  if (key === "" || route.method === "GET") return route.handle(call);
  if (!KEY.test(key))
    throw new LockstepError("INVALID_REQUEST", { detail: `The header ${IDEMPOTENCY_HEADER} is odd.` });
  const { world, caller } = call;
  const store = world.store(caller.ws);
  const ref = refOf(caller.actor, key);
  const wish = digest(`${path.join("/")}\n`, call.body);
  const before = await begin(store, ref, wish, later(world.clock.now(), KEPT_MS));
  if (before !== undefined) return again(before, wish);
  try {
    const answer = await route.handle(call);
    const json = route.secretAnswer === true ? undefined : answer.json;
    await keep(store, ref, { wish, answer: { status: answer.status, json } }, later(world.clock.now(), KEPT_MS));
    return answer;
  } catch (error) {
    // A refusal did nothing: it may be asked again.
    if (error instanceof LockstepError && error.status < 500) await store.commit([{ kind: "delete", ref }]);
    throw error;
  }
}

async function begin(
  store: DocumentStore,
  ref: DocumentRef,
  wish: string,
  expiresAt: string,
): Promise<Answered | undefined> {
  try {
    await store.commit([{ kind: "put", ref, data: { wish } satisfies Answered, ifVersion: ABSENT, expiresAt }]);
    return undefined;
  } catch (error) {
    if (!isError(error, "STORE_CONFLICT")) throw error;
    return (await store.get<Answered>(ref))?.data ?? { wish };
  }
}

async function keep(store: DocumentStore, ref: DocumentRef, data: Answered, expiresAt: string): Promise<void> {
  await store.commit([{ kind: "put", ref, data, expiresAt }]);
}

function again({ wish, answer }: Answered, wanted: string): EdgeAnswer {
  if (wish !== wanted) throw refused("INVALID_STATE", "was sent before with another address or body");
  if (answer === undefined) throw refused("STORE_CONFLICT", "is being worked on, or was broken off");
  if (answer.json === undefined) throw refused("INVALID_STATE", "was done before, and its answer is not told twice");
  return { ...answer, headers: { "idempotent-replayed": "true" } };
}

function refused(code: "INVALID_STATE" | "STORE_CONFLICT", what: string): LockstepError {
  return new LockstepError(code, { detail: `The write with this idempotency key ${what}.` });
}

function refOf(actor: string, key: string): DocumentRef {
  return { collection: "idempotency", id: digest(`${actor}\n`, Buffer.from(key)) };
}

function digest(text: string, bytes: Buffer): string {
  return createHash("sha256").update(text).update(bytes).digest("hex");
}
