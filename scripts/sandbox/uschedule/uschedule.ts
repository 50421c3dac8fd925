import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { getAvailability } from "./availability.ts";
import { bookIt, cancelAppointment } from "./booking.ts";
import { refuse, unauthorized } from "./errors.ts";
import { readFields, readText } from "./fields.ts";
import { getAppointment, listAppointments, ownAppointments } from "./reading.ts";
import { catalogueOf, loginsOf } from "./shelves.ts";

const PATH = /^\/uschedule\/api\/loft\/([A-Za-z]+)\/?$/;
const CATALOGUES = ["locations", "services", "employees", "resources", "resourceunits"];

type Handler = (call: Call, userName: string) => Reply;

/** Methods behind the login, by the HTTP methods they take. There is no update, as in reality. */
const METHODS: Readonly<Record<string, { readonly via: readonly string[]; readonly handle: Handler }>> = {
  ...Object.fromEntries(
    CATALOGUES.map((name) => [name, { via: ["GET"], handle: (call: Call) => showCatalogue(call, name) }]),
  ),
  appointments: { via: ["GET"], handle: ownAppointments },
  getapiappointments: { via: ["POST"], handle: listAppointments },
  getappointment: { via: ["GET", "POST"], handle: getAppointment },
  getavailability: { via: ["GET", "POST"], handle: getAvailability },
  bookit: { via: ["POST"], handle: bookIt },
  cancelappointment: { via: ["POST"], handle: cancelAppointment },
};

/** The method a path names, in lower case; undefined where there is none of that name. */
export function uscheduleOperation(path: string): string | undefined {
  const name = PATH.exec(path)?.[1]?.toLowerCase();
  return name !== undefined && (name === "validateuser" || Object.hasOwn(METHODS, name)) ? name : undefined;
}

/** USchedule as a function of a request; throws `Refusal` for errors of the API. */
export function answerUschedule(call: Call): Reply {
  const { method, path, headers } = call.request;
  const operation = uscheduleOperation(path);
  if (operation === undefined) return refuse(404, "No such method.");
  if ((headers["x-us-application-key"] ?? "") === "") return unauthorized();
  if (operation === "validateuser") return validateUser(call);
  const userName = loggedIn(call);
  const entry = METHODS[operation];
  if (entry === undefined) return refuse(404, "No such method.");
  if (!entry.via.includes(method)) return refuse(405, `Use ${entry.via.join(" or ")}.`);
  return entry.handle(call, userName);
}

/** Any user with a password is let in; only faults refuse one. */
function validateUser(call: Call): Reply {
  if (call.request.method !== "POST") return refuse(405, "Use POST.");
  const fields = readFields(call);
  const userName = readText(fields.UserName) ?? "";
  if (userName === "" || (readText(fields.Password) ?? "") === "") return refuse(401, "Invalid user name or password.");
  const key = call.world.newId();
  loginsOf(call.world).put("logins", key, { userName, issuedMs: call.world.now() });
  return json(200, { AuthKey: key });
}

function loggedIn(call: Call): string {
  const { world, request } = call;
  const key = request.headers["x-us-authtoken"] ?? "";
  const login = loginsOf(world).get("logins", key);
  if (login === undefined) return unauthorized();
  const seconds = world.options().tokenSeconds;
  const expired = seconds !== null && world.now() - login.issuedMs > seconds * 1000;
  return expired ? unauthorized() : login.userName;
}

/** The token of this call is no longer known (fault `expire-token`). */
export function forgetLogin(call: Call): void {
  loginsOf(call.world).remove("logins", call.request.headers["x-us-authtoken"] ?? "");
}

function showCatalogue(call: Call, name: string): Reply {
  const rows = catalogueOf(call.world).all(name);
  return json(200, call.faults.has("empty") ? [] : rows);
}
