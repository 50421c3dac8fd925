import { isOurOwnFailure, LockstepError } from "../../errors.ts";
import { later } from "../../sync/time.ts";
import { closeAlert, raiseAlert } from "../review.ts";
import type { World } from "../world.ts";
import { type ConnectionDoc, changeConnection } from "./connection.ts";
import { openMailbox } from "./grant-keeper.ts";

/** Gmail's notices end after seven days and are to be asked for daily (API_FACTS §2). */
const RENEW_AFTER_MS = 86_400_000;
/** A refused order is tried again so much later; until then mail is polled for. */
const RETRY_MS = 3_600_000;

/** Has Gmail tell of new mail under the label. A mailbox has one such order: of several labels of one account the newest is told of, the others are polled. */
export async function watchMailbox(world: World, ws: string, connection: ConnectionDoc): Promise<void> {
  const { id, found, status } = connection;
  if (status !== "connected" || found === undefined || !isDue(connection, world.clock.now())) return;
  const store = world.store(ws);
  const askedAt = world.clock.now();
  try {
    const { expiresAt } = await openMailbox(world, ws, connection).watch(found.labelId);
    await changeConnection(store, id, (doc) => ({ ...doc, watch: { labelId: found.labelId, expiresAt, askedAt } }));
    await closeAlert(store, "watch-down", id);
  } catch (error) {
    if (!(error instanceof LockstepError) || isOurOwnFailure(error)) throw error;
    const { code, provider } = error;
    world.log.write("WARNING", "mailbox notices could not be ordered", {
      ws,
      connectionId: id,
      code,
      providerError: provider,
    });
    // As if it ran out when it is to be tried again.
    const watch = connection.watch ?? { labelId: found.labelId, expiresAt: askedAt, askedAt };
    await changeConnection(store, id, (doc) => ({ ...doc, watch: { ...watch, askedAt } }));
    if (watch.expiresAt > askedAt) return;
    const detail = `No notices of new mail for connection ${id} (${provider ?? code}); its mail is found by polling.`;
    await raiseAlert(store, { kind: "watch-down", subject: id, detail }, askedAt);
  }
}

function isDue({ watch, found }: ConnectionDoc, now: string): boolean {
  if (watch === undefined) return true;
  const failed = watch.expiresAt <= watch.askedAt;
  if (failed) return watch.askedAt <= later(now, -RETRY_MS);
  return watch.labelId !== found?.labelId || watch.expiresAt <= now || watch.askedAt <= later(now, -RENEW_AFTER_MS);
}
