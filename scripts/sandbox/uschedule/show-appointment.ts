import type { Call } from "../world.ts";
import { unitName } from "./fields.ts";
import type { AppointmentRow, StatusId } from "./rows.ts";

/** A row of `getapiappointments`. */
export function showRow(call: Call, row: AppointmentRow): Record<string, unknown> {
  return {
    AppointmentID: row.AppointmentID,
    ResourceName: unitName(call.world, row.ResourceUnitID),
    StartTime: row.StartTime,
    EndTime: row.EndTime,
    StatusID: shownStatus(call, row),
    CustomerName: row.CustomerName,
    Description: row.Description,
  };
}

/** What `getappointment` tells beyond the row. */
export function showDetails(call: Call, row: AppointmentRow): Record<string, unknown> {
  const { ServiceID, LocationID, ResourceUnitID, CustomerID, Description, PaymentType } = row;
  return { ...showRow(call, row), ServiceID, LocationID, ResourceUnitID, CustomerID, Notes: Description, PaymentType };
}

/** Seen in the wild: cancelled rows with status 0, identical to live ones (S11). */
function shownStatus(call: Call, row: AppointmentRow): StatusId {
  const unclear = call.faults.has("unclear-status") || call.world.options().unclearStatus;
  return unclear ? 0 : row.StatusID;
}
