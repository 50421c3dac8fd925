import { settingsOf } from "./desk.ts";
import type { EventMap } from "./documents.ts";
import { publishBookingHint } from "./publish.ts";
import type { World } from "./world.ts";

/** Items of one call; what is left comes with the next (law 12). */
const MAX_ITEMS = 500;

export interface Retried {
  /** Keys of the bookings that are looked at again at once. */
  readonly asked: readonly string[];
  readonly more: boolean;
}

/**
 * Has what was given up, and what is parked until its next try, looked at again now; of one resource where that is said.
 * Throws NOT_FOUND where the configuration has no such resource: a word misspelt must not look like nothing to do.
 */
export async function retryFailed(world: World, ws: string, resource?: string): Promise<Retried> {
  if (resource !== undefined) settingsOf(world, { ws, resource });
  const store = world.store(ws);
  const of = resource === undefined ? [] : [{ field: "resource", op: "==", value: resource } as const];
  const query = (field: string, value: string | boolean) =>
    store.query<EventMap>({
      collection: "eventMaps",
      where: [{ field, op: "==", value }, ...of],
      limit: MAX_ITEMS,
    });
  const rows = [...(await query("status", "error")), ...(await query("dirty", true))];
  const failed = rows.map(({ data }) => data).filter(({ status, error }) => status === "error" || error !== undefined);
  for (const map of failed) await publishBookingHint(world, { ws, ...map }, "asked for");
  return { asked: failed.map(({ key }) => key), more: rows.length >= MAX_ITEMS };
}
