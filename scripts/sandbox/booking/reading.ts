import type { Reply } from "../wire.ts";
import type { Call, World } from "../world.ts";
import { replyPage } from "./pages.ts";
import { badRequest, refuse } from "./problems.ts";
import { KINDS, type ReservationRow } from "./rows.ts";
import { meet } from "./rules.ts";
import { closuresOf, reservationsOf, roomsOf, tombstonesOf } from "./shelves.ts";
import { asCopied, replyReservation, showReservation } from "./show-reservation.ts";

const MAX_WINDOW_MS = 800 * 86_400_000;
const MAX_IDS = 100;

export interface Window {
  readonly startMs: number;
  readonly endMs: number;
}

export function listRooms(call: Call): Reply {
  return replyPage(call, roomsOf(call.world).all("rooms"), (room) => room);
}

/** What touches the window, or what is named; whatever its state. */
export function listReservations(call: Call): Reply {
  const { query } = call.request;
  const ids = query.getAll("id");
  if (ids.length > MAX_IDS) badRequest(`At most ${MAX_IDS} ids.`);
  const isAsked = ids.length > 0 ? ({ id }: ReservationRow) => ids.includes(id) : touching(readWindow(call));
  const rooms = query.getAll("resource");
  const kinds = query.getAll("kind");
  if (kinds.some((kind) => !KINDS.some((known) => known === kind))) badRequest("kind is none of ours.");
  const active = query.get("active");
  const rows = reservationsOf(call.world)
    .all("reservations")
    .map((row) => asCopied(call, row))
    .filter(isAsked)
    .filter((row) => rooms.length === 0 || row.resources.some((room) => rooms.includes(room)))
    .filter((row) => kinds.length === 0 || kinds.includes(row.kind))
    .filter((row) => active === null || String(row.active) === active);
  return replyPage(call, rows, showReservation);
}

export function readReservation(call: Call, id: string): Reply {
  if (call.faults.value("omit") === id) refuse(404, "RESERVATION_UNKNOWN");
  return replyReservation(asCopied(call, reservationNamed(call.world, id)));
}

export function listClosures(call: Call): Reply {
  const window = readWindow(call);
  const rooms = call.request.query.getAll("resource");
  const rows = closuresOf(call.world)
    .all("closures")
    .filter((closure) => meet(closure, window) && (rooms.length === 0 || rooms.includes(closure.resource)));
  return replyPage(call, rows, ({ startMs: _start, endMs: _end, ...closure }) => closure);
}

/** The reservation of that id. Refuses with 410 a deleted one, with 404 one that never was. */
export function reservationNamed(world: World, id: string): ReservationRow {
  const row = reservationsOf(world).get("reservations", id);
  if (row !== undefined) return row;
  const tombstone = tombstonesOf(world).get("reservations", id);
  if (tombstone === undefined) return refuse(404, "RESERVATION_UNKNOWN");
  return refuse(410, "RESERVATION_DELETED", { currentVersion: tombstone.version });
}

/** `from` and `to`. Refuses with 400 what is no window. */
export function readWindow({ request }: Call): Window {
  const [startMs, endMs] = [instantOf(request.query.get("from")), instantOf(request.query.get("to"))];
  if (startMs === undefined || endMs === undefined) return badRequest("from and to must be instants.");
  if (endMs <= startMs || endMs - startMs > MAX_WINDOW_MS) badRequest("to must be after from, at most 800 days.");
  return { startMs, endMs };
}

function instantOf(text: string | null): number | undefined {
  if (text === null || !/^\d{4}-\d{2}-\d{2}T.+(?:Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** A series goes on until its UNTIL; without one it touches whatever comes after its start. */
function touching(window: Window): (row: ReservationRow) => boolean {
  return (row) => {
    if (row.recurrence === undefined) return meet(row, window);
    const until = /UNTIL=(\d{4})(\d{2})(\d{2})/.exec(row.recurrence);
    const lastMs = until === null ? Number.POSITIVE_INFINITY : Date.parse(`${until.slice(1).join("-")}T23:59:59Z`);
    return meet({ startMs: row.startMs, endMs: Math.max(row.endMs, lastMs) }, window);
  };
}
