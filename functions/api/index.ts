import type { Edge } from "../../shared/cloud/edge.ts";
import type { EdgeAnswer, EdgeRequest } from "../../shared/cloud/edge-request.ts";
import { defineFunction, notAllowed, refusal } from "../../shared/cloud/frame.ts";
import { demand, identify } from "../../shared/edge/caller.ts";
import { previewBackfill, showBackfill, showPlan } from "./backfill.ts";
import { showBooking, showBookings, showLinks, syncBookings } from "./bookings.ts";
import { preflight, shared } from "./cors.ts";
import { acknowledgeAlert, resolveReviewItem } from "./decide-item.ts";
import { showBusy, showCalendars } from "./discovery.ts";
import { capture, link, showLinksOfMail, showMailsOf, unlinkHere } from "./emails.ts";
import { explainBooking, showEventMaps } from "./event-maps.ts";
import { decideHold, showHolds } from "./holds.ts";
import { createKey, listKeys, revokeKey } from "./keys.ts";
import { pageOf, pagingOf, statusFilter } from "./page.ts";
import { requestSync } from "./request-sync.ts";
import { type ApiCall, matchRoute, type Route } from "./route.ts";
import { showSources, unblock } from "./sources.ts";

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
  { method: "GET", pattern: "bookings", scope: "read", handle: showBookings },
  { method: "POST", pattern: "bookings/sync", scope: "operate", handle: syncBookings },
  { method: "GET", pattern: "bookings/:id", scope: "read", handle: showBooking },
  { method: "GET", pattern: "bookings/:id/links", scope: "read", handle: showLinks },
  { method: "POST", pattern: "emails/capture", scope: "capture", handle: capture },
  { method: "GET", pattern: "emails", scope: "read", handle: showMailsOf },
  { method: "GET", pattern: "emails/:id/links", scope: "read", handle: showLinksOfMail },
  { method: "POST", pattern: "emails/:id/link", scope: "capture", handle: link },
  { method: "POST", pattern: "emails/:id/unlink", scope: "capture", handle: unlinkHere },
  { method: "GET", pattern: "sources", scope: "read", handle: showSources },
  { method: "POST", pattern: "sources/:source/unblock", scope: "operate", handle: unblock },
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

defineFunction({ name: "api", auth: "public", methods: ["GET", "POST", "OPTIONS"], handle: answer });

/** For a browser, a refusal must be as readable as an answer. */
async function answer(request: EdgeRequest, edge: Edge): Promise<EdgeAnswer> {
  const { config, log } = edge.world;
  const asked = preflight(request, config);
  if (asked !== undefined) return asked;
  return shared(
    request,
    config,
    await handle(request, edge).catch((error: unknown) => refusal(error, log, request.trace)),
  );
}

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
