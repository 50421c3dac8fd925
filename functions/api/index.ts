import type { Edge } from "../../shared/cloud/edge.ts";
import type { EdgeAnswer, EdgeRequest } from "../../shared/cloud/edge-request.ts";
import { defineFunction, notAllowed } from "../../shared/cloud/frame.ts";
import { demand, identify } from "../../shared/edge/caller.ts";
import type { World } from "../../shared/flows/world.ts";
import { previewBackfill, showBackfill, showPlan } from "./backfill.ts";
import {
  changeConnectionHere,
  createConnectionHere,
  showConnection,
  showConnections,
  showHealth,
  syncNow,
} from "./connections.ts";
import { acknowledgeAlert, resolveReviewItem } from "./decide-item.ts";
import { showBusy, showCalendars } from "./discovery.ts";
import { explainBooking, showEventMaps } from "./event-maps.ts";
import { CALLBACK, finishGmail, startGmail } from "./gmail-sign-in.ts";
import { decideHold, showHolds } from "./holds.ts";
import { createKey, listKeys, revokeKey } from "./keys.ts";
import { decideMany, ignoreMail, linkMail, putMailOff, revokeMailRule, showMailRules } from "./mail-decisions.ts";
import { replayKeptMails, showAdded, showMail, undoAdded } from "./mails.ts";
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
  { method: "POST", pattern: "review-items/bulk", scope: "operate", handle: decideMany },
  { method: "POST", pattern: "review-items/:id/link", scope: "operate", handle: linkMail },
  { method: "POST", pattern: "review-items/:id/ignore", scope: "operate", handle: ignoreMail },
  { method: "POST", pattern: "review-items/:id/wait", scope: "operate", handle: putMailOff },
  { method: "GET", pattern: "mail-rules", scope: "read", handle: showMailRules },
  { method: "POST", pattern: "mail-rules/:id/revoke", scope: "operate", handle: revokeMailRule },
  { method: "GET", pattern: "connections", scope: "read", handle: showConnections },
  { method: "POST", pattern: "connections", scope: "operate", handle: createConnectionHere },
  { method: "GET", pattern: "connections/:id", scope: "read", handle: showConnection },
  { method: "PATCH", pattern: "connections/:id", scope: "operate", handle: changeConnectionHere },
  { method: "GET", pattern: "connections/:id/gmail/start", scope: "operate", handle: startGmail },
  { method: "POST", pattern: "connections/:id/sync", scope: "operate", handle: syncNow },
  { method: "GET", pattern: "connections/:id/health", scope: "read", handle: showHealth },
  { method: "GET", pattern: "emails/:id", scope: "operate", handle: showMail },
  { method: "POST", pattern: "emails/replay", scope: "operate", handle: replayKeptMails },
  { method: "GET", pattern: "enrichments/:key", scope: "read", handle: showAdded },
  { method: "POST", pattern: "enrichments/:key/undo", scope: "operate", handle: undoAdded },
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

defineFunction({ name: "api", auth: "public", methods: ["GET", "POST", "PATCH"], handle });

async function handle(request: EdgeRequest, { world, demoOperator }: Edge): Promise<EdgeAnswer> {
  if (request.path.join("/") === "health") return health(request);
  // Google sends the browser here: the state it brings says whose it is.
  if (request.path.join("/") === CALLBACK) return callback(request, world);
  const match = matchRoute(ROUTES, request.method, request.path);
  if (match.kind === "other-methods") return notAllowed(match.methods, request.trace);
  const ws = request.query.get("ws") ?? undefined;
  const caller = await identify(world, { headers: request.headers, ...(ws !== undefined && { ws }) }, demoOperator);
  demand(world, caller, match.route.scope);
  const { query, body } = request;
  return match.route.handle({ world, caller, param: match.param, query, body });
}

function callback(request: EdgeRequest, world: World): EdgeAnswer | Promise<EdgeAnswer> {
  return request.method === "GET" ? finishGmail(request, world) : notAllowed(["GET"], request.trace);
}

function health({ method, trace }: EdgeRequest): EdgeAnswer {
  return method === "GET" ? { status: 200, json: { status: "ok" } } : notAllowed(["GET"], trace);
}

/** `?status=` chooses, the first where it is left out; `all` for every one. */
function list(collection: string, statuses: readonly [string, ...string[]]): (call: ApiCall) => Promise<EdgeAnswer> {
  return async ({ world, caller, query }) =>
    pageOf(world.store(caller.ws), collection, statusFilter(query, statuses), pagingOf(query));
}
