import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll } from "vitest";
import { bundleModule } from "../../scripts/bundle/bundle-module.ts";
import type * as FirestoreStore from "../../shared/cloud/firestore-store.ts";
import { type ErrorCode, LockstepError } from "../../shared/errors.ts";
import type { StoreFactory } from "../../shared/ports/store.ts";
import { onEmulators, PROJECT } from "./emulated.ts";
import { testStoreContract } from "./store.ts";

/**
 * The adapter as it is deployed: bundled, over REST, without what the bundle leaves out of Google's client. What was left
 * out by mistake shows here.
 */
await onEmulators("document store on Firestore", () => {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-store-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const bundled = (async () => {
    const file = await bundleModule(resolve("."), "shared/cloud/firestore-store.ts", join(folder, "store.cjs"));
    // Proof: the bundle of a module exports what the module does.
    return createRequire(import.meta.url)(file) as typeof FirestoreStore;
  })();
  const open = async () => withOurErrors((await bundled).openFirestoreStores({ projectId: PROJECT }));
  testStoreContract({
    name: "Firestore",
    open,
    reopen: async (factory) => {
      await factory.close();
      return open();
    },
  });
});

/** A bundle has its own copy of the class of errors; the contract asks for ours. */
function withOurErrors(factory: StoreFactory): StoreFactory {
  return {
    workspace: (ws) => {
      const store = translating(() => factory.workspace(ws));
      return {
        get: (ref) => translatingLater(() => store.get(ref)),
        getMany: (refs) => translatingLater(() => store.getMany(refs)),
        commit: (writes) => translatingLater(() => store.commit(writes)),
        query: (query) => translatingLater(() => store.query(query)),
        count: (query) => translatingLater(() => store.count(query)),
      };
    },
    close: () => factory.close(),
  };
}

function translating<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw ours(error);
  }
}

async function translatingLater<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw ours(error);
  }
}

function ours(error: unknown): unknown {
  if (!(error instanceof Error && error.name === "LockstepError" && "code" in error)) return error;
  // Proof: the bundle's LockstepError is made of the same file, so its code is one of ours.
  return new LockstepError(error.code as ErrorCode, { detail: error.message, cause: error.cause });
}
