import { openSqliteBus } from "../../shared/embedded/sqlite-bus.ts";
import { openSqliteStores } from "../../shared/embedded/sqlite-store.ts";
import type { BackingParts, LocalBacking } from "./local-backing.ts";

/** SQLite files in the data folder: no prerequisites, and killing it loses nothing. */
export function openEmbeddedBacking({ folder, subscriptions, calls, clock, log }: BackingParts): LocalBacking {
  const stores = openSqliteStores(folder.file("store.sqlite"), clock);
  const bus = openSqliteBus({ file: folder.file("bus.sqlite"), subscriptions, push: calls.push, log });
  return {
    stores,
    publisher: bus,
    name: "SQLite",
    start: async () => bus.start(),
    stop: () => bus.stop(),
    async close() {
      await bus.close();
      await stores.close();
    },
  };
}
