import { noteCompared, tendJobs } from "./jobs.ts";
import { compare } from "./sweep.ts";
import { tend } from "./tend.ts";
import type { World } from "./world.ts";

/**
 * What the scheduler asks for every five minutes: what must not wait, in every workspace; then the full compare of those that were
 * compared an hour ago. One job carries both: three are free, and a venue has no fourth (decision 068).
 */
export async function tick(world: World): Promise<void> {
  const asked = await tend(world);
  const due = new Set(await tendJobs(world));
  for (const [ws, workspace] of Object.entries(world.config.workspaces)) {
    if (!due.has(ws)) continue;
    await compare(world, ws, workspace, asked.get(ws) ?? []);
    await noteCompared(world, ws);
  }
}
