import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { refuse } from "./errors.ts";
import { namedAppointment, namedUnit, readFields, readId, unitName } from "./fields.ts";
import { localNow, readDate, readLocal, showLocal } from "./local-time.ts";
import type { AppointmentRow } from "./rows.ts";
import { showDetails, showRow } from "./show-appointment.ts";
import { freeParts, type Slot } from "./slots.ts";

/** `getapiappointments`: whatever *starts* on the days from StartDate to EndDate, both included, any status. */
export function listAppointments(call: Call): Reply {
  const { StartDate, EndDate } = readFields(call);
  const from = readDate(StartDate) ?? refuse(400, "StartDate must be MM/DD/YYYY.");
  const to = readDate(EndDate) ?? refuse(400, "EndDate must be MM/DD/YYYY.");
  const behind = to.add({ days: 1 }).toString();
  const rows = byStart(call).filter((row) => row.StartTime >= from.toString() && row.StartTime < behind);
  return json(
    200,
    distort(
      call,
      rows.map((row) => showRow(call, row)),
    ),
  );
}

/** `appointments`: the logged-in user's own, from now on. */
export function ownAppointments(call: Call, userName: string): Reply {
  const { world } = call;
  const now = localNow(world.now(), world.options().timeZone);
  const own = byStart(call).filter((row) => row.CustomerName === userName && row.EndTime > now);
  return json(
    200,
    distort(
      call,
      own.map((row) => showRow(call, row)),
    ),
  );
}

export function getAppointment(call: Call): Reply {
  const row = namedAppointment(call.world, readFields(call));
  if (call.faults.value("omit") === String(row.AppointmentID)) refuse(404, "Appointment not found.");
  return json(200, showDetails(call, row));
}

/**
 * `getavailability`: the free parts of a bay (or of all) between StartTime and EndTime, or on the
 * days from StartDate to EndDate. Parts shorter than ServiceLength minutes are left out.
 */
export function getAvailability(call: Call): Reply {
  const fields = readFields(call);
  const { world } = call;
  const times = readRange(call, fields);
  const unit = namedUnit(world, fields);
  const units = unit === undefined ? world.catalogue.all("resourceunits") : [unit];
  const least = (readId(fields.ServiceLength) ?? 0) * 60_000;
  const free = units.flatMap(({ Id }) => freeParts(world, { ResourceUnitID: Id, ...times }));
  const long = free.filter((slot) => Date.parse(`${slot.EndTime}Z`) - Date.parse(`${slot.StartTime}Z`) >= least);
  if (call.faults.has("slot-taken")) return json(200, []);
  return json(
    200,
    distort(
      call,
      long.map((slot) => ({ ...slot, ResourceName: unitName(world, slot.ResourceUnitID) })),
    ),
  );
}

function readRange(call: Call, fields: Readonly<Record<string, unknown>>): Pick<Slot, "StartTime" | "EndTime"> {
  const { timeZone } = call.world.options();
  const from = readLocal(fields.StartTime, timeZone) ?? readDate(fields.StartDate)?.toPlainDateTime();
  const to = readLocal(fields.EndTime, timeZone) ?? readDate(fields.EndDate)?.toPlainDateTime().add({ days: 1 });
  if (from === undefined || to === undefined)
    return refuse(400, "StartTime and EndTime, or StartDate and EndDate, are required.");
  const range = { StartTime: showLocal(from), EndTime: showLocal(to) };
  return range.EndTime > range.StartTime ? range : refuse(400, "The end must be after the start.");
}

function byStart({ world }: Call): AppointmentRow[] {
  const order = (row: AppointmentRow) => `${row.StartTime} ${row.AppointmentID}`;
  return world.appointments.all("appointments").sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** Lists that lie, for S02, S03 and S41. */
function distort(call: Call, rows: Record<string, unknown>[]): Record<string, unknown>[] {
  if (call.faults.has("empty")) return [];
  const omitted = call.faults.value("omit");
  const half = call.faults.has("truncate") ? rows.slice(0, Math.ceil(rows.length / 2)) : rows;
  const left = half.filter((row) => String(row.AppointmentID) !== omitted);
  const bad = { AppointmentID: 999_999, ResourceName: "Bay 1\u0000", StartTime: "soon", EndTime: null, StatusID: 1 };
  return call.faults.has("bad-row") ? [...left, bad] : left;
}
