import { logDailyStatistics } from "./daily-statistics.ts";
import { deliverAlerts } from "./deliver-alerts.ts";
import { foldFreshness } from "./freshness.ts";
import type { World } from "./world.ts";

/** What is counted and told of what was done: apart from the sweep, since it repairs nothing. Nothing done, nothing is written. */
export async function keepStatistics(world: World): Promise<void> {
  for (const [ws, workspace] of Object.entries(world.config.workspaces)) {
    await foldFreshness(world, ws);
    await deliverAlerts(world, ws, workspace);
    await logDailyStatistics(world, ws, workspace);
  }
}
