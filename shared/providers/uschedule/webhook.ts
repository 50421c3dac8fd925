import { z } from "zod";
import { LockstepError } from "../../errors.ts";
import type { WebhookNotice, WebhookReader } from "../../ports/provider.ts";
import { Appointment, Settings } from "./schema.ts";
import { readRow } from "./translate.ts";

/** USchedule itself sends none (API_FACTS §7); what stands in front of it sends a row, bare or as `data`. */
const Envelope = z.looseObject({ data: z.looseObject({}).exactOptional() });

/** Takes only where to look from the body; the worker reads the truth (R1). */
export const webhook: WebhookReader = {
  read(body, timeZone) {
    const envelope = Envelope.safeParse(body);
    if (!envelope.success) throw refuse("the body must be an object, `data` an appointment");
    const row = envelope.data.data ?? envelope.data;
    const appointment = Appointment.safeParse(row);
    const id = appointment.success ? (appointment.data.AppointmentID ?? appointment.data.Id) : undefined;
    if (id == null) throw refuse("`AppointmentID` is missing or no id");
    return notice(id, row, timeZone);
  },
};

function notice(id: string, row: object, timeZone: string): WebhookNotice {
  const read = readRow(row, { statuses: Settings.parse({}).statuses, timeZone, names: new Map() });
  if (!("booking" in read)) {
    if (tellsTimes(row) && tellsResource(row)) throw refuse(`appointment ${id}: ${read.bad.reason}`);
    return { bookingId: id, ...resourceOf(row) };
  }
  const [resource] = read.booking.resources;
  return { bookingId: id, around: read.booking.span, ...(resource !== undefined && { resource }) };
}

/** Times that are told and wrong are the sender's mistake, and named; times left out only tell less (S41). */
function tellsTimes(row: object): boolean {
  return "StartTime" in row && row.StartTime != null && "EndTime" in row && row.EndTime != null;
}

function tellsResource(row: object): boolean {
  return resourceOf(row).resource !== undefined;
}

/** The name of the room tells whose turn it is, also where nothing else does. */
function resourceOf(row: object): { resource?: string } {
  const name = "ResourceName" in row && typeof row.ResourceName === "string" ? row.ResourceName.trim() : "";
  return name === "" ? {} : { resource: name };
}

function refuse(what: string): LockstepError {
  return new LockstepError("INVALID_REQUEST", { detail: `USchedule webhook: ${what}.` });
}
