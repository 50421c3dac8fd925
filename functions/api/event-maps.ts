import { z } from "zod";
import { type EdgeAnswer, parsed } from "../../shared/cloud/edge-request.ts";
import { listEventMaps } from "../../shared/flows/event-maps.ts";
import { explain } from "../../shared/flows/explain.ts";
import { pagingOf } from "./page.ts";
import type { ApiCall } from "./route.ts";

const Filter = z.object({
  status: z.enum(["pending", "active", "conflict", "held", "error", "cancelled"]).exactOptional(),
  resource: z.string().exactOptional(),
});

/** The event maps of the workspace, a page at a time. */
export async function showEventMaps({ world, caller, query }: ApiCall): Promise<EdgeAnswer> {
  const filter = parsed(Filter, Object.fromEntries(query), "query");
  return { status: 200, json: await listEventMaps(world, caller.ws, { ...filter, ...pagingOf(query) }) };
}

/** Why a booking is where it is: its maps, what was seen, and the last decisions (S55). Throws NOT_FOUND. */
export async function explainBooking({ world, caller, param }: ApiCall): Promise<EdgeAnswer> {
  return { status: 200, json: await explain(world, caller.ws, param("key")) };
}
