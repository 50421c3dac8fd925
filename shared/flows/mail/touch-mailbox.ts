import { isError, isOurOwnFailure, LockstepError } from "../../errors.ts";
import { type MailboxTouched, messageOf, TOPIC } from "../../topics/mailbox-touched.ts";
import type { World } from "../world.ts";
import type { ConnectionDoc } from "./connection.ts";
import { syncConnection } from "./sync-connection.ts";

/** A worker reads for so long, and sleeps over a minute's quota if need be; shorter than its timeout. */
const PATIENCE = { budgetMs: 100_000, waitsForQuota: true, heartbeatMs: 15 * 60_000 };
/** One account may stand behind so many connections of a workspace. */
const MAX_OF_ACCOUNT = 20;

/** There may be new mail: reads the connection that is named, or all that are the account's. */
export async function touchMailbox(world: World, touched: MailboxTouched): Promise<void> {
  if (touched.kind === "connection") {
    if (Object.hasOwn(world.config.workspaces, touched.ws)) await readOne(world, touched.ws, touched.connectionId);
    return;
  }
  for (const [ws, { mailbox }] of Object.entries(world.config.workspaces)) {
    if (mailbox === undefined) continue;
    for (const { id } of await connectionsOf(world, ws, touched.account)) await readOne(world, ws, id);
  }
}

async function connectionsOf(world: World, ws: string, account: string): Promise<ConnectionDoc[]> {
  const rows = await world.store(ws).query<ConnectionDoc>({
    collection: "connections",
    where: [{ field: "account", op: "==", value: account }],
    limit: MAX_OF_ACCOUNT,
  });
  return rows.map(({ data }) => data);
}

/**
 * Whatever stands in the way is noted on the connection and tried again with the next tick; only our own store's
 * failure brings the message back (R6). What is left when time runs out is asked for at once.
 */
async function readOne(world: World, ws: string, connectionId: string): Promise<void> {
  try {
    const { outcome, scanned } = await syncConnection(world, ws, connectionId, PATIENCE);
    if (outcome === "more" && scanned > 0) await askForMail(world, ws, connectionId, "more");
  } catch (error) {
    if (!(error instanceof LockstepError) || isOurOwnFailure(error)) throw error;
    if (isError(error, "SYNC_IN_PROGRESS", "NOT_FOUND", "INVALID_STATE")) return;
    const { code, provider } = error;
    world.log.write("WARNING", "[Sync] mailbox could not be read", {
      ...{ component: "Sync", ws, connectionId, code, providerError: provider },
    });
  }
}

/** Asks for one connection to be read. */
export async function askForMail(
  world: World,
  ws: string,
  connectionId: string,
  via: "poll" | "request" | "more",
): Promise<void> {
  await world.publisher.publish(TOPIC, [messageOf({ ws, connectionId, via })]);
}
