import { sourceMemory } from "../../shared/edge/source-memory.ts";
import type { SourceMemory } from "../../shared/ports/source-memory.ts";
import type { StoreFactory } from "../../shared/ports/store.ts";
import { memoryStores } from "./memory-store.ts";

/** A source's memory over a store of its own, or over one that other instances share. */
export function fakeMemory(stores: StoreFactory = memoryStores(), holder = "instance-1"): SourceMemory {
  return sourceMemory(
    () => stores.workspace("camp"),
    "account",
    () => holder,
  );
}
