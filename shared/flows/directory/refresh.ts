import { isOurOwnFailure, LockstepError } from "../../errors.ts";
import { later } from "../../sync/time.ts";
import { raiseBlocked } from "../blocked.ts";
import type { WorkspaceConfig, World } from "../world.ts";
import { fetchedByUs, noteFetched } from "./freshness.ts";
import { type Kept, keepCards, MAX_CARDS } from "./keep-cards.ts";
import { directoriesOf, readDirectory } from "./list-cards.ts";

/** A read is not kept waiting longer. */
const READ_WAIT_MS = 5_000;
/** What is this fresh is not asked for again by a read. */
const FRESH_MS = 30_000;

/** What one source's listing brought, or why it could not be had. */
export type Refreshed =
  | ({
      readonly kind: "fetched";
      readonly source: string;
      readonly skipped: readonly string[];
      readonly warnings: readonly string[];
    } & Kept)
  | { readonly kind: "failed"; readonly source: string; readonly error: LockstepError };

/** Lists every directory of the workspace and keeps what differs. A provider's failure is an answer. */
export async function refreshDirectories(world: World, ws: string, workspace: WorkspaceConfig): Promise<Refreshed[]> {
  const all: Refreshed[] = [];
  for (const source of directoriesOf(world, ws, workspace)) all.push(await refresh(world, ws, source));
  return all;
}

async function refresh(world: World, ws: string, source: string, waitMs?: number): Promise<Refreshed> {
  const directory = world.source(ws, source).directory;
  if (directory === undefined) throw new LockstepError("NOT_FOUND", { detail: `${source} has no directory.` });
  const asked = world.clock.now();
  try {
    const listing = await directory.rows(waitMs === undefined ? undefined : { until: later(asked, waitMs) });
    const kept = await keepCards(world.store(ws), source, listing, asked);
    if (listing.lacks.length === 0) noteFetched(world, ws, source, asked);
    const skipped = listing.skipped.map(({ id, reason }) => `Booking ${id} is left out: ${reason}.`);
    if (listing.rows.length > MAX_CARDS)
      skipped.push(`${listing.rows.length - MAX_CARDS} bookings beyond ${MAX_CARDS} are left out.`);
    return { kind: "fetched", source, ...kept, skipped, warnings: listing.lacks };
  } catch (error) {
    if (!(error instanceof LockstepError) || isOurOwnFailure(error)) throw error;
    await raiseBlocked(world, ws, source, error);
    return { kind: "failed", source, error };
  }
}

/**
 * The same before a read, which it never fails: what is fresh is left alone, what takes longer than five seconds or
 * cannot be had is told in a warning, and so is our own store's trouble with the upsert.
 */
export async function refreshBeforeRead(world: World, ws: string, workspace: WorkspaceConfig): Promise<string[]> {
  const warnings: string[] = [];
  for (const source of directoriesOf(world, ws, workspace)) {
    const age = await ageOf(world, ws, source);
    if (age < FRESH_MS)
      warnings.push(
        `${source} was asked ${Math.floor(age / 1000)} s ago and is not asked again before ${FRESH_MS / 1000} s.`,
      );
    else warnings.push(...(await quietly(world, ws, source)));
  }
  return warnings;
}

async function ageOf(world: World, ws: string, source: string): Promise<number> {
  const stored = (await readDirectory(world.store(ws), source))?.fetchedAt ?? "";
  const ours = fetchedByUs(world, ws, source) ?? "";
  const last = stored > ours ? stored : ours;
  return last === "" ? Number.POSITIVE_INFINITY : Date.parse(world.clock.now()) - Date.parse(last);
}

async function quietly(world: World, ws: string, source: string): Promise<string[]> {
  try {
    const refreshed = await refresh(world, ws, source, READ_WAIT_MS);
    return refreshed.kind === "fetched" ? [...refreshed.warnings, ...refreshed.skipped] : failureOf(refreshed);
  } catch (error) {
    if (!(error instanceof LockstepError) || error.code === "OSM_TOKEN_EXPIRED") throw error;
    world.log.write("WARNING", "bookings could not be kept", { ws, source, code: error.code });
    return [`What ${source} listed could not be kept (${error.code}); what was known before is shown.`];
  }
}

function failureOf({ source, error }: Extract<Refreshed, { kind: "failed" }>): string[] {
  // What a person must do to be let in again is no warning.
  if (error.code === "PROVIDER_UNAUTHORIZED") throw tokenExpired(source, error);
  return [`${source} cannot be reached (${error.provider ?? error.code}); what was known before is shown.`];
}

/** OSM no longer knows us: another matter than a caller that we do not know. */
export function tokenExpired(source: string, cause: LockstepError): LockstepError {
  const detail = `${source} no longer takes our token (${cause.provider ?? cause.code}).`;
  return new LockstepError("OSM_TOKEN_EXPIRED", { detail, cause });
}
