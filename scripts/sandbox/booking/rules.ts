import type { World } from "../world.ts";
import type { More } from "./problems.ts";
import type { ClosureRow, Kind, ReservationRow } from "./rows.ts";
import { closuresOf, reservationsOf, roomsOf } from "./shelves.ts";

/** What is to take place, new or changed. */
export interface Plan {
  /** Undefined while it is new. */
  readonly id?: string;
  readonly kind: Kind;
  readonly resources: readonly string[];
  readonly startMs: number;
  readonly endMs: number;
  readonly allocationId?: string;
}

export interface Objection extends More {
  readonly status: 409 | 422;
  readonly code: string;
}

interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * What speaks against a plan:
 *
 *   a room nobody has or uses · a closure · a booking that leaves its own allocation ......... 422
 *   something of the same kind in one of its rooms · a booking in somebody else's allocation .. 409
 *
 * Events stand beside bookings and allocations: which of them takes place is by priority, not by these books.
 */
export function objectionTo(world: World, plan: Plan): Objection | undefined {
  for (const id of plan.resources) {
    const room = roomsOf(world).get("rooms", id);
    if (room === undefined) return { status: 422, code: "UNKNOWN_RESOURCE" };
    if (!room.active) return { status: 422, code: "RESOURCE_INACTIVE" };
    if (closuresIn(world, id, plan).length > 0) return { status: 422, code: "CLOSED" };
  }
  if (plan.allocationId !== undefined && !isWithin(plan, allocationOf(world, plan.allocationId))) {
    return { status: 422, code: "OUTSIDE_ALLOCATION" };
  }
  const conflicts = plan.resources.flatMap((resource) =>
    inTheWay(world, resource, plan).map(({ id }) => ({ id, resource })),
  );
  return conflicts.length === 0 ? undefined : { status: 409, code: "SLOT_TAKEN", conflicts };
}

/** Closures of a room that meet the stretch. */
export function closuresIn(world: World, room: string, stretch: Stretch): ClosureRow[] {
  return closuresOf(world)
    .all("closures")
    .filter((closure) => closure.resource === room && meet(closure, stretch));
}

/** Active reservations of a room that a plan of that kind cannot stand beside, in order. */
export function inTheWay(world: World, room: string, plan: Plan): ReservationRow[] {
  return reservationsOf(world)
    .all("reservations")
    .filter((row) => row.active && row.id !== plan.id && row.resources.includes(room) && meet(row, plan))
    .filter((row) => excludes(row, plan))
    .sort((a, b) => a.startMs - b.startMs);
}

function excludes(row: ReservationRow, plan: Plan): boolean {
  if (row.kind === plan.kind) return true;
  if (row.kind === "allocation" && plan.kind === "booking") return plan.allocationId !== row.id;
  if (row.kind === "booking" && plan.kind === "allocation") return row.allocationId !== plan.id;
  return false;
}

function allocationOf(world: World, id: string): ReservationRow | undefined {
  const row = reservationsOf(world).get("reservations", id);
  return row?.kind === "allocation" && row.active ? row : undefined;
}

function isWithin(plan: Plan, allocation: ReservationRow | undefined): boolean {
  if (allocation === undefined || plan.kind !== "booking") return false;
  if (plan.startMs < allocation.startMs || plan.endMs > allocation.endMs) return false;
  return plan.resources.every((room) => allocation.resources.includes(room));
}

export function meet(a: Stretch, b: Stretch): boolean {
  return a.startMs < b.endMs && b.startMs < a.endMs;
}
