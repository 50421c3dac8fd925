import { remembered } from "../remembered.ts";
import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { distort } from "./distort.ts";
import { refuse } from "./errors.ts";
import { namedAppointment, readFields } from "./fields.ts";
import { localNow, readDate } from "./local-time.ts";
import type { AppointmentRow } from "./rows.ts";
import { appointmentsOf } from "./shelves.ts";
import { showDetails, showRow } from "./show-appointment.ts";

/** `getapiappointments`: whatever *starts* on the days from StartDate to EndDate, both included, any status. */
export function listAppointments(call: Call): Reply {
  const { StartDate, EndDate } = readFields(call);
  const from = dayOf(String(StartDate)) ?? refuse(400, "StartDate must be MM/DD/YYYY.");
  const behind = dayAfter(String(EndDate)) ?? refuse(400, "EndDate must be MM/DD/YYYY.");
  const rows = byStart(call).filter((row) => row.StartTime >= from && row.StartTime < behind);
  return json(
    200,
    distort(
      call,
      rows.map((row) => showRow(call, row)),
    ),
  );
}

/** A date, or the day after it, as times begin; undefined where it is none. */
const dayOf = remembered((date) => readDate(date)?.toString());
const dayAfter = remembered((date) => readDate(date)?.add({ days: 1 }).toString());

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

function byStart({ world }: Call): AppointmentRow[] {
  const order = (row: AppointmentRow) => `${row.StartTime} ${row.AppointmentID}`;
  return appointmentsOf(world)
    .all("appointments")
    .sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
