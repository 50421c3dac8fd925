import { matchRoute, type Route } from "../route.ts";
import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { getCalendar, getListEntry, listCalendars } from "./calendars.ts";
import { invalid, notFound, rateLimited, unauthorized } from "./errors.ts";
import { listInstances } from "./instances.ts";
import { listEvents } from "./list.ts";
import { stopChannel, watchEvents } from "./watch.ts";
import { deleteEvent, getEvent, insertEvent, moveEvent, patchEvent, updateEvent } from "./write.ts";

const EVENTS = "^/calendars/([^/]+)/events";
const EVENT = `${EVENTS}/([^/]+)`;

const ROUTES: readonly Route[] = [
  route("GET", `${EVENTS}$`, "events.list", listEvents),
  route("POST", `${EVENTS}$`, "events.insert", insertEvent),
  route("POST", `${EVENTS}/watch$`, "events.watch", watchEvents),
  route("GET", `${EVENT}$`, "events.get", getEvent),
  route("PATCH", `${EVENT}$`, "events.patch", patchEvent),
  route("PUT", `${EVENT}$`, "events.update", updateEvent),
  route("DELETE", `${EVENT}$`, "events.delete", deleteEvent),
  route("POST", `${EVENT}/move$`, "events.move", moveEvent),
  route("GET", `${EVENT}/instances$`, "events.instances", listInstances),
  route("POST", "^/channels/stop$", "channels.stop", stopChannel),
  route("GET", "^/calendars/([^/]+)$", "calendars.get", getCalendar),
  route("GET", "^/users/me/calendarList$", "calendarList.list", listCalendars),
  route("GET", "^/users/me/calendarList/([^/]+)$", "calendarList.get", getListEntry),
];

const ROOT = "/google/calendar/v3";
const TOKEN_SECONDS = 3600;

function route(method: string, pattern: string, operation: string, handle: Route["handle"]): Route {
  return { method, pattern: new RegExp(pattern), operation, handle };
}

/** What a request asks for in Google's words, e.g. `events.patch`; undefined where it is nothing. */
export function googleOperation(method: string, path: string): string | undefined {
  if (path === "/google/token") return "token";
  return findRoute(method, path)?.route.operation;
}

/** Google Calendar v3 as a function of a request; throws `Refusal` for errors of the API. */
export function answerGoogle(call: Call): Reply {
  const { method, path, headers } = call.request;
  if (path === "/google/token") return grantToken(call);
  if (!/^bearer \S+/i.test(headers.authorization ?? "")) return unauthorized("missing");
  if (call.faults.has("expire-token")) return unauthorized("expired");
  if (overQuota(call)) return rateLimited();
  const found = findRoute(method, path);
  return found === undefined ? notFound() : found.route.handle(call, found.params.map(decodePart));
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return invalid("Malformed path.");
  }
}

function findRoute(method: string, path: string) {
  if (!path.startsWith(`${ROOT}/`)) return undefined;
  const rest = path.slice(ROOT.length);
  return matchRoute(ROUTES, method, rest);
}

/** Where a service account's or a client's token comes from; every grant is accepted. */
function grantToken(call: Call): Reply {
  if (call.request.method !== "POST") return json(405, { error: "invalid_request" });
  return json(200, { access_token: `sandbox-${call.world.newId()}`, token_type: "Bearer", expires_in: TOKEN_SECONDS });
}

/** Counts calls in the minute of the clock; what Google really counts is a sliding minute. */
function overQuota(call: Call): boolean {
  const limit = call.world.options().quotaPerMinute;
  if (limit === null) return false;
  const minute = Math.floor(call.world.now() / 60_000);
  const { numbers } = call.world;
  const used = numbers.get("quota", "minute") === minute ? (numbers.get("quota", "used") ?? 0) : 0;
  numbers.put("quota", "minute", minute);
  numbers.put("quota", "used", used + 1);
  return used >= limit;
}
