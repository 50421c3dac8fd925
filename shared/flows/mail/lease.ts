import { isError, LockstepError } from "../../errors.ts";
import { ABSENT, type DocumentRef } from "../../ports/store.ts";
import { type Instant, later } from "../../sync/time.ts";
import { documentId } from "../document-id.ts";
import type { World } from "../world.ts";

/** Collection `leases`: who may do something that only one worker may do at a time. */
interface LeaseDoc {
  readonly owner: string;
  /** Another worker may take over after this instant: then the owner has died. */
  readonly until: Instant;
  /** Somebody wanted it meanwhile: the owner looks once more before it lets go (S32). */
  readonly again: boolean;
}

export interface Lease {
  /** Keeps it for `ms` more. Throws STORE_CONFLICT where another worker has taken over: stop at once. */
  extend(ms: number): Promise<void>;
  /** Lets go; true where somebody wanted it meanwhile. Never throws for a lease that was lost. */
  release(): Promise<boolean>;
}

function leaseRef(name: string): DocumentRef {
  return { collection: "leases", id: documentId(name) };
}

/** Takes a lease in the store, so that it holds across instances and ends with its owner. Undefined: somebody has it. */
export async function takeLease(world: World, ws: string, name: string, ms: number): Promise<Lease | undefined> {
  const store = world.store(ws);
  const ref = leaseRef(name);
  const stored = await store.get<LeaseDoc>(ref);
  const now = world.clock.now();
  if (stored !== undefined && stored.data.until > now) return undefined;
  const owner = world.newId();
  const put = async (doc: LeaseDoc, ifVersion: string) => {
    const [version = ABSENT] = await store.commit([{ kind: "put", ref, data: doc, ifVersion }]);
    return version;
  };
  try {
    await put({ owner, until: later(now, ms), again: false }, stored?.version ?? ABSENT);
  } catch (error) {
    if (isError(error, "STORE_CONFLICT")) return undefined;
    throw error;
  }
  return { extend: (more) => extend(world, ws, ref, owner, more), release: () => release(world, ws, ref, owner) };
}

async function extend(world: World, ws: string, ref: DocumentRef, owner: string, ms: number): Promise<void> {
  const store = world.store(ws);
  for (let tries = 0; tries < 3; tries++) {
    const stored = await store.get<LeaseDoc>(ref);
    if (stored?.data.owner !== owner) break;
    const data = { ...stored.data, until: later(world.clock.now(), ms) };
    try {
      await store.commit([{ kind: "put", ref, data, ifVersion: stored.version }]);
      return;
    } catch (error) {
      // Somebody asked for another look at this very moment.
      if (!isError(error, "STORE_CONFLICT")) throw error;
    }
  }
  throw new LockstepError("STORE_CONFLICT", { detail: "Another worker has taken over." });
}

async function release(world: World, ws: string, ref: DocumentRef, owner: string): Promise<boolean> {
  const store = world.store(ws);
  for (let tries = 0; tries < 3; tries++) {
    const stored = await store.get<LeaseDoc>(ref);
    if (stored?.data.owner !== owner) return false;
    try {
      await store.commit([{ kind: "delete", ref, ifVersion: stored.version }]);
      return stored.data.again;
    } catch (error) {
      if (!isError(error, "STORE_CONFLICT")) throw error;
    }
  }
  return false;
}

/** Asks the owner to look once more; nothing where nobody has it. */
export async function askOwnerAgain(world: World, ws: string, name: string): Promise<void> {
  const stored = await world.store(ws).get<LeaseDoc>(leaseRef(name));
  if (stored === undefined || stored.data.again) return;
  const data = { ...stored.data, again: true };
  try {
    await world.store(ws).commit([{ kind: "put", ref: stored.ref, data, ifVersion: stored.version }]);
  } catch (error) {
    // It was let go or extended meanwhile: the next tick finds what is left.
    if (!isError(error, "STORE_CONFLICT")) throw error;
  }
}
