import { isOurOwnFailure, LockstepError } from "../../errors.ts";
import { type Instant, later } from "../../sync/time.ts";
import { closeAlert, raiseAlert } from "../review.ts";
import type { World } from "../world.ts";
import { type ConnectionDoc, changeConnection } from "./connection.ts";
import { openMailbox } from "./grant-keeper.ts";

/** Gmail's notices end after seven days and are to be asked for daily (API_FACTS §2). */
const RENEW_AFTER_MS = 86_400_000;
/** A refused order is tried again so much later; until then mail is polled for. */
const RETRY_MS = 3_600_000;

/** Has Gmail tell of new mail under the connection's label, and under those of the others of its account: an account has one such order. */
export async function watchMailbox(
  world: World,
  ws: string,
  connection: ConnectionDoc,
  all: readonly ConnectionDoc[],
): Promise<void> {
  const { id, status } = connection;
  const labelIds = labelsOfAccount(connection, all);
  if (status !== "connected" || labelIds.length === 0) return;
  if (!isDue(connection, labelIds, world.clock.now())) return;
  const store = world.store(ws);
  const askedAt = world.clock.now();
  try {
    const { expiresAt } = await openMailbox(world, ws, connection).watch(labelIds);
    await changeConnection(store, id, (doc) => ({ ...doc, watch: { labelIds, expiresAt, askedAt } }));
    await closeAlert(store, "watch-down", id);
  } catch (error) {
    if (!(error instanceof LockstepError) || isOurOwnFailure(error)) throw error;
    await noteRefusal(world, ws, connection, error, { labelIds, askedAt });
  }
}

function labelsOfAccount({ account }: ConnectionDoc, all: readonly ConnectionDoc[]): string[] {
  const same = all.filter((each) => each.account === account && each.status === "connected");
  return [...new Set(same.flatMap(({ found }) => found?.labelId ?? []))].sort();
}

/** Notices that were ordered before go on; without any, mail is found by polling, later: that is shown. */
async function noteRefusal(
  world: World,
  ws: string,
  { id, watch: before }: ConnectionDoc,
  { code, provider }: LockstepError,
  { labelIds, askedAt }: { readonly labelIds: readonly string[]; readonly askedAt: Instant },
): Promise<void> {
  const store = world.store(ws);
  const fields = { ws, connectionId: id, code, providerError: provider };
  world.log.write("WARNING", "mailbox notices could not be ordered", fields);
  const expiresAt = before?.expiresAt ?? askedAt;
  await changeConnection(store, id, (doc) => ({ ...doc, watch: { labelIds, expiresAt, askedAt } }));
  if (expiresAt > askedAt) return;
  const detail = `No notices of new mail for connection ${id} (${provider ?? code}); its mail is found by polling.`;
  await raiseAlert(store, { kind: "watch-down", subject: id, detail }, askedAt);
}

function isDue({ watch }: ConnectionDoc, labelIds: readonly string[], now: Instant): boolean {
  if (watch === undefined) return true;
  if (watch.expiresAt <= watch.askedAt) return watch.askedAt <= later(now, -RETRY_MS);
  const isSame = labelIds.join() === watch.labelIds.join();
  return !isSame || watch.expiresAt <= now || watch.askedAt <= later(now, -RENEW_AFTER_MS);
}
