import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { book, cancelAppointment, readCustomer, readTimes } from "./booking.ts";
import { refuse } from "./errors.ts";
import { type Fields, namedAppointment, namedUnit, readFields, readId, readText } from "./fields.ts";
import { type AppointmentRow, STATUS_IDS, type StatusId } from "./rows.ts";
import { appointmentsOf } from "./shelves.ts";
import { showDetails } from "./show-appointment.ts";
import { holdersOf } from "./slots.ts";
import { storeAppointment } from "./webhooks.ts";

const DESK = "Front Desk";

/** What staff do on USchedule's own screens, for which the API has no call. */
export const STAFF_ACTIONS: Readonly<Record<string, (call: Call) => Reply>> = {
  book: (call) => shown(call, book(call, readFields(call), DESK, 1)),
  checkout: (call) => shown(call, book(call, readFields(call), DESK, 0)),
  pay,
  edit,
  reschedule,
  reenable,
  cancel: cancelAppointment,
  remove,
};

/** Changes time, bay, customer, notes or status in place: the appointment keeps its id. */
function edit(call: Call): Reply {
  const fields = readFields(call);
  const row = namedAppointment(call.world, fields);
  const next = { ...changed(call, row, fields), StatusID: readStatus(fields.StatusID) ?? row.StatusID };
  keepFree(call, next, fields);
  const cancels = next.StatusID === 9 && row.StatusID !== 9;
  return shown(call, storeAppointment(call, next, cancels ? "appointment.cancelled" : "appointment.updated"));
}

/** Status 10 for the old record, a new id for the new time; nothing links the two (S07). */
function reschedule(call: Call): Reply {
  const fields = readFields(call);
  const row = namedAppointment(call.world, fields);
  if (row.StatusID === 9 || row.StatusID === 10) refuse(409, "The appointment does not take place.");
  const next = changed(call, row, fields);
  keepFree(call, next, fields);
  storeAppointment(call, { ...row, StatusID: 10 }, "appointment.updated");
  const AppointmentID = 410_000 + call.world.next("appointment");
  return shown(call, storeAppointment(call, { ...next, AppointmentID }, "appointment.created"));
}

/** A cancelled appointment takes place after all, under its old id (S06). */
function reenable(call: Call): Reply {
  const fields = readFields(call);
  const row: AppointmentRow = { ...namedAppointment(call.world, fields), StatusID: 1 };
  keepFree(call, row, fields);
  return shown(call, storeAppointment(call, row, "appointment.updated"));
}

/** An unpaid checkout is paid. */
function pay(call: Call): Reply {
  const fields = readFields(call);
  const row = namedAppointment(call.world, fields);
  if (row.StatusID !== 0) refuse(409, "The appointment is no open checkout.");
  const { heldUntilMs: _, ...rest } = row;
  keepFree(call, rest, fields);
  return shown(call, storeAppointment(call, { ...rest, StatusID: 1 }, "appointment.updated"));
}

/** The row vanishes from every answer; nobody is told. */
function remove(call: Call): Reply {
  const row = namedAppointment(call.world, readFields(call));
  appointmentsOf(call.world).remove("appointments", String(row.AppointmentID));
  return json(200, { Id: row.AppointmentID });
}

function changed(call: Call, row: AppointmentRow, fields: Fields): AppointmentRow {
  const unit = namedUnit(call.world, fields);
  const customer = fields.CustomerName === undefined && fields.CustomerID === undefined;
  return {
    ...row,
    ResourceUnitID: unit?.Id ?? row.ResourceUnitID,
    ...newTimes(call, row, fields),
    ...(customer ? {} : readCustomer(call, fields, row.CustomerName)),
    Description: readText(fields.Notes) ?? readText(fields.Description) ?? row.Description,
  };
}

/** A new start without a length keeps the old length. */
function newTimes(call: Call, row: AppointmentRow, fields: Fields): Partial<AppointmentRow> {
  const given = [fields.StartTime, fields.EndTime, fields.ServiceLength].some((value) => value !== undefined);
  if (!given) return {};
  const minutes = (Date.parse(`${row.EndTime}Z`) - Date.parse(`${row.StartTime}Z`)) / 60_000;
  return readTimes(call, { StartTime: row.StartTime, ...fields }, minutes);
}

/** Staff may overbook only when they say `force`. */
function keepFree(call: Call, row: AppointmentRow, fields: Fields): void {
  if (fields.force === true || row.StatusID === 9) return;
  if (holdersOf(call.world, row, row.AppointmentID).length > 0) refuse(409, "The requested time is not available.");
}

function readStatus(value: unknown): StatusId | undefined {
  if (value === undefined) return undefined;
  const status = readId(value);
  if (status === undefined || !STATUS_IDS.includes(status)) return refuse(400, "Unknown StatusID.");
  return status as StatusId; // one of STATUS_IDS
}

function shown(call: Call, row: AppointmentRow): Reply {
  return json(200, { Id: row.AppointmentID, ...showDetails(call, row) });
}
