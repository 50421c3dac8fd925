import type { DataFolder } from "../../shared/embedded/data-folder.ts";
import { openSqliteBus, type Push } from "../../shared/embedded/sqlite-bus.ts";
import { openSqliteStores } from "../../shared/embedded/sqlite-store.ts";
import type { Publisher, SubscriptionSpec } from "../../shared/ports/bus.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Log } from "../../shared/ports/log.ts";
import type { StoreFactory } from "../../shared/ports/store.ts";

/** Store and bus of a local run. */
export interface LocalBacking {
  readonly stores: StoreFactory;
  readonly publisher: Publisher;
  /** For the screen. */
  readonly name: string;
  /** Delivers from now on, first what an earlier run left. */
  start(): Promise<void>;
  /** Starts no more deliveries; resolves when the running ones are settled. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export interface BackingParts {
  readonly folder: DataFolder;
  readonly subscriptions: readonly SubscriptionSpec[];
  readonly push: Push;
  readonly clock: Clock;
  readonly log: Log;
}

/** SQLite files in the data folder: no prerequisites, and killing it loses nothing. */
export function openEmbeddedBacking({ folder, subscriptions, push, clock, log }: BackingParts): LocalBacking {
  const stores = openSqliteStores(folder.file("store.sqlite"), clock);
  const bus = openSqliteBus({ file: folder.file("bus.sqlite"), subscriptions, push, log });
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
