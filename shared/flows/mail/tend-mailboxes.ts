import type { World } from "../world.ts";
import { type ConnectionDoc, listConnections } from "./connection.ts";
import { askForMail } from "./touch-mailbox.ts";
import { watchMailbox } from "./watch-mailbox.ts";

/**
 * Has each connected mailbox told of, and asks for a look at it: the floor under lost notices (S31, S35).
 */
export async function tendMailboxes(world: World, only: { readonly provider?: string } = {}): Promise<void> {
  for (const [ws, { mailbox }] of Object.entries(world.config.workspaces)) {
    if (mailbox === undefined || (only.provider ?? mailbox.provider) !== mailbox.provider) continue;
    const granted: ConnectionDoc[] = (await listConnections(world.store(ws))).filter(({ grant }) => grant > 0);
    for (const connection of granted) {
      await watchMailbox(world, ws, connection, granted);
      await askForMail(world, ws, connection.id, "poll");
    }
  }
}
