import { z } from "zod";
import { LockstepError } from "../../errors.ts";
import type { WebhookNotice, WebhookReader } from "../../ports/provider.ts";
import { later, type Span } from "../../sync/time.ts";
import { Appointment, Settings } from "./schema.ts";
import { readRow } from "./translate.ts";

/** USchedule itself sends none (API_FACTS §7); what stands in front of it sends a row, bare or as `data`. */
const Envelope = z.looseObject({ data: z.looseObject({}).exactOptional() });

const OFFSET = /(Z|[+-]\d{2}:\d{2})$/i;
const DAY_MS = 86_400_000;

/** Takes only where to look from the body; the worker reads the truth (R1). */
export const webhook: WebhookReader = {
  read(body) {
    const envelope = Envelope.safeParse(body);
    if (!envelope.success) throw refuse("the body must be an object, `data` an appointment");
    const row = envelope.data.data ?? envelope.data;
    const appointment = Appointment.safeParse(row);
    const id = appointment.success ? (appointment.data.AppointmentID ?? appointment.data.Id) : undefined;
    if (id == null) throw refuse("`AppointmentID` is missing or no id");
    return notice(id, row);
  },
};

/**
 * The row is read as if the studio's wall stood at UTC: who sent it waits, and a day is enough to find the booking by, while opening a
 * zone is dear (decision 087).
 */
function notice(id: string, row: object): WebhookNotice {
  const read = readRow(row, { statuses: Settings.parse({}).statuses, timeZone: "UTC", names: new Map() });
  if (!("booking" in read)) {
    if (tellsTimes(row) && tellsResource(row)) throw refuse(`appointment ${id}: ${read.bad.reason}`);
    return { bookingId: id, ...resourceOf(row) };
  }
  const [resource] = read.booking.resources;
  const around = hasOffset(row) ? read.booking.span : daysOf(read.booking.span);
  return { bookingId: id, around, ...(resource !== undefined && { resource }) };
}

/** The studio's days, whatever its zone. */
function daysOf({ start, end }: Span): Span {
  return {
    kind: "all-day",
    start: start.slice(0, 10),
    end: later(`${end.slice(0, 10)}T00:00:00.000Z`, DAY_MS).slice(0, 10),
  };
}

/** Then its times are moments, which no zone is needed for. */
function hasOffset(row: object): boolean {
  return "StartTime" in row && typeof row.StartTime === "string" && OFFSET.test(row.StartTime.trim());
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
