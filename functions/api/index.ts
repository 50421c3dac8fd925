import type { Edge } from "../../shared/cloud/edge.ts";
import type { EdgeAnswer, EdgeRequest } from "../../shared/cloud/edge-request.ts";
import { defineFunction, notAllowed } from "../../shared/cloud/frame.ts";
import { demand, identify } from "../../shared/edge/caller.ts";
import { previewBackfill, showBackfill, showPlan } from "./backfill.ts";
import { acknowledgeAlert, resolveReviewItem } from "./decide-item.ts";
import { showBusy, showCalendars } from "./discovery.ts";
import { explainBooking, showEventMaps } from "./event-maps.ts";
import { decideHold, showHolds } from "./holds.ts";
import { createKey, listKeys, revokeKey } from "./keys.ts";
import { pageOf, pagingOf, statusFilter } from "./page.ts";
import { requestSync } from "./request-sync.ts";
import { type ApiCall, matchRoute, type Route } from "./route.ts";

/** The operations API. Every address stands here once, with what its caller must be allowed. */
const ROUTES: readonly Route[] = [
  { method: "GET", pattern: "event-maps", scope: "read", handle: showEventMaps },
  { method: "GET", pattern: "explain/:key", scope: "read", handle: explainBooking },
  { method: "GET", pattern: "calendars", scope: "read", handle: showCalendars },
  { method: "GET", pattern: "calendars/:resource/busy", scope: "read", handle: showBusy },
  { method: "GET", pattern: "backfill", scope: "read", handle: showBackfill },
  { method: "GET", pattern: "backfill/:resource", scope: "read", handle: showPlan },
  { method: "POST", pattern: "backfill/:resource/preview", scope: "operate", handle: previewBackfill },
  { method: "POST", pattern: "sync", scope: "operate", handle: requestSync },
  { method: "GET", pattern: "holds", scope: "read", handle: showHolds },
  { method: "POST", pattern: "holds/:id/approve", scope: "operate", handle: decideHold("approve") },
  { method: "POST", pattern: "holds/:id/reject", scope: "operate", handle: decideHold("reject") },
  { method: "POST", pattern: "holds/:id/undo", scope: "operate", handle: decideHold("undo") },
  { method: "GET", pattern: "review-items", scope: "read", handle: list("reviewItems", ["open", "resolved"]) },
  { method: "POST", pattern: "review-items/:id/resolve", scope: "operate", handle: resolveReviewItem },
  { method: "GET", pattern: "alerts", scope: "read", handle: list("alerts", ["open", "acknowledged", "closed"]) },
  { method: "POST", pattern: "alerts/:id/acknowledge", scope: "operate", handle: acknowledgeAlert },
  {
    method: "GET",
    pattern: "dead-letters",
    scope: "operate",
    handle: list("deadLetters", ["kept", "replayed", "mended"]),
  },
  { method: "GET", pattern: "keys", scope: "admin", handle: listKeys },
  { method: "POST", pattern: "keys", scope: "admin", handle: createKey },
  { method: "POST", pattern: "keys/:id/revoke", scope: "admin", handle: revokeKey },
];

defineFunction({ name: "api", auth: "public", methods: ["GET", "POST"], handle });

async function handle(request: EdgeRequest, { world, demoOperator }: Edge): Promise<EdgeAnswer> {
  if (request.path.join("/") === "health") return health(request);
  const match = matchRoute(ROUTES, request.method, request.path);
  if (match.kind === "other-methods") return notAllowed(match.methods, request.trace);
  const ws = request.query.get("ws") ?? undefined;
  const caller = await identify(world, { headers: request.headers, ...(ws !== undefined && { ws }) }, demoOperator);
  demand(world, caller, match.route.scope);
  const { query, body } = request;
  return match.route.handle({ world, caller, param: match.param, query, body });
}

function health({ method, trace }: EdgeRequest): EdgeAnswer {
  return method === "GET" ? { status: 200, json: { status: "ok" } } : notAllowed(["GET"], trace);
}

/** `?status=` chooses, the first where it is left out; `all` for every one. */
function list(collection: string, statuses: readonly [string, ...string[]]): (call: ApiCall) => Promise<EdgeAnswer> {
  return async ({ world, caller, query }) =>
    pageOf(world.store(caller.ws), collection, statusFilter(query, statuses), pagingOf(query));
}
