import { countStores } from "../../scripts/sim/studio/counted-stores.ts";
import type { GoogleEvent, Json } from "../../scripts/sim/studio/people.ts";
import { type SimulatedStudio, simulateStudio } from "../../scripts/sim/studio/studio.ts";
import * as config from "../../scripts/sim/studio/studio-config.ts";
import type { Config } from "../../shared/config.ts";
import type { BookingDoc, EventMap, HoldDoc, ReviewItem } from "../../shared/flows/documents.ts";
import type { Provider } from "../../shared/ports/provider.ts";
import type { DocumentStore, StoreFactory } from "../../shared/ports/store.ts";
import { type ManualClock, manualClock } from "../fakes/manual-clock.ts";
import { type MemoryPublisher, memoryPublisher } from "../fakes/memory-publisher.ts";
import { memoryStores } from "../fakes/memory-store.ts";

/** Named here too, so that a flow test needs one import. */
export const { BAY_1, BAY_2, WS } = config;
export type { GoogleEvent, Json };

/**
 * The golf studio in one process, for tests of the flows: the real flows, core and providers over the
 * sandbox (`scripts/sim/studio/studio.ts`), a store in memory and a bus that delivers when the test says so.
 * Time stands still.
 */
export interface Studio extends SimulatedStudio {
  readonly clock: ManualClock;
  readonly publisher: MemoryPublisher;
  readonly store: DocumentStore;
  /** Reads and writes of the store so far; reset by setting to 0. */
  readonly counts: { reads: number; writes: number };
  maps(): Promise<EventMap[]>;
  booking(id: string): Promise<BookingDoc | undefined>;
  reviews(): Promise<ReviewItem[]>;
  holds(): Promise<HoldDoc[]>;
  /** Provider calls since the last time this was asked, `GET google …` */
  providerCalls(): string[];
}

export interface StudioOptions {
  readonly policy?: Record<string, unknown>;
  readonly resource?: Record<string, unknown>;
  readonly now?: string;
  /** In place of the golf studio's. */
  readonly config?: Config;
  readonly stores?: StoreFactory;
  /** Stands between providers and sandbox. */
  readonly fetch?: (sandbox: typeof fetch) => typeof fetch;
  readonly providers?: Readonly<Record<string, Provider>>;
}

export async function openStudio(options: StudioOptions = {}): Promise<Studio> {
  const { now = "2027-01-11T08:00:00.000Z", stores = memoryStores(), ...words } = options;
  const clock = manualClock(now);
  const publisher = memoryPublisher();
  const counts = { reads: 0, writes: 0, commits: 0 };
  const bus = { publisher, take: () => takeFirst(publisher) };
  const simulated = simulateStudio({ ...words, clock, bus, stores: countStores(stores, counts) });
  const { sandbox } = simulated;
  const store = simulated.world.store(WS);
  const all = async <T extends object>(collection: string): Promise<T[]> =>
    (await store.query<T>({ collection })).map(({ data }) => data);
  return {
    ...simulated,
    ...{ clock, publisher, store, counts },
    maps: () => all<EventMap>("eventMaps"),
    async booking(id) {
      return (await all<BookingDoc>("bookings")).find((booking) => booking.bookingId === id);
    },
    reviews: () => all<ReviewItem>("reviewItems"),
    holds: () => all<HoldDoc>("holds"),
    providerCalls() {
      const calls = sandbox.log.calls().map((each) => `${each.method} ${each.path}`);
      sandbox.log.reset();
      return calls.filter((each) => /^\w+ \/(google|uschedule|booking)\//.test(each));
    },
  };
}

/** A studio whose calendars are connected and watched, all quiet. */
export async function openRunningStudio(options: StudioOptions = {}): Promise<Studio> {
  const studio = await openStudio(options);
  await studio.turnSchedulers();
  await studio.turnSchedulers();
  studio.providerCalls();
  studio.counts.reads = 0;
  studio.counts.writes = 0;
  return studio;
}

function takeFirst(publisher: MemoryPublisher) {
  // Proof: the fake keeps its messages in a plain array; only the test takes from it.
  const published = publisher.published as unknown as { topic: string; data: string }[];
  return published.shift();
}
