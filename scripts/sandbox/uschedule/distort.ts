import type { Call } from "../world.ts";

/** Lists that lie, for S02, S03 and S41. */
export function distort(call: Call, rows: Record<string, unknown>[]): Record<string, unknown>[] {
  if (call.faults.has("empty")) return [];
  const omitted = call.faults.value("omit");
  const half = call.faults.has("truncate") ? rows.slice(0, Math.ceil(rows.length / 2)) : rows;
  const left = half.filter((row) => String(row.AppointmentID) !== omitted);
  const bad = { AppointmentID: 999_999, ResourceName: "Bay 1\u0000", StartTime: "soon", EndTime: null, StatusID: 1 };
  return call.faults.has("bad-row") ? [...left, bad] : left;
}
