import type { EdgeAnswer } from "../../shared/cloud/edge-request.ts";
import { logOperatorAction } from "../../shared/edge/edge-log.ts";
import { approveHold, listHolds, rejectHold, undoHold } from "../../shared/flows/holds.ts";
import type { ApiCall } from "./route.ts";

const DECISIONS = { approve: approveHold, reject: rejectHold, undo: undoHold } as const;

/** What waits for a person because the breaker held it, or because a calendar was connected first. */
export async function showHolds({ world, caller }: ApiCall): Promise<EdgeAnswer> {
  return { status: 200, json: { items: await listHolds(world, caller.ws), next: null } };
}

/** A person's decision over a hold. Throws NOT_FOUND; INVALID_STATE where it was decided otherwise before. */
export function decideHold(decision: keyof typeof DECISIONS): (call: ApiCall) => Promise<EdgeAnswer> {
  return async ({ world, caller, param }) => {
    const decided = await DECISIONS[decision](world, caller.ws, param("id"), caller.actor);
    logOperatorAction(world.log, {
      actor: caller.actor,
      ws: caller.ws,
      action: `${decision} hold`,
      target: param("id"),
    });
    return { status: 200, json: decided ?? { id: param("id"), decision } };
  };
}
