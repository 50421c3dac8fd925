import type { EdgeAnswer } from "../../shared/cloud/edge-request.ts";
import { workspaceOf } from "../../shared/config.ts";
import { logOperatorAction } from "../../shared/edge/edge-log.ts";
import { listBackfill, planBackfill, previewAgain } from "../../shared/flows/backfill.ts";
import type { ApiCall } from "./route.ts";

/** How far the first connection of each calendar is. */
export async function showBackfill({ world, caller }: ApiCall): Promise<EdgeAnswer> {
  const items = await listBackfill(world, caller.ws, workspaceOf(world.config, caller.ws));
  const done = items.reduce((sum, row) => sum + row.done, 0);
  const total = items.reduce((sum, row) => sum + row.total, 0);
  return { status: 200, json: { items, done, total, progress: total === 0 ? 1 : done / total, next: null } };
}

/** What is left to do on one resource, item by item: read from both sides, nothing is written. */
export async function showPlan({ world, caller, param }: ApiCall): Promise<EdgeAnswer> {
  return { status: 200, json: await planBackfill(world, caller.ws, param("resource")) };
}

/** Counts a waiting calendar anew and opens its hold again. */
export async function previewBackfill({ world, caller, param }: ApiCall): Promise<EdgeAnswer> {
  const resource = param("resource");
  await previewAgain(world, caller.ws, resource);
  logOperatorAction(world.log, { actor: caller.actor, ws: caller.ws, action: "preview connection", target: resource });
  const rows = await listBackfill(world, caller.ws, workspaceOf(world.config, caller.ws));
  return { status: 200, json: rows.find((row) => row.resource === resource) ?? null };
}
