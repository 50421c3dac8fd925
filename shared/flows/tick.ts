import { type Instant, later } from "../sync/time.ts";
import { isCompareDue, noteJobs, storedJobs, watchJobs } from "./jobs.ts";
import { compareWorkspace } from "./sweep.ts";
import { tendWorkspace } from "./tend.ts";
import type { World } from "./world.ts";

/** When this instance began to compare a workspace last. */
const begun = new WeakMap<World, Map<string, Instant>>();
const TURN_MS = 8 * 60_000;

/**
 * What the scheduler asks for every five minutes. In each workspace what must not wait; where the last full compare is an hour ago that
 * instead, and the rest five minutes later, also after a compare that failed. One job carries both: three are free, and a venue
 * has no fourth (decision 068).
 */
export async function tick(world: World): Promise<void> {
  for (const [ws, workspace] of Object.entries(world.config.workspaces)) {
    const jobs = await storedJobs(world, ws, workspace);
    const compares = isCompareDue(jobs, world.clock.now()) && takesTurn(world, ws);
    const running = compares ? ["sweep", "compare"] : ["sweep"];
    await watchJobs(world, ws, workspace, jobs, running);
    await (compares ? compareWorkspace : tendWorkspace)(world, ws, workspace);
    await noteJobs(world, ws, jobs, running);
  }
}

/** False right after one that this instance began and that did not come to its end. */
function takesTurn(world: World, ws: string): boolean {
  const now = world.clock.now();
  const last = begun.get(world) ?? new Map<string, Instant>();
  begun.set(world, last);
  if ((last.get(ws) ?? "") > later(now, -TURN_MS)) return false;
  last.set(ws, now);
  return true;
}
