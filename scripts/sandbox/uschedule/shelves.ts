import type { Shelf } from "../shelf.ts";
import type { World } from "../world.ts";
import type { AppointmentRow, CatalogueRow, LoginRow } from "./rows.ts";

export function appointmentsOf({ cabinet }: World): Shelf<AppointmentRow> {
  return cabinet.shelf("appointments");
}

/** Group: `locations`, `services`, `employees`, `resources`, `resourceunits` or `customers`. */
export function catalogueOf({ cabinet }: World): Shelf<CatalogueRow> {
  return cabinet.shelf("catalogue");
}

export function loginsOf({ cabinet }: World): Shelf<LoginRow> {
  return cabinet.shelf("logins");
}
