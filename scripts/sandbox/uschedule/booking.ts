import type { Temporal } from "temporal-polyfill";
import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { refuse } from "./errors.ts";
import { type Fields, namedAppointment, namedUnit, readFields, readId, readText } from "./fields.ts";
import { readLocal, showLocal } from "./local-time.ts";
import type { AppointmentRow, StatusId } from "./rows.ts";
import { catalogueOf } from "./shelves.ts";
import { holdersOf } from "./slots.ts";
import { storeAppointment } from "./webhooks.ts";

const HOLD_MS = 15 * 60_000;
const FIRST_ID = 410_000;
const DEFAULT_MINUTES = 60;
const MAX_MINUTES = 24 * 60;

/** `bookit`: live at once, or an unpaid checkout where a fault or option says so (S12). */
export function bookIt(call: Call, userName: string): Reply {
  const checkout = call.faults.has("phantom") || call.world.options().phantomCheckouts;
  const row = book(call, readFields(call), userName, checkout ? 0 : 1);
  return json(200, { Id: row.AppointmentID });
}

/** Books what `fields` ask for. Refuses with 400 what is wrong and with 409 a slot that is taken. */
export function book(call: Call, fields: Fields, userName: string, status: StatusId): AppointmentRow {
  const { world } = call;
  const unit = namedUnit(world, fields) ?? refuse(400, "A resource unit is required.");
  const service =
    catalogueOf(world).get("services", String(readId(fields.ServiceID) ?? 1)) ?? refuse(400, "Unknown service.");
  const location =
    catalogueOf(world).get("locations", String(readId(fields.LocationID) ?? 1)) ?? refuse(400, "Unknown location.");
  const times = readTimes(call, fields, Number(service.Duration ?? DEFAULT_MINUTES));
  const taken = holdersOf(world, { ResourceUnitID: unit.Id, ...times }).length > 0;
  if (taken || call.faults.has("slot-taken")) refuse(409, "The requested time is not available.");
  const row: AppointmentRow = {
    AppointmentID: FIRST_ID + world.next("appointment"),
    ResourceUnitID: unit.Id,
    LocationID: location.Id,
    ServiceID: service.Id,
    ...times,
    ...readCustomer(call, fields, userName),
    StatusID: status,
    Description: readText(fields.Notes) ?? readText(fields.Description) ?? "",
    PaymentType: String(fields.PaymentType ?? ""),
    ...(status === 0 ? { heldUntilMs: world.now() + HOLD_MS } : {}),
  };
  return storeAppointment(call, row, "appointment.created");
}

/** `cancelappointment`: refuses with 400 what is cancelled or rescheduled already. */
export function cancelAppointment(call: Call): Reply {
  const row = namedAppointment(call.world, readFields(call));
  if (row.StatusID === 9 || row.StatusID === 10) refuse(400, "The appointment is already cancelled.");
  storeAppointment(call, { ...row, StatusID: 9 }, "appointment.cancelled");
  return json(200, { Id: row.AppointmentID });
}

/** `StartTime` with `ServiceLength` minutes or `EndTime`; else the service's own length. */
export function readTimes(call: Call, fields: Fields, minutes: number): { StartTime: string; EndTime: string } {
  const { timeZone } = call.world.options();
  const start = readLocal(fields.StartTime, timeZone) ?? refuse(400, "StartTime is missing or no valid time.");
  if (fields.EndTime !== undefined && fields.ServiceLength === undefined) {
    const end = readLocal(fields.EndTime, timeZone) ?? refuse(400, "EndTime is no valid time.");
    return checkedTimes(start, end);
  }
  const length = fields.ServiceLength === undefined ? minutes : Number(fields.ServiceLength);
  if (!Number.isInteger(length) || length < 1 || length > MAX_MINUTES)
    refuse(400, "ServiceLength must be 1 to 1440 minutes.");
  return checkedTimes(start, start.add({ minutes: length }));
}

function checkedTimes(
  start: Temporal.PlainDateTime,
  end: Temporal.PlainDateTime,
): { StartTime: string; EndTime: string } {
  const times = { StartTime: showLocal(start), EndTime: showLocal(end) };
  return times.EndTime > times.StartTime ? times : refuse(400, "EndTime must be after StartTime.");
}

/** Who it is for: the customer named by id or name, else the user who is logged in. */
export function readCustomer(
  call: Call,
  fields: Fields,
  userName: string,
): Pick<AppointmentRow, "CustomerID" | "CustomerName"> {
  const customers = catalogueOf(call.world).all("customers");
  const id = readId(fields.CustomerID);
  const byId = customers.find((customer) => customer.Id === id);
  if (id !== undefined && byId === undefined) refuse(400, "Unknown customer.");
  const name = readText(fields.CustomerName) ?? byId?.Name ?? userName;
  return {
    CustomerName: name,
    CustomerID: byId?.Id ?? customers.find((customer) => customer.Name === name)?.Id ?? null,
  };
}
