import type { DocumentStore, Where } from "../ports/store.ts";

/** How much of what there is, counted by the store and not read. */
export interface Stats {
  /** Event maps by status; `parked`: those that wait for their next try. */
  readonly maps: Readonly<
    Record<"pending" | "active" | "conflict" | "held" | "error" | "cancelled" | "parked", number>
  >;
  /** People's own meetings that were to become bookings. */
  readonly imports: Readonly<Record<"creating" | "done" | "refused" | "gone", number>>;
  /** What waits for a person. */
  readonly waiting: Readonly<Record<"reviews" | "holds" | "alerts" | "deadLetters", number>>;
}

/** Of the whole workspace, or of one resource (then without `waiting`'s share: that is the workspace's). Fifteen counts. */
export async function statsOf(store: DocumentStore, resource?: string): Promise<Stats> {
  const of: Where[] = resource === undefined ? [] : [{ field: "resource", op: "==", value: resource }];
  const maps = (field: string, value: string | boolean) => count(store, "eventMaps", field, value, of);
  const imports = (status: string) => count(store, "imports", "status", status, of);
  return {
    maps: await settled({
      pending: maps("status", "pending"),
      active: maps("status", "active"),
      conflict: maps("status", "conflict"),
      held: maps("status", "held"),
      error: maps("status", "error"),
      cancelled: maps("status", "cancelled"),
      parked: maps("dirty", true),
    }),
    imports: await settled({
      creating: imports("creating"),
      done: imports("done"),
      refused: imports("refused"),
      gone: imports("gone"),
    }),
    waiting: await settled({
      reviews: count(store, "reviewItems", "status", "open", []),
      holds: count(store, "holds", "status", "open", []),
      alerts: count(store, "alerts", "status", "open", []),
      deadLetters: count(store, "deadLetters", "status", "kept", []),
    }),
  };
}

function count(
  store: DocumentStore,
  collection: string,
  field: string,
  value: string | boolean,
  of: readonly Where[],
): Promise<number> {
  return store.count({ collection, where: [{ field, op: "==", value }, ...of] });
}

async function settled<Name extends string>(counts: Readonly<Record<Name, Promise<number>>>) {
  const entries = Object.entries<Promise<number>>(counts).map(async ([name, value]) => [name, await value] as const);
  // Proof: the names are those of `counts`.
  return Object.fromEntries(await Promise.all(entries)) as Record<Name, number>;
}
