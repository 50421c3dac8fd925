import { isError, LockstepError } from "../../shared/errors.ts";
import { type ConnectionDoc, connectionRef, loadConnection } from "../../shared/flows/mail/connection.ts";
import type { ApiCall } from "./route.ts";

/**
 * The connection, where it is the caller's. Throws FORBIDDEN where it is another workspace's, as the requirements ask,
 * and NOT_FOUND where it is nobody's: ids are unguessable, so that the difference tells nothing to strangers.
 */
export async function requireHere({
  world,
  caller,
  param,
}: Pick<ApiCall, "world" | "caller" | "param">): Promise<ConnectionDoc> {
  try {
    return (await loadConnection(world.store(caller.ws), param("id"))).data;
  } catch (error) {
    if (!isError(error, "NOT_FOUND")) throw error;
    for (const ws of Object.keys(world.config.workspaces)) {
      if (ws !== caller.ws && (await world.store(ws).get(connectionRef(param("id")))) !== undefined) throw foreign();
    }
    throw error;
  }
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
