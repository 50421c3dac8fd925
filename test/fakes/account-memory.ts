import { memoryOf } from "../../shared/edge/account-memory.ts";
import type { AccountMemory } from "../../shared/ports/account-memory.ts";
import type { StoreFactory } from "../../shared/ports/store.ts";
import { memoryStores } from "./memory-store.ts";

/** An account's memory over a store of its own, or over one that other instances share. */
export function accountMemory(stores: StoreFactory = memoryStores(), holder = "instance-1"): AccountMemory {
  return memoryOf(
    () => stores.workspace("camp"),
    "account",
    () => holder,
  );
}
