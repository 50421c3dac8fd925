import type { DataFolder } from "../../shared/embedded/data-folder.ts";
import type { Publisher, SubscriptionSpec } from "../../shared/ports/bus.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Log } from "../../shared/ports/log.ts";
import type { StoreFactory } from "../../shared/ports/store.ts";
import type { LocalCalls } from "./local-calls.ts";

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
  readonly calls: LocalCalls;
  readonly clock: Clock;
  readonly log: Log;
}
