import { z } from "zod";
import { listEventMaps } from "../../shared/flows/event-maps.ts";
import { explain } from "../../shared/flows/explain.ts";
import { retryFailed } from "../../shared/flows/retry-failed.ts";
import { EventMap, MapStatus } from "./answers/event-map.ts";
import { Explanation } from "./answers/explanation.ts";
import { Paging, pageAnswer } from "./page.ts";
import { type ApiCall, route } from "./route.ts";

export const EVENT_MAP_ROUTES = [
  route({
    ...{ method: "GET", pattern: "event-maps", scope: "read" },
    summary: "What is in step with what.",
    query: Paging.extend({ status: MapStatus.exactOptional(), resource: z.string().min(1).max(60).exactOptional() }),
    answer: pageAnswer(EventMap),
    handle: ({ world, caller, query }) => listEventMaps(world, caller.ws, query),
  }),
  route({
    ...{ method: "POST", pattern: "event-maps/retry", scope: "operate", action: "retry failed items" },
    notes: ({ body: { resource = "everything" } }) => ({ target: resource }),
    summary: "Has what was given up, and what is parked until its next try, looked at again now.",
    body: z.strictObject({ resource: z.string().exactOptional() }).prefault({}),
    answer: z.object({ asked: z.array(z.string()), more: z.boolean().describe("Ask again: one call takes 500.") }),
    problems: ["BUS_UNAVAILABLE"],
    handle: retry,
  }),
  route({
    ...{ method: "GET", pattern: "explain/:key", scope: "read" },
    summary: "Why a booking is where it is: what was seen, which rule decided, what was done and answered.",
    path: { key: "`uschedule:410001`, a bare booking id, or an event id." },
    answer: Explanation,
    handle: ({ world, caller, param }) => explain(world, caller.ws, param("key")),
  }),
];

function retry({ world, caller, body }: ApiCall<unknown, { readonly resource?: string }>) {
  return retryFailed(world, caller.ws, body.resource);
}
