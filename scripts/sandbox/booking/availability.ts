import { json, type Reply } from "../wire.ts";
import type { Call, World } from "../world.ts";
import { badRequest, refuse } from "./problems.ts";
import { readWindow } from "./reading.ts";
import { KINDS } from "./rows.ts";
import { closuresIn, inTheWay, type Plan } from "./rules.ts";
import { roomsOf } from "./shelves.ts";

interface Busy {
  readonly startMs: number;
  readonly endMs: number;
  readonly by: "reservation" | "closure";
  readonly id: string;
}

/** What stands in the way in one room, and the stretches between. The allocation a booking names is not in its way. */
export function readAvailability(call: Call): Reply {
  const { query } = call.request;
  const room = query.get("resource") ?? badRequest("resource is missing.");
  if (roomsOf(call.world).get("rooms", room) === undefined) refuse(404, "RESOURCE_UNKNOWN");
  const window = readWindow(call);
  const kind = KINDS.find((known) => known === (query.get("kind") ?? "booking")) ?? badRequest("kind is none of ours.");
  const allocationId = query.get("allocationId");
  const within = allocationId === null ? {} : { allocationId };
  const busy = busyIn(call.world, room, { ...window, ...within, kind, resources: [room] });
  return json(200, {
    resource: room,
    free: between(busy, window).map(shown),
    busy: busy.map(({ by, id, ...stretch }) => ({ ...shown(stretch), by, id })),
  });
}

function busyIn(world: World, room: string, plan: Plan): Busy[] {
  const reservations = inTheWay(world, room, plan).map(
    (row): Busy => ({ startMs: row.startMs, endMs: row.endMs, by: "reservation", id: row.id }),
  );
  const closures = closuresIn(world, room, plan).map((row): Busy => {
    return { startMs: row.startMs, endMs: row.endMs, by: "closure", id: row.id };
  });
  return [...reservations, ...closures]
    .map((each) => ({
      ...each,
      startMs: Math.max(each.startMs, plan.startMs),
      endMs: Math.min(each.endMs, plan.endMs),
    }))
    .sort((a, b) => a.startMs - b.startMs);
}

function between(busy: readonly Busy[], window: { startMs: number; endMs: number }) {
  const free: { startMs: number; endMs: number }[] = [];
  let fromMs = window.startMs;
  for (const { startMs, endMs } of busy) {
    if (startMs > fromMs) free.push({ startMs: fromMs, endMs: startMs });
    fromMs = Math.max(fromMs, endMs);
  }
  if (fromMs < window.endMs) free.push({ startMs: fromMs, endMs: window.endMs });
  return free;
}

function shown({ startMs, endMs }: { startMs: number; endMs: number }) {
  return { start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString() };
}
