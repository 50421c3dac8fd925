import { json, type Reply, type SandboxRequest } from "../wire.ts";
import type { Call, World } from "../world.ts";
import { readAvailability } from "./availability.ts";
import { listChanges } from "./changes.ts";
import { problem, refuse } from "./problems.ts";
import { listClosures, listReservations, listRooms, readReservation } from "./reading.ts";
import { cancelReservation, changeReservation, createReservation, enableReservation } from "./writing.ts";

interface Operation {
  readonly name: string;
  readonly method: string;
  readonly path: RegExp;
  readonly answer: (call: Call, id: string) => Reply;
}

const ID = "([A-Za-z0-9._-]{1,64})";

/** The contract's operations by its own names. */
const OPERATIONS: readonly Operation[] = [
  operation("listResources", "GET", "resources", listRooms),
  operation("listReservations", "GET", "reservations", listReservations),
  operation("createReservation", "POST", "reservations", createReservation),
  operation("readReservation", "GET", `reservations/${ID}`, readReservation),
  operation("changeReservation", "PATCH", `reservations/${ID}`, changeReservation),
  operation("cancelReservation", "POST", `reservations/${ID}/cancel`, cancelReservation),
  operation("enableReservation", "POST", `reservations/${ID}/enable`, enableReservation),
  operation("listChanges", "GET", "changes", listChanges),
  operation("listClosures", "GET", "closures", listClosures),
  operation("readAvailability", "GET", "availability", readAvailability),
];

function operation(name: string, method: string, path: string, answer: Operation["answer"]): Operation {
  return { name, method, path: new RegExp(`^/booking/v1/${path}$`), answer };
}

/** The operation a request asks for, by its `operationId`; undefined where it is none. */
export function bookingOperation({ method, path }: SandboxRequest): string | undefined {
  return OPERATIONS.find((each) => each.method === method && each.path.test(path))?.name;
}

/** The booking system as a function of a request; throws `Refusal` for errors of the contract. */
export function answerBooking(call: Call): Reply {
  const { request, faults, world } = call;
  if (!/^Bearer .+/.test(request.headers.authorization ?? "") || faults.has("expire-token"))
    refuse(401, "UNAUTHORIZED");
  if (isOverQuota(world)) return problem(429, "RATE_LIMITED", {}, { "retry-after": "30" });
  if (faults.has("error-in-200")) return json(200, { error: { code: "INTERNAL", message: "Something went wrong." } });
  const here = OPERATIONS.filter((each) => each.path.test(request.path));
  const wanted = here.find((each) => each.method === request.method);
  if (here.length === 0) refuse(404, "NOT_FOUND");
  if (wanted === undefined) return refuse(405, "METHOD_NOT_ALLOWED");
  return wanted.answer(call, wanted.path.exec(request.path)?.[1] ?? "");
}

function isOverQuota(world: World): boolean {
  const limit = world.options().bookingCallsPerMinute;
  if (limit === null) return false;
  const minute = Math.floor(world.now() / 60_000);
  const calls =
    world.numbers.get("booking-minute", "at") === minute ? (world.numbers.get("booking-minute", "calls") ?? 0) : 0;
  world.numbers.put("booking-minute", "at", minute);
  world.numbers.put("booking-minute", "calls", calls + 1);
  return calls >= limit;
}
