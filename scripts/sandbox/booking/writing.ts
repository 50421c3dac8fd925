import { json, type Reply } from "../wire.ts";
import type { Call, World } from "../world.ts";
import { type Entry, enter } from "./books.ts";
import { NewReservation, ReservationChange, readBody } from "./order.ts";
import { badRequest, refuse } from "./problems.ts";
import { reservationNamed } from "./reading.ts";
import type { Kind, ReservationRow, Said } from "./rows.ts";
import { objectionTo, type Plan } from "./rules.ts";
import { keysOf } from "./shelves.ts";
import { replyReservation, showReservation } from "./show-reservation.ts";
import { readTimes } from "./times.ts";

const KEY_MS = 30 * 86_400_000;
const FIRST_IDS: Readonly<Record<Kind, number>> = { allocation: 1000, booking: 2000, event: 3000 };

/** Makes a reservation once per key; the same order again answers what is there. */
export function createReservation(call: Call): Reply {
  const { world, request } = call;
  const key = request.headers["idempotency-key"] ?? "";
  if (key === "" || key.length > 255) badRequest("Idempotency-Key must be 1 to 255 characters.");
  const order = readBody(call, NewReservation);
  const text = JSON.stringify(order);
  const used = keysOf(world).get("keys", key);
  if (used !== undefined && world.now() - used.usedMs <= KEY_MS) {
    if (used.order !== text) refuse(422, "KEY_REUSED");
    return created(call, reservationNamed(world, used.id), { "idempotency-replayed": "true" });
  }
  if (order.recurrence !== undefined) refuse(422, "RECURRENCE_NOT_SUPPORTED");
  if (order.kind === "allocation") refuse(422, "KIND_NOT_ALLOWED", { detail: "Allocations are given by the council." });
  const row = book(call, order, { madeWith: key });
  keysOf(world).put("keys", key, { order: text, id: row.id, usedMs: world.now() });
  return created(call, row, {});
}

function created(call: Call, row: ReservationRow, headers: Record<string, string>): Reply {
  const location = `${call.origin}/booking/v1/reservations/${row.id}`;
  return replyReservation(row, 201, { location, ...headers });
}

/** How a person or program may go past the rules. */
export interface Freedom {
  /** Beside others, in closed rooms. */
  readonly force?: boolean;
}

/** Enters a new reservation. Refuses with 409 or 422 what the rules object to. */
export function book(
  call: Call,
  order: NewReservation,
  { madeWith, isPrivate = false, ...freedom }: Freedom & { isPrivate?: boolean; madeWith?: string } = {},
): ReservationRow {
  const { world } = call;
  const made = madeWith === undefined ? {} : { madeWith };
  const said = withTimes(world, order);
  checkRules(call, { ...said, kind: order.kind }, freedom);
  const id = String(FIRST_IDS[order.kind] + world.next(`reservation-${order.kind}`));
  return enter(call, { ...said, ...made, id, kind: order.kind, active: true, isPrivate }, "created");
}

/** Changes in place under If-Match; what changes nothing keeps its version. */
export function changeReservation(call: Call, id: string): Reply {
  const version = readVersion(call);
  const row = reservationNamed(call.world, id);
  const change = readBody(call, ReservationChange);
  if (version !== row.version) refuse(412, "VERSION_CONFLICT", { currentVersion: row.version });
  if (!row.active) refuse(409, "NOT_ACTIVE");
  return replyReservation(amend(call, row, change));
}

/** The change entered; the row as it is where it says nothing new. */
export function amend(
  call: Call,
  row: ReservationRow,
  change: Partial<Said & Pick<ReservationRow, "isPrivate">>,
  freedom: Freedom = {},
): ReservationRow {
  const { version: _version, updatedAt: _at, sequence: _sequence, former: _former, ...before } = row;
  const entry: Entry = { ...before, ...withTimes(call.world, { ...before, ...change }) };
  if (JSON.stringify(entry) === JSON.stringify(before)) return row;
  if (entry.active) checkRules(call, entry, freedom);
  return enter(call, entry, "changed");
}

export function cancelReservation(call: Call, id: string): Reply {
  const row = reservationNamed(call.world, id);
  if (!row.active) return json(200, { outcome: "already-cancelled", reservation: showReservation(row) });
  return json(200, { outcome: "cancelled", reservation: showReservation(setActive(call, row, false)) });
}

export function enableReservation(call: Call, id: string): Reply {
  const row = reservationNamed(call.world, id);
  if (row.active) return json(200, { outcome: "already-active", reservation: showReservation(row) });
  return json(200, { outcome: "enabled", reservation: showReservation(setActive(call, row, true)) });
}

/** Cancels or enables. What takes place again must have its rooms. */
export function setActive(call: Call, row: ReservationRow, active: boolean, freedom: Freedom = {}): ReservationRow {
  if (active) checkRules(call, row, freedom);
  return enter(call, { ...row, active }, active ? "enabled" : "cancelled");
}

function checkRules(call: Call, plan: Plan, { force = false }: Freedom): void {
  if (call.faults.has("slot-taken")) refuse(409, "SLOT_TAKEN", { conflicts: [] });
  const objection = force ? undefined : objectionTo(call.world, plan);
  if (objection === undefined) return;
  const { status, code, ...more } = objection;
  refuse(status, code, more);
}

function withTimes<S extends Said>(world: World, said: S): S & { startMs: number; endMs: number } {
  const times = readTimes(said.start, said.end, world.options().bookingTimeZone);
  return times === undefined ? refuse(422, "TIME_NOT_ALLOWED") : { ...said, ...times };
}

function readVersion({ request }: Call): number {
  const sent = request.headers["if-match"];
  if (sent === undefined) return refuse(428, "VERSION_REQUIRED");
  const [, version] = /^"(\d{1,15})"$/.exec(sent.trim()) ?? badRequest("If-Match must be a version in quotes.");
  return Number(version);
}
