import { evaluateAlerts } from "./alert-rules.ts";
import { carryOutDecided } from "./carry-out-decided.ts";
import { closeMended } from "./close-mended.ts";
import { logDailyStatistics } from "./daily-statistics.ts";
import { deliverAlerts } from "./deliver-alerts.ts";
import { foldFreshness } from "./freshness.ts";
import { retryDue } from "./retry-due.ts";
import { standingAlerts } from "./review.ts";
import type { WorkspaceConfig, World } from "./world.ts";

/** What must not wait for the full compare, in every workspace. */
export async function tend(world: World): Promise<void> {
  for (const [ws, workspace] of Object.entries(world.config.workspaces)) await tendWorkspace(world, ws, workspace);
}

/**
 * Costs a few reads and no write where nothing is to do: another attempt at what is due, what a person approved whose time has
 * come, and what was done is counted, judged and told.
 */
export async function tendWorkspace(world: World, ws: string, workspace: WorkspaceConfig): Promise<void> {
  const due = await retryDue(world, ws, workspace);
  const standing = await standingAlerts(world.store(ws));
  await closeMended(world, ws, workspace, standing);
  await carryOutDecided(world, ws);
  await foldFreshness(world, ws);
  await evaluateAlerts(world, ws, workspace, { standing, due });
  await deliverAlerts(world, ws, workspace);
  await logDailyStatistics(world, ws, workspace);
}
