import { matchRoute, type Route } from "../route.ts";
import type { Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { listInstances, listView } from "./calendar-view.ts";
import { listDelta } from "./delta.ts";
import { badRequest, refuse } from "./errors.ts";
import { createEvent, deleteEvent, getEvent, listEvents, patchEvent } from "./events.ts";
import { spendQuota } from "./limits.ts";
import { listGroups, listRoomLists, listRooms, listRoomsOfList } from "./places.ts";
import { getSchedule } from "./schedule.ts";
import {
  createSubscription,
  deleteSubscription,
  getSubscription,
  listSubscriptions,
  reauthorizeSubscription,
  renewSubscription,
} from "./subscriptions.ts";

const ROOT = "/graph/v1.0";
const USER = "^/users/([^/]+)";
/** The default calendar by name is the same as the mailbox's events. */
const EVENTS = `${USER}/(?:calendar/)?events`;
const EVENT = `${EVENTS}/([^/]+)`;
const VIEW = `${USER}/(?:calendar/)?calendarView`;
const SUBSCRIPTION = "^/subscriptions/([^/]+)";

const ROUTES: readonly Route[] = [
  route("GET", "^/places/microsoft\\.graph\\.room$", "places.rooms", listRooms),
  route("GET", "^/places/microsoft\\.graph\\.roomlist$", "places.roomlists", listRoomLists),
  route("GET", "^/places/([^/]+)/microsoft\\.graph\\.roomlist/rooms$", "places.roomsOfList", listRoomsOfList),
  route("GET", "^/groups$", "groups.list", listGroups),
  route("GET", `${EVENTS}$`, "events.list", listEvents),
  route("POST", `${EVENTS}$`, "events.create", createEvent),
  route("GET", `${EVENTS}/delta(?:\\(\\))?$`, "events.delta", refuseTracking),
  route("GET", `${EVENT}$`, "events.get", getEvent),
  route("PATCH", `${EVENT}$`, "events.patch", patchEvent),
  route("DELETE", `${EVENT}$`, "events.delete", deleteEvent),
  route("GET", `${EVENT}/instances$`, "events.instances", listInstances),
  route("GET", `${VIEW}$`, "calendarView.list", listView),
  route("GET", `${VIEW}/(?:microsoft\\.graph\\.)?delta(?:\\(\\))?$`, "calendarView.delta", listDelta),
  route("POST", `${USER}/calendar/(?:microsoft\\.graph\\.)?getSchedule$`, "getSchedule", getSchedule),
  route("POST", "^/subscriptions$", "subscriptions.create", createSubscription),
  route("GET", "^/subscriptions$", "subscriptions.list", listSubscriptions),
  route("GET", `${SUBSCRIPTION}$`, "subscriptions.get", getSubscription),
  route("PATCH", `${SUBSCRIPTION}$`, "subscriptions.renew", renewSubscription),
  route("DELETE", `${SUBSCRIPTION}$`, "subscriptions.delete", deleteSubscription),
  route("POST", `${SUBSCRIPTION}/reauthorize$`, "subscriptions.reauthorize", reauthorizeSubscription),
];

function route(method: string, pattern: string, operation: string, handle: Route["handle"]): Route {
  return { method, pattern: new RegExp(pattern, "i"), operation, handle };
}

export function operationOf(method: string, path: string): string | undefined {
  return findRoute(method, path)?.route.operation;
}

/** One request behind its token: alone, or a part of a batch. */
export function answerRoute(call: Call): Reply {
  const { method, path } = call.request;
  spendQuota(call);
  const found = findRoute(method, path);
  if (found === undefined) return refuse(400, "BadRequest", `Resource not found for the segment of ${method} ${path}.`);
  return found.route.handle(call, found.params.map(decodePart));
}

function findRoute(method: string, path: string) {
  if (!path.toLowerCase().startsWith(`${ROOT}/`)) return undefined;
  const rest = path.slice(ROOT.length);
  return matchRoute(ROUTES, method, rest);
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return badRequest("Malformed path.", "BadRequest");
  }
}

/** Delta without a window is beta's alone (API_FACTS §3). */
function refuseTracking(): never {
  badRequest("Change tracking is not supported against 'microsoft.graph.event'.");
}
