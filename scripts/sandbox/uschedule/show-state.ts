import type { World } from "../world.ts";
import { unitName } from "./fields.ts";
import { appointmentsOf, catalogueOf } from "./shelves.ts";
import { holdsSlot } from "./slots.ts";

/** Appointments as they truly are, and the bays. */
export function showUschedule(world: World): Record<string, unknown> {
  return { appointments: showAppointments(world), units: catalogueOf(world).all("resourceunits") };
}

function showAppointments(world: World): Record<string, unknown>[] {
  return appointmentsOf(world)
    .all("appointments")
    .map((row) => ({
      ...row,
      ResourceName: unitName(world, row.ResourceUnitID),
      holdsSlot: holdsSlot(world, row),
    }));
}
