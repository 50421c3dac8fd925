import { matchRoute, type Route } from "../route.ts";
import { Refusal, type Reply, type SandboxRequest } from "../wire.ts";
import type { Call } from "../world.ts";
import { errorReply, ok, refuse } from "./answers.ts";
import { metered, refusalOf } from "./meter.ts";
import { listBookings, listComments, listItems, showBooking } from "./reading.ts";
import { CAMPSITE } from "./rows.ts";
import { grantToken, requireToken } from "./token.ts";

const ROOT = "/osm";
const SITE = String(CAMPSITE);

const ROUTES: readonly Route[] = [
  { method: "POST", pattern: /^\/oauth\/token$/, operation: "token", handle: grantToken },
  { method: "GET", pattern: /^\/oauth\/resource$/, operation: "resource", handle: () => ok({ user_id: 1 }) },
  {
    method: "GET",
    pattern: /^\/v3\/campsites\/(\d+)\/bookings$/,
    operation: "list",
    handle: (call, [id]) => here(id, listBookings, call),
  },
  {
    method: "GET",
    pattern: /^\/v3\/campsites\/bookings\/(\d+)$/,
    operation: "detail",
    handle: (call, [id = ""]) => showBooking(call, id),
  },
  {
    method: "GET",
    pattern: /^\/v3\/campsites\/(\d+)\/items$/,
    operation: "items",
    handle: (call, [id]) => here(id, listItems, call),
  },
  {
    method: "GET",
    pattern: /^\/v3\/comments\/campsite_booking\/(\d+)\/list$/,
    operation: "comments",
    handle: (call, [id = ""]) => listComments(call, id),
  },
];

function here(id: string | undefined, handle: (call: Call) => Reply, call: Call): Reply {
  return id === SITE ? handle(call) : refuse(403, "You do not have access to this campsite.");
}

export function osmOperation({ method, path }: SandboxRequest): string | undefined {
  return matchRoute(ROUTES, method, path.slice(ROOT.length))?.route.operation;
}

/** Online Scout Manager as a function of a request. A refused call counts, too. */
export function answerOsm(call: Call): Reply {
  const refusal = refusalOf(call);
  return metered(call, refusal ?? answered(call));
}

function answered(call: Call): Reply {
  try {
    const found = matchRoute(ROUTES, call.request.method, call.request.path.slice(ROOT.length));
    if (found === undefined) return errorReply(404, "Not found.");
    if (!["token"].includes(found.route.operation)) requireToken(call);
    if (call.faults.has("status-false")) return { ...errorReply(200, "Something went wrong.") };
    return found.route.handle(call, found.params);
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}
