import type { Cancellation } from "../../ports/booking-source.ts";
import type { Client } from "./client.ts";
import { readId } from "./translate.ts";

/**
 * Takes it out of use, as Portico does, and leaves the row. After an attempt whose outcome is unknown, "already" may be
 * our own doing. What is gone was cancelled before.
 */
export async function cancel(client: Client, id: string): Promise<Cancellation> {
  const row = readId(id);
  if (row === undefined) return "already-cancelled";
  let unsure = false;
  const { count } = await client.work({
    what: "cancelling",
    with: (session) => session.run(`UPDATE bb_${row.kind} SET active = 0 WHERE id = $1 AND active = 1`, [row.id]),
    onUnsure: () => {
      unsure = true;
    },
  });
  if (count > 0) return "cancelled";
  return unsure ? "unsure" : "already-cancelled";
}
