import { z } from "zod";
import { type EdgeAnswer, parsed } from "../../shared/cloud/edge-request.ts";
import { workspaceOf } from "../../shared/config.ts";
import { logOperatorAction } from "../../shared/edge/edge-log.ts";
import { LockstepError } from "../../shared/errors.ts";
import { linksOfBooking } from "../../shared/flows/capture/links.ts";
import { keyNamed, listCards } from "../../shared/flows/directory/list-cards.ts";
import { openBooking } from "../../shared/flows/directory/open-booking.ts";
import {
  type Refreshed,
  refreshBeforeRead,
  refreshDirectories,
  tokenExpired,
} from "../../shared/flows/directory/refresh.ts";
import { pagingOf } from "./page.ts";
import type { ApiCall } from "./route.ts";

const Filter = z.object({
  source: z.string().max(60).exactOptional(),
  status: z.string().min(1).max(60).toLowerCase().exactOptional(),
});

/** Bookings of the sources that have a directory, asked for first; what could not be had is a warning. */
export async function showBookings({ world, caller, query }: ApiCall): Promise<EdgeAnswer> {
  const filter = { ...parsed(Filter, Object.fromEntries(query), "query"), ...pagingOf(query) };
  const workspace = workspaceOf(world.config, caller.ws);
  // A further page goes on with the first one's list.
  const warnings = query.has("after") ? [] : await refreshBeforeRead(world, caller.ws, workspace);
  return { status: 200, json: { ...(await listCards(world, caller.ws, filter)), warnings } };
}

/** One booking as its source has it now, with its comments and mails. Throws NOT_FOUND, OSM_TOKEN_EXPIRED. */
export async function showBooking({ world, caller, param }: ApiCall): Promise<EdgeAnswer> {
  const workspace = workspaceOf(world.config, caller.ws);
  const key = keyNamed(world, caller.ws, workspace, param("id"));
  return { status: 200, json: await openBooking(world, caller.ws, workspace, key) };
}

/** The mails about a booking. */
export async function showLinks({ world, caller, param }: ApiCall): Promise<EdgeAnswer> {
  const key = keyNamed(world, caller.ws, workspaceOf(world.config, caller.ws), param("id"));
  return { status: 200, json: { items: await linksOfBooking(world.store(caller.ws), key), next: null } };
}

/**
 * Lists every directory now. Throws PROVIDER_UNAVAILABLE (502) where none could be had, OSM_TOKEN_EXPIRED (401) where
 * the source no longer takes our token.
 */
export async function syncBookings({ world, caller }: ApiCall): Promise<EdgeAnswer> {
  const all = await refreshDirectories(world, caller.ws, workspaceOf(world.config, caller.ws));
  const fetched = all.flatMap((each) => (each.kind === "fetched" ? [each] : []));
  const failed = all.flatMap((each) => (each.kind === "failed" ? [each] : []));
  if (fetched.length === 0) refuse(failed);
  logOperatorAction(world.log, { actor: caller.actor, ws: caller.ws, action: "sync bookings", target: "everything" });
  const sum = (count: "added" | "updated" | "total" | "linked") => fetched.reduce((all, each) => all + each[count], 0);
  return {
    status: 200,
    json: {
      ...{ added: sum("added"), updated: sum("updated"), total: sum("total"), linked: sum("linked") },
      skipped: fetched.flatMap(({ skipped }) => skipped),
      warnings: [...fetched.flatMap(({ warnings }) => warnings), ...failed.map(({ error }) => error.message)],
    },
  };
}

function refuse(failed: readonly Extract<Refreshed, { kind: "failed" }>[]): void {
  const [first] = failed;
  if (first === undefined) return;
  if (first.error.code === "PROVIDER_UNAUTHORIZED") throw tokenExpired(first.source, first.error);
  if (first.error.code === "PROVIDER_RATE_LIMITED" || first.error.code === "PROVIDER_BLOCKED") throw first.error;
  const detail = `${first.source} cannot be reached: ${first.error.message}`;
  throw new LockstepError("PROVIDER_UNAVAILABLE", { detail, cause: first.error });
}
