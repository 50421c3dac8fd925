import type { EdgeAnswer } from "../../shared/cloud/edge-request.ts";
import { logOperatorAction } from "../../shared/edge/edge-log.ts";
import { LockstepError } from "../../shared/errors.ts";
import { type AlertDoc, alertRef, type ReviewItem, reviewRef } from "../../shared/flows/documents.ts";
import { ignoreMail } from "./mail-decisions.ts";
import type { ApiCall } from "./route.ts";

/**
 * The matter is settled; it opens again by itself where its cause is still there. A question about a mail is settled by
 * ignoring the mail: what it called off is taken for what its source says.
 */
export async function resolveReviewItem(call: ApiCall): Promise<EdgeAnswer> {
  const { caller, world } = call;
  const item = await world.store(caller.ws).get<ReviewItem>(reviewRef(call.param("id")));
  if (item?.data.mail !== undefined) return ignoreMail({ ...call, body: Buffer.alloc(0) });
  return change<ReviewItem>(call, reviewRef(call.param("id")), "resolve review item", (item) => ({
    ...item,
    status: "resolved",
    resolvedAt: world.clock.now(),
    resolvedBy: caller.actor,
  }));
}

/** Somebody has seen it; it is not raised again until its cause was gone. */
export function acknowledgeAlert(call: ApiCall): Promise<EdgeAnswer> {
  return change<AlertDoc>(call, alertRef(call.param("id")), "acknowledge alert", (alert) => ({
    ...alert,
    status: "acknowledged",
    acknowledgedBy: call.caller.actor,
  }));
}

/** Changes an open item, once. Throws NOT_FOUND, INVALID_STATE where it is not open, STORE_CONFLICT on a race. */
async function change<T extends { readonly status: string }>(
  { world, caller, param }: ApiCall,
  ref: ReturnType<typeof reviewRef>,
  action: string,
  decided: (item: T) => T,
): Promise<EdgeAnswer> {
  const store = world.store(caller.ws);
  const stored = await store.get<T>(ref);
  if (stored === undefined) throw new LockstepError("NOT_FOUND", { detail: "This workspace has no such item." });
  if (stored.data.status !== "open") {
    throw new LockstepError("INVALID_STATE", { detail: `It is ${stored.data.status} already.` });
  }
  const item = decided(stored.data);
  await store.commit([{ kind: "put", ref, data: item, ifVersion: stored.version }]);
  logOperatorAction(world.log, { actor: caller.actor, ws: caller.ws, action, target: param("id") });
  return { status: 200, json: item };
}
