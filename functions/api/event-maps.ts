import { z } from "zod";
import { listEventMaps } from "../../shared/flows/event-maps.ts";
import { explain } from "../../shared/flows/explain.ts";
import { EventMap, MapStatus } from "./answers/event-map.ts";
import { Explanation } from "./answers/explanation.ts";
import { Paging, pageAnswer } from "./page.ts";
import { route } from "./route.ts";

export const EVENT_MAP_ROUTES = [
  route({
    ...{ method: "GET", pattern: "event-maps", scope: "read" },
    summary: "What is in step with what.",
    query: Paging.extend({ status: MapStatus.exactOptional(), resource: z.string().exactOptional() }),
    answer: pageAnswer(EventMap),
    handle: ({ world, caller, query }) => listEventMaps(world, caller.ws, query),
  }),
  route({
    ...{ method: "GET", pattern: "explain/:key", scope: "read" },
    summary: "Why a booking is where it is: what was seen, which rule decided, what was done and answered.",
    path: { key: "`uschedule:410001`, a bare booking id, or an event id." },
    answer: Explanation,
    handle: ({ world, caller, param }) => explain(world, caller.ws, param("key")),
  }),
];
