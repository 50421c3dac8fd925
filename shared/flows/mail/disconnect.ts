import { isError } from "../../errors.ts";
import type { World } from "../world.ts";
import { type ConnectionDoc, changeConnection, grantSecret, loadConnection } from "./connection.ts";

/**
 * Gives the permission back at the provider and forgets it here; the tape, and what came of it, stays. Throws NOT_FOUND,
 * PROVIDER_UNAVAILABLE: then it still stands.
 */
export async function disconnect(world: World, ws: string, id: string): Promise<ConnectionDoc> {
  const { data } = await loadConnection(world.store(ws), id);
  const token = await tokenOf(world, id);
  if (token !== "") {
    await world.mailboxes(ws).revoke(token);
    await world.secrets.write(grantSecret(id), "");
  }
  if (data.grant === 0) return data;
  return changeConnection(world.store(ws), id, ({ reason: _reason, watch: _watch, ...doc }) => ({
    ...doc,
    status: "pending",
    grant: 0,
  }));
}

async function tokenOf(world: World, id: string): Promise<string> {
  try {
    return await world.secrets.read(grantSecret(id), { fresh: true });
  } catch (error) {
    if (isError(error, "SECRET_MISSING")) return "";
    throw error;
  }
}
