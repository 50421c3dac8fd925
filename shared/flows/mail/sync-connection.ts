import { workspaceOf } from "../../config.ts";
import { isError, isOurOwnFailure, LockstepError } from "../../errors.ts";
import type { MailPage } from "../../ports/mailbox.ts";
import { later } from "../../sync/time.ts";
import type { World } from "../world.ts";
import {
  type ConnectionDoc,
  changeConnection,
  type LastSync,
  listConnections,
  loadConnection,
  NO_COUNTS,
  type SyncCounts,
} from "./connection.ts";
import { ingestMail, readAndSettle } from "./ingest.ts";
import type { Intake } from "./intake.ts";
import { lookAtIsolated } from "./isolated.ts";
import { askOwnerAgain, type Lease, takeLease } from "./lease.ts";
import { logIngest, logSyncEnd } from "./mail-log.ts";
import { rulesOf } from "./mail-rules.ts";
import { noteTrouble, troubleOf, type Verified, verifyLabel } from "./verify-label.ts";
import { settleWaiting } from "./waiting.ts";

/** A lease outlives the longest stretch between two extensions; then its owner has died. */
const LEASE_MS = 180_000;
const EXTEND_EVERY = 20;
/** A full listing reads at most so many messages, the newest first (law 12). */
const MAX_LISTED = 5_000;

/** How long a run may take, and whether it may sleep until a quota has room again. */
export interface Patience {
  readonly budgetMs: number;
  readonly waitsForQuota: boolean;
  /** A run that finds nothing is written down only so long after the last one (R12). Left out: always. */
  readonly heartbeatMs?: number;
}

/** What tells whether a run may wait. */
interface Pause {
  readonly world: World;
  readonly lease: Lease;
  readonly patience: Patience;
  readonly beganMs: number;
}

interface Run extends Pause {
  readonly intake: Intake;
  readonly labelId: string;
  counts: SyncCounts;
  sinceExtended: number;
}

export function leaseName(connectionId: string): string {
  return `mail~${connectionId}`;
}

/**
 * Reads what is new under a connection's label, and does what the mails ask for. Throws NOT_FOUND, SYNC_IN_PROGRESS,
 * INVALID_STATE where nobody has connected it yet, what `verifyLabel` throws, and what provider and store throw; whatever
 * was done until then stands, and is not done again.
 */
export async function syncConnection(world: World, ws: string, id: string, patience: Patience): Promise<LastSync> {
  const { data: connection } = await loadConnection(world.store(ws), id);
  const lease = await takeLease(world, ws, leaseName(id), LEASE_MS);
  if (lease === undefined) {
    await askOwnerAgain(world, ws, leaseName(id));
    throw new LockstepError("SYNC_IN_PROGRESS", { detail: `Connection ${id} is being read at this moment.` });
  }
  const startedAt = world.clock.now();
  const run = { counts: NO_COUNTS };
  try {
    requireGrant(connection);
    const beganMs = Date.parse(startedAt);
    const pause = { world, lease, patience, beganMs };
    const verified = await patiently(pause, () => verifyLabel(world, ws, connection));
    const outcome = verified === "more" ? verified : await readUnderLease(world, ws, verified, pause, run);
    const ended = { ...run.counts, startedAt, endedAt: world.clock.now(), outcome };
    return await end(world, ws, id, ended, { heartbeatMs: patience.heartbeatMs ?? 0 });
  } catch (error) {
    if (error instanceof LockstepError && !isOurOwnFailure(error)) {
      await noteTrouble(world, ws, connection, error);
      const failed = { ...run.counts, startedAt, endedAt: world.clock.now(), outcome: "failed" } as const;
      await end(world, ws, id, failed, { heartbeatMs: 0, error });
    }
    throw error;
  } finally {
    await lease.release();
  }
}

/** Before anybody gave permission the label is what is asked for first. */
function requireGrant({ grant, label }: ConnectionDoc): void {
  if (grant > 0 || label === "") return;
  throw new LockstepError("INVALID_STATE", { detail: "Nobody has connected this mailbox yet: GET …/gmail/start." });
}

async function end(
  world: World,
  ws: string,
  id: string,
  run: LastSync,
  { heartbeatMs, error }: { readonly heartbeatMs: number; readonly error?: unknown },
): Promise<LastSync> {
  const where = { ws, connectionId: id };
  await changeConnection(world.store(ws), id, (doc) => {
    const isNoNews = isIdle(run) && doc.lastSync?.outcome === "done";
    if (isNoNews && run.endedAt < later(doc.lastSync?.endedAt ?? "", heartbeatMs)) return undefined;
    return { ...doc, lastSync: run, ...(run.outcome === "failed" ? {} : { lastSuccess: run.endedAt }) };
  });
  logIngest(world, where, run);
  logSyncEnd(world, where, run, troubleOf(error));
  return run;
}

function isIdle({ outcome, scanned, closed }: LastSync): boolean {
  return outcome === "done" && scanned === 0 && closed === 0;
}

async function readUnderLease(
  world: World,
  ws: string,
  { mailbox, labelId, connection }: Verified,
  pause: Pause,
  into: { counts: SyncCounts },
): Promise<"done" | "more"> {
  const all = await listConnections(world.store(ws));
  const neighbours = all.filter(({ id, account }) => id !== connection.id && account === connection.account);
  const others = new Map(neighbours.flatMap((each) => (each.found === undefined ? [] : [[each.found.labelId, each]])));
  const rules = await rulesOf(world.store(ws));
  const intake = { world, ws, workspace: workspaceOf(world.config, ws), connection, rules, mailbox, others, labelId };
  const run: Run = { ...pause, intake, labelId, counts: NO_COUNTS, sinceExtended: 0 };
  try {
    const outcome = await readPages(run, connection);
    await patiently(pause, () => lookAtIsolated(intake, async (email) => void (await readAndSettle(intake, email))));
    const waited = await settleWaiting(intake);
    run.counts = plus(run.counts, { enriched: waited.enriched, closed: waited.closed });
    return outcome;
  } finally {
    into.counts = run.counts;
  }
}

/** Where history is known, what changed since; else everything under the label, and history from before that on. */
async function readPages(run: Run, connection: ConnectionDoc): Promise<"done" | "more"> {
  if (connection.cursor === undefined || connection.listing !== undefined) return readListing(run, connection);
  try {
    return await readChanges(run, connection.cursor);
  } catch (error) {
    if (!isError(error, "CURSOR_EXPIRED")) throw error;
    const { ws, world } = run.intake;
    world.log.write("NOTICE", "[EmailProcessor] history is too old, the label is listed anew", {
      ...{ component: "EmailProcessor", ws, connectionId: connection.id },
    });
    return readListing(run, connection);
  }
}

async function readChanges(run: Run, since: string): Promise<"done" | "more"> {
  const { mailbox } = run.intake;
  let page: string | undefined;
  for (;;) {
    const asked = { labelId: run.labelId, cursor: since, ...(page === undefined ? {} : { page }) };
    const changes = await patiently(run, () => mailbox.changes(asked));
    if (changes === "more" || (await takePage(run, changes)) === "more") return "more";
    page = changes.nextPage;
    if (page !== undefined) continue;
    // Only now that every mail of every page is kept and settled (law 8).
    if (changes.cursor !== undefined && changes.cursor !== since) await saveCursor(run, changes.cursor);
    return "done";
  }
}

/** Bounded, resumable, and without a gap: history goes on from where it stood before the listing began (S35). */
async function readListing(run: Run, connection: ConnectionDoc): Promise<"done" | "more"> {
  const { mailbox } = run.intake;
  let listing = connection.listing ?? { cursor: (await mailbox.position()).cursor, seen: 0 };
  for (;;) {
    const asked = { labelId: run.labelId, ...(listing.page === undefined ? {} : { page: listing.page }) };
    const found = await patiently(run, () => mailbox.list(asked));
    if (found === "more") return "more";
    await saveListing(run, listing);
    if ((await takePage(run, found)) === "more") return "more";
    const seen = listing.seen + found.ids.length;
    if (found.nextPage === undefined || seen >= MAX_LISTED) {
      await saveCursor(run, listing.cursor);
      return "done";
    }
    listing = { cursor: listing.cursor, page: found.nextPage, seen };
  }
}

async function takePage(run: Run, { ids }: MailPage): Promise<"done" | "more"> {
  for (const id of ids) {
    await keepLease(run);
    const gained = await patiently(run, () => ingestMail(run.intake, id));
    if (gained === "more") return "more";
    run.counts = plus(run.counts, gained);
    if (msLeft(run) <= 0) return "more";
  }
  return "done";
}

/** Once more after a pause that the provider asked for, while there is time for it; else the rest is for the next run. */
async function patiently<T>(run: Pause, work: () => Promise<T>): Promise<T | "more"> {
  const { world } = run;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isError(error, "PROVIDER_RATE_LIMITED")) throw error;
      const wait = error.retryAfterMs ?? 5_000;
      if (!run.patience.waitsForQuota || wait > msLeft(run)) return "more";
      await run.lease.extend(LEASE_MS + wait);
      await world.clock.sleep(wait);
    }
  }
}

function msLeft({ patience, beganMs, world }: Pause): number {
  return patience.budgetMs - (Date.parse(world.clock.now()) - beganMs);
}

async function keepLease(run: Run): Promise<void> {
  run.sinceExtended += 1;
  if (run.sinceExtended < EXTEND_EVERY) return;
  run.sinceExtended = 0;
  await run.lease.extend(LEASE_MS);
}

function saveCursor({ intake, labelId }: Run, cursor: string): Promise<ConnectionDoc> {
  return changeConnection(intake.world.store(intake.ws), intake.connection.id, ({ listing: _over, ...doc }) =>
    doc.found?.labelId === labelId ? { ...doc, cursor } : undefined,
  );
}

function saveListing({ intake, labelId }: Run, listing: NonNullable<ConnectionDoc["listing"]>): Promise<ConnectionDoc> {
  return changeConnection(intake.world.store(intake.ws), intake.connection.id, (doc) =>
    doc.found?.labelId === labelId ? { ...doc, listing } : undefined,
  );
}

function plus(counts: SyncCounts, gained: Partial<SyncCounts>): SyncCounts {
  const sum = (name: keyof SyncCounts) => counts[name] + (gained[name] ?? 0);
  return {
    scanned: sum("scanned"),
    kept: sum("kept"),
    skipped: sum("skipped"),
    enriched: sum("enriched"),
    asked: sum("asked"),
    closed: sum("closed"),
    violations: sum("violations"),
  };
}
