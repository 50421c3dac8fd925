import { createHash } from "node:crypto";
import type { BadRow, SourceBooking, SourceStatus } from "../../ports/booking-source.ts";
import { later, type Span } from "../../sync/time.ts";
import { splitNotes } from "./marker.ts";
import { Appointment, type Settings } from "./schema.ts";
import { readLocal } from "./times.ts";

/** What is needed to read a row beside the row itself. */
export interface Reading {
  readonly statuses: Settings["statuses"];
  /** The studio's zone; USchedule's times have none. */
  readonly timeZone: string;
  /** Names by ResourceUnitID, for rows that carry only the number. */
  readonly names: ReadonlyMap<string, string>;
}

export type ReadRow = { readonly booking: SourceBooking } | { readonly bad: BadRow };

const NO_ID = "(without an id)";
const MINUTE_MS = 60_000;
const FIRST_YEAR = "2000";
const LAST_YEAR = "2100";

/** One row, alone: what cannot be read is told with its id and reason (law 10, S41). */
export function readRow(item: unknown, reading: Reading): ReadRow {
  const parsed = Appointment.safeParse(item);
  if (!parsed.success) return bad(idWithin(item), "it is not shaped like an appointment");
  const row = parsed.data;
  const id = row.AppointmentID ?? row.Id;
  if (id == null) return bad(NO_ID, "it has no id");
  const status = readStatus(row.StatusID, reading.statuses);
  const span = readSpan(row, reading.timeZone);
  if (typeof span === "string") return bad(id, span, status);
  const resource = readResource(row, reading.names);
  if (resource === undefined) return bad(id, "it names no resource", status);
  return { booking: sealBooking({ id, resources: [resource], status, span, fields: readFields(id, row) }) };
}

/** The booking with another status, and the hash that belongs to it. */
export function withStatus(booking: SourceBooking, status: SourceStatus): SourceBooking {
  return booking.status === status ? booking : sealBooking({ ...booking, status });
}

/** One booking on several resources comes as several rows with one id (S22). */
export function withResources(booking: SourceBooking, more: readonly string[]): SourceBooking {
  return sealBooking({ ...booking, resources: [...new Set([...booking.resources, ...more])].sort() });
}

/**
 * The booking with its hash. `unclear` and `pending` are one in it: a listing cannot tell them apart,
 * a reading can, and both must give the same hash for the same state. Ids for booking anew are not in
 * it either, since only a record by id carries them.
 */
export function sealBooking(seen: Omit<SourceBooking, "hash">): SourceBooking {
  const { id, resources, status, span, fields } = seen;
  const state = status === "unclear" || status === "pending" ? "open" : status;
  const { customer, notes, marker } = fields;
  const text = JSON.stringify([id, resources, state, span.kind, span.start, span.end, customer, notes, marker]);
  return { id, resources, status, span, fields, hash: createHash("sha256").update(text).digest("base64url") };
}

function bad(id: string, reason: string, status?: SourceStatus): ReadRow {
  return { bad: { id, reason, ...(status === "cancelled" ? { cancelled: true } : {}) } };
}

function idWithin(item: unknown): string {
  if (item === null || typeof item !== "object") return NO_ID;
  const id = "AppointmentID" in item ? item.AppointmentID : "Id" in item ? item.Id : undefined;
  return typeof id === "string" || typeof id === "number" ? String(id).slice(0, 100) : NO_ID;
}

/** A number not in the settings tells nothing: 0 stands for live and cancelled alike (S11). */
function readStatus(status: number | null | undefined, statuses: Settings["statuses"]): SourceStatus {
  if (status == null) return "unclear";
  const kinds = ["live", "pending", "cancelled", "rescheduled"] as const;
  return kinds.find((kind) => statuses[kind].includes(status)) ?? "unclear";
}

function readSpan(row: Appointment, zone: string): Span | string {
  const start = row.StartTime == null ? undefined : readLocal(row.StartTime, zone);
  if (start === undefined) return "its start is no time";
  const end = readEnd(row, start, zone);
  if (end === undefined) return "its end is no time";
  if (start.slice(0, 4) < FIRST_YEAR || end.slice(0, 4) > LAST_YEAR || start.length !== 24 || end.length !== 24) {
    return `it lies outside ${FIRST_YEAR} to ${LAST_YEAR}`;
  }
  if (end <= start) return "its end is not after its start";
  return { kind: "timed", start, end, zone };
}

function readEnd(row: Appointment, start: string, zone: string): string | undefined {
  if (row.EndTime != null) return readLocal(row.EndTime, zone);
  return row.ServiceLength == null ? undefined : later(start, row.ServiceLength * MINUTE_MS);
}

function readResource(row: Appointment, names: ReadonlyMap<string, string>): string | undefined {
  const named = clean(row.ResourceName)?.trim();
  if (named) return named;
  return row.ResourceUnitID == null ? undefined : names.get(row.ResourceUnitID);
}

/** What the row does not say is left out (law 11). */
function readFields(id: string, row: Appointment): Record<string, string> {
  const text = clean(row.Notes ?? row.Note ?? row.Description);
  const { notes, marker } = text === undefined ? {} : splitNotes(text);
  const fields = {
    id,
    customer: clean(row.CustomerName),
    notes,
    marker,
    customerId: row.CustomerID ?? undefined,
    serviceId: row.ServiceID ?? undefined,
    locationId: row.LocationID ?? undefined,
  };
  return Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value == null ? [] : [[name, value]])));
}

function clean(text: string | null | undefined): string | undefined {
  return text == null ? undefined : text.replaceAll("\u0000", "");
}
