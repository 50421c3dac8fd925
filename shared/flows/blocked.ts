import { isError, LockstepError } from "../errors.ts";
import type { GovernorState } from "../ports/booking-directory.ts";
import { closeAlert, raiseAlert } from "./review.ts";
import type { WorkspaceConfig, World } from "./world.ts";

export const BLOCKED = "source-blocked";

/** A provider has blocked the account: shown until a person lifts it. Any other error is left alone. */
export async function raiseBlocked(world: World, ws: string, source: string, error: LockstepError): Promise<void> {
  if (!isError(error, "PROVIDER_BLOCKED")) return;
  const detail = `${error.message} Settle it with the provider, then lift it: POST /api/sources/${source}/unblock.`;
  await raiseAlert(world.store(ws), { kind: BLOCKED, subject: source, detail }, world.clock.now());
}

export interface SourceState {
  readonly source: string;
  readonly provider: string;
  /** Null where the provider does not count our calls. */
  readonly budget: GovernorState | null;
}

/** How each source of the workspace stands with its provider. */
export async function listSources(world: World, ws: string, { sources }: WorkspaceConfig): Promise<SourceState[]> {
  const states: SourceState[] = [];
  for (const [source, { provider }] of Object.entries(sources)) {
    const budget = (await world.source(ws, source).governor?.show()) ?? null;
    states.push({ source, provider, budget });
  }
  return states;
}

/** A person says that calls may go on. Throws NOT_FOUND, INVALID_STATE where nothing is blocked. */
export async function liftBlock(world: World, ws: string, source: string): Promise<void> {
  const { governor } = world.source(ws, source);
  if (governor === undefined)
    throw new LockstepError("INVALID_STATE", { detail: `The source ${source} is never blocked.` });
  const lifted = await governor.lift();
  await closeAlert(world.store(ws), BLOCKED, source);
  if (!lifted) throw new LockstepError("INVALID_STATE", { detail: `The source ${source} is not blocked.` });
}
