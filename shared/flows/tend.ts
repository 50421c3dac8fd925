import { evaluateAlerts } from "./alert-rules.ts";
import { carryOutDecided } from "./carry-out-decided.ts";
import { logDailyStatistics } from "./daily-statistics.ts";
import { deliverAlerts } from "./deliver-alerts.ts";
import { foldFreshness } from "./freshness.ts";
import { retryDue } from "./retry-due.ts";
import type { World } from "./world.ts";

/**
 * What must not wait for the full compare, and costs a few reads and no write where nothing is to do: another attempt at
 * what is due, what a person approved whose time has come, and what was done is counted, judged and told.
 */
export async function tend(world: World): Promise<void> {
  for (const [ws, workspace] of Object.entries(world.config.workspaces)) {
    await retryDue(world, ws, workspace);
    await carryOutDecided(world, ws);
    await foldFreshness(world, ws);
    await evaluateAlerts(world, ws, workspace);
    await deliverAlerts(world, ws, workspace);
    await logDailyStatistics(world, ws, workspace);
  }
}
