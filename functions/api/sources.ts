import type { EdgeAnswer } from "../../shared/cloud/edge-request.ts";
import { workspaceOf } from "../../shared/config.ts";
import { logOperatorAction } from "../../shared/edge/edge-log.ts";
import { liftBlock, listSources } from "../../shared/flows/blocked.ts";
import type { ApiCall } from "./route.ts";

/** The workspace's booking sources, and what their providers leave us of the hour's calls. */
export async function showSources({ world, caller }: ApiCall): Promise<EdgeAnswer> {
  const items = await listSources(world, caller.ws, workspaceOf(world.config, caller.ws));
  return { status: 200, json: { items, next: null } };
}

/** A person settled a block with the provider: calls go on. Throws NOT_FOUND, INVALID_STATE where nothing is blocked. */
export async function unblock({ world, caller, param }: ApiCall): Promise<EdgeAnswer> {
  const source = param("source");
  await liftBlock(world, caller.ws, source);
  logOperatorAction(world.log, { actor: caller.actor, ws: caller.ws, action: "unblock source", target: source });
  return { status: 200, json: { source, blocked: false } };
}
