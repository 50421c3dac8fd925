import { isError } from "../errors.ts";
import type { HoldDoc } from "./documents.ts";
import { carryOutDecision } from "./holds.ts";
import type { World } from "./world.ts";

/** Holds taken up in one run; the rest waits for the next (law 12). */
const MAX_HOLDS = 50;

/**
 * What decisions over holds have left to do: bookings of which the time for a free undo is over, and what an instance
 * that died had in hand. One read where nothing waits.
 */
export async function carryOutDecided(world: World, ws: string): Promise<void> {
  const due = await world.store(ws).query<HoldDoc>({
    collection: "holds",
    where: [{ field: "takeUpAt", op: "<=", value: world.clock.now() }],
    orderBy: { field: "takeUpAt" },
    limit: MAX_HOLDS,
  });
  for (const hold of due) {
    try {
      await carryOutDecision(world, ws, hold);
    } catch (error) {
      // Undone or carried out by another this moment: then the turns find it so.
      if (!isError(error, "STORE_CONFLICT")) throw error;
    }
  }
}
