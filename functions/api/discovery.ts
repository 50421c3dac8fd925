import { z } from "zod";
import { type EdgeAnswer, parsed } from "../../shared/cloud/edge-request.ts";
import { workspaceOf } from "../../shared/config.ts";
import { busyTimes, discoverCalendars } from "../../shared/flows/discovery.ts";
import type { ApiCall } from "./route.ts";

const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());
const Window = z.object({ from: Instant, to: Instant }).refine(({ from, to }) => from < to, {
  path: ["to"],
  message: "must lie after from",
});

/** Rooms and groups that the workspace's accounts can see, each with the resource that uses it already. */
export async function showCalendars({ world, caller }: ApiCall): Promise<EdgeAnswer> {
  const found = await discoverCalendars(world, caller.ws, workspaceOf(world.config, caller.ws));
  return { status: 200, json: { ...found, next: null } };
}

/** When a resource's calendar is taken, as its provider tells it to everybody. */
export async function showBusy({ world, caller, query, param }: ApiCall): Promise<EdgeAnswer> {
  const { from, to } = parsed(Window, Object.fromEntries(query), "query");
  const span = { kind: "timed", start: from, end: to } as const;
  const busy = await busyTimes(world, caller.ws, param("resource"), span);
  return { status: 200, json: { resource: param("resource"), from, to, busy } };
}
