import { isRecord, parseJson } from "../wire.ts";
import type { Call, World } from "../world.ts";
import { refuse } from "./errors.ts";
import type { AppointmentRow, CatalogueRow } from "./rows.ts";
import { appointmentsOf, catalogueOf } from "./shelves.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** What was sent, in the body or in the query; the body wins. */
export function readFields({ request }: Call): Fields {
  const sent = parseJson(request.body);
  if (!isRecord(sent)) return refuse(400, "The request body is not valid JSON.");
  return { ...Object.fromEntries(request.query), ...sent };
}

/** The appointment named by `id`, `Id` or `AppointmentID`, number or digits. Refuses with 400 or 404. */
export function namedAppointment(world: World, fields: Fields): AppointmentRow {
  const id = readId(fields.AppointmentID ?? fields.Id ?? fields.id ?? fields.appointmentId);
  if (id === undefined) return refuse(400, "An appointment id is required.");
  return appointmentsOf(world).get("appointments", String(id)) ?? refuse(404, "Appointment not found.");
}

/** The bay named by `ResourceUnitID` or `ResourceName`; undefined where neither was sent. */
export function namedUnit(world: World, fields: Fields): CatalogueRow | undefined {
  const wanted = fields.ResourceUnitID ?? fields.ResourceName;
  if (wanted === undefined || wanted === null || wanted === "") return undefined;
  const units = catalogueOf(world).all("resourceunits");
  const unit = units.find(({ Id, Name }) => String(Id) === String(wanted) || Name === wanted);
  return unit ?? refuse(400, "Unknown resource unit.");
}

export function unitName(world: World, unitId: number): string {
  return catalogueOf(world).get("resourceunits", String(unitId))?.Name ?? "";
}

export function readId(value: unknown): number | undefined {
  const id = typeof value === "number" ? value : Number.parseInt(String(value ?? ""), 10);
  return Number.isSafeInteger(id) ? id : undefined;
}

/** Text as sent; undefined where none was. */
export function readText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
