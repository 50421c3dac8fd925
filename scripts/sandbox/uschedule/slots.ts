import type { World } from "../world.ts";
import type { AppointmentRow } from "./rows.ts";
import { appointmentsOf } from "./shelves.ts";

export interface Slot {
  readonly ResourceUnitID: number;
  readonly StartTime: string;
  readonly EndTime: string;
}

/** True while the appointment keeps its bay: active, tentative, or a checkout still within its hold (S12). */
export function holdsSlot(world: World, row: AppointmentRow): boolean {
  if (row.StatusID === 1 || row.StatusID === 11) return true;
  return row.StatusID === 0 && (row.heldUntilMs ?? 0) > world.now();
}

/** Appointments that keep the bay at any moment of the slot, in order. */
export function holdersOf(world: World, slot: Slot, except?: number): AppointmentRow[] {
  return appointmentsOf(world)
    .all("appointments")
    .filter((row) => row.ResourceUnitID === slot.ResourceUnitID && row.AppointmentID !== except)
    .filter((row) => row.StartTime < slot.EndTime && slot.StartTime < row.EndTime && holdsSlot(world, row))
    .sort((a, b) => (a.StartTime < b.StartTime ? -1 : 1));
}

/** The free parts of a slot, in order. */
export function freeParts(world: World, slot: Slot): Slot[] {
  const free: Slot[] = [];
  let from = slot.StartTime;
  for (const holder of holdersOf(world, slot)) {
    if (holder.StartTime > from) free.push({ ...slot, StartTime: from, EndTime: holder.StartTime });
    if (holder.EndTime > from) from = holder.EndTime;
  }
  if (from < slot.EndTime) free.push({ ...slot, StartTime: from });
  return free;
}
