import { type ReviewItem, reviewRef } from "./documents.ts";
import { publishEventHint } from "./publish.ts";
import { requireOpen } from "./review.ts";
import type { World } from "./world.ts";

/**
 * A person settled a matter. A meeting that was refused is tried again at once, and its item opens again where it is still
 * refused. Throws NOT_FOUND, INVALID_STATE where it is not open, STORE_CONFLICT
 * on a race, BUS_UNAVAILABLE where the look could not be asked for: then the sweep finds it.
 */
export async function resolveReview(world: World, ws: string, id: string, by: string): Promise<ReviewItem> {
  const store = world.store(ws);
  const stored = await requireOpen<ReviewItem>(store, reviewRef(id));
  const item: ReviewItem = { ...stored.data, status: "resolved", resolvedAt: world.clock.now(), resolvedBy: by };
  await store.commit([{ kind: "put", ref: stored.ref, data: item, ifVersion: stored.version }]);
  const { resource, calendarId, eventId } = item;
  if (item.kind === "import-refused" && resource !== undefined && calendarId !== undefined && eventId !== undefined)
    await publishEventHint(world, ws, resource, calendarId, eventId);
  return item;
}
