import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import type { ReservationRow } from "./rows.ts";

/** A reservation as programs see it; what is private is left out, which means withheld. */
export function showReservation(row: ReservationRow): Record<string, unknown> {
  const { id, version, kind, active, resources, start, end, updatedAt } = row;
  const { title, organiser, description, allocationId, recurrence } = row;
  return {
    ...{ id, version, kind, active, resources, start, end },
    ...(row.isPrivate ? {} : { title, description, ...(organiser === undefined ? {} : { organiser }) }),
    ...(allocationId === undefined ? {} : { allocationId }),
    ...(recurrence === undefined ? {} : { recurrence }),
    ...(row.madeWith === undefined ? {} : { madeWith: row.madeWith }),
    updatedAt,
  };
}

/** The row, or what a lagging copy still has of it. */
export function asCopied({ faults }: Call, row: ReservationRow): ReservationRow {
  return faults.has("stale") ? (row.former ?? row) : row;
}

export function replyReservation(row: ReservationRow, status = 200, headers: Record<string, string> = {}): Reply {
  return json(status, showReservation(row), { etag: `"${row.version}"`, ...headers });
}
