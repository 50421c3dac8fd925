import { LockstepError } from "../../shared/errors.ts";
import { type ConnectionDoc, loadConnection, workspaceOfId } from "../../shared/flows/mail/connection.ts";
import type { ApiCall } from "./route.ts";

/**
 * The connection, where it is the caller's. Throws FORBIDDEN where its id names another workspace, as the requirements
 * ask, without looking there; NOT_FOUND where there is none.
 */
export async function requireHere({
  world,
  caller,
  param,
}: Pick<ApiCall, "world" | "caller" | "param">): Promise<ConnectionDoc> {
  const owner = workspaceOfId(param("id"));
  if (owner !== caller.ws && Object.hasOwn(world.config.workspaces, owner)) throw foreign();
  return (await loadConnection(world.store(caller.ws), param("id"))).data;
}

function foreign(): LockstepError {
  return new LockstepError("FORBIDDEN", { detail: "This connection belongs to another workspace." });
}

/** What anybody who may see the connection may know of how it does. */
export function healthOf({ status, reason, lastSync, lastSuccess, watch, listing }: ConnectionDoc) {
  return {
    gmail_status: status,
    reason: reason ?? null,
    last_sync_started_at: lastSync?.startedAt ?? null,
    last_sync_ended_at: lastSync?.endedAt ?? null,
    last_sync_outcome: lastSync?.outcome ?? null,
    last_success_at: lastSuccess ?? null,
    notices_until: watch?.expiresAt ?? null,
    complete: listing === undefined && lastSync?.outcome === "done",
  };
}
