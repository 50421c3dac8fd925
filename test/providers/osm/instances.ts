import type { BookingSource } from "../../../shared/ports/booking-source.ts";
import type { StoreFactory } from "../../../shared/ports/store.ts";
import { osm } from "../../../shared/providers/osm/index.ts";
import { memoryStores } from "../../fakes/memory-store.ts";
import { fakeMemory } from "../../fakes/source-memory.ts";
import { openStage, type Stage } from "../stage.ts";

/** One account at OSM, and as many instances of Lockstep as a test wants, over one store. */
export interface Account {
  readonly stage: Stage;
  readonly stores: StoreFactory;
  instance(name?: string): BookingSource;
  book(booking: object): Promise<string>;
  /** `detail`, `list`: the calls since the last look. */
  calls(): string[];
}

export const WINDOW = { from: "2027-01-04T00:00:00.000Z", to: "2027-04-04T00:00:00.000Z" };

export function openAccount(settings: object = {}): Account {
  const stage = openStage();
  const stores = memoryStores();
  const given = osm.settings.parse({ campsiteId: 1, sectionId: 4242, ...settings });
  return {
    stage,
    stores,
    instance: (name = "instance-1") =>
      osm.connect({ ...stage.connection("osm", given), memory: fakeMemory(stores, name) }),
    book: async (booking) => {
      const weekend = { group: "1st Anytown", start: "2027-02-05", end: "2027-02-07", items: [{ item: 301 }] };
      return String((await stage.arrange("osm/book", { ...weekend, ...booking }))["id"]);
    },
    calls: () => stage.calls().map((name) => name.replace("osm ", "")),
  };
}

/** How many of each, e.g. `{ list: 4, token: 1 }`. */
export function counted(calls: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of calls) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
