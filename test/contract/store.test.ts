import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { openSqliteStores } from "../../shared/embedded/sqlite-store.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { memoryStores } from "../fakes/memory-store.ts";
import { testStoreContract } from "./store.ts";

const folder = mkdtempSync(join(tmpdir(), "lockstep-store-"));
afterAll(() => rmSync(folder, { recursive: true }));

testStoreContract({ name: "memory", open: async () => memoryStores() });

testStoreContract({
  name: "SQLite",
  open: async () => openSqliteStores(join(folder, "store.sqlite"), systemClock),
  reopen: async (factory) => {
    await factory.close();
    return openSqliteStores(join(folder, "store.sqlite"), systemClock);
  },
});
