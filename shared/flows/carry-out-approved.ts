import { isError } from "../errors.ts";
import type { HoldDoc } from "./documents.ts";
import { askAgain, cancels, whyOf } from "./holds.ts";
import type { World } from "./world.ts";

/** Holds taken up in one run; the rest waits for the next (law 12). */
const MAX_HOLDS = 50;

/**
 * Has the bookings of approved holds cancelled, once the time for a free undo is over. Asked for before the hold says
 * so: whoever dies in between asks twice, and the second time finds them cancelled. One read where nothing waits.
 */
export async function carryOutApproved(world: World, ws: string): Promise<void> {
  const store = world.store(ws);
  const due = await store.query<HoldDoc>({
    collection: "holds",
    where: [{ field: "carryOutAt", op: "<=", value: world.clock.now() }],
    orderBy: { field: "carryOutAt" },
    limit: MAX_HOLDS,
  });
  for (const { ref, data, version } of due) {
    await askAgain(world, ws, data.items.filter(cancels), whyOf(data));
    const { carryOutAt: _asked, ...hold } = data;
    try {
      await store.commit([{ kind: "put", ref, data: hold, ifVersion: version }]);
    } catch (error) {
      // Undone this moment: then the turns find it so.
      if (!isError(error, "STORE_CONFLICT")) throw error;
    }
  }
}
