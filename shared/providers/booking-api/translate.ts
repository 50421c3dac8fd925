import { createHash } from "node:crypto";
import type { BadRow, SourceBooking } from "../../ports/booking-source.ts";
import type { Span } from "../../sync/time.ts";
import { occurrencesOf, type Stretch } from "./occurrences.ts";
import { Reservation, type Time } from "./schema.ts";

/** One row as what it tells, or why it cannot be read. */
export type ReadRow = { readonly booking: SourceBooking } | { readonly bad: BadRow };

const NO_ID = "(without an id)";
const FIRST_YEAR = "2000";
const LAST_YEAR = "2100";

/** How many rows one is: a recurring one is one for each occurrence that may touch the stretch. */
export function readRows(item: unknown, within: Stretch, zone: string): ReadRow[] {
  const row = readRow(item);
  if ("bad" in row) return [row];
  // Proof: readRow has read it as one.
  const { recurrence } = item as Reservation;
  if (recurrence === undefined) return [row];
  const occurrences = occurrencesOf(row.booking, recurrence, within, zone);
  if (typeof occurrences === "string") return [{ bad: { id: row.booking.id, reason: occurrences } }];
  return occurrences.map((booking) => ({ booking }));
}

/** One row, alone: what cannot be read is told with its id and reason (law 10, S41). A recurring one is its first occurrence. */
export function readRow(item: unknown): ReadRow {
  const parsed = Reservation.safeParse(item);
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join(".") ?? "";
    return { bad: { id: rowId(item), reason: `its ${at === "" ? "shape" : at} is not as the contract has it` } };
  }
  const row = parsed.data;
  const span = readSpan(row.start, row.end);
  return typeof span === "string" ? bad(row, span) : { booking: asBooking(row, span) };
}

function bad({ id, active }: Reservation, reason: string): ReadRow {
  return { bad: { id, reason, ...(active ? {} : { cancelled: true }) } };
}

function asBooking(row: Reservation, span: Span): SourceBooking {
  const { id, version, kind, active, allocationId, updatedAt, madeWith } = row;
  const resources = [...new Set(row.resources)].sort();
  const status = active ? "live" : "cancelled";
  const fields = readFields(row);
  const rule = row.recurrence === undefined ? [] : [row.recurrence];
  const times = [span.kind, span.start, span.end];
  const text = JSON.stringify([id, version, kind, status, resources, ...times, fields, ...rule]);
  const hash = createHash("sha256").update(text).digest("base64url");
  const within = allocationId === undefined ? {} : { within: allocationId };
  const modified = updatedAt === undefined ? {} : { modified: instantOf(updatedAt) };
  const made = madeWith === undefined ? {} : { madeWith };
  return { id, resources, status, span, fields, kind, version, hash, ...within, ...modified, ...made };
}

/** What the row does not say is left out: withheld is not empty (law 11). */
function readFields({ id, kind, title, organiser, description }: Reservation): Record<string, string> {
  const fields = { id, kind, title, customer: organiser?.name, email: organiser?.email, notes: description };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value.replaceAll("\u0000", "")]],
    ),
  );
}

export function readSpan(start: Time, end: Time): Span | string {
  if (start.kind === "all-day" && end.kind === "all-day") {
    return checked({ kind: "all-day", start: start.date, end: end.date });
  }
  if (start.kind !== "timed" || end.kind !== "timed") return "one of its ends is a whole day, the other is not";
  const zone = isZone(start.timeZone) ? { zone: start.timeZone } : {};
  return checked({ kind: "timed", start: instantOf(start.dateTime), end: instantOf(end.dateTime), ...zone });
}

function checked(span: Span): Span | string {
  if (span.end <= span.start) return "its end is not after its start";
  const isFarOff = span.start.slice(0, 4) < FIRST_YEAR || span.end.slice(0, 4) > LAST_YEAR;
  return isFarOff ? `it lies outside ${FIRST_YEAR} to ${LAST_YEAR}` : span;
}

function instantOf(text: string): string {
  return new Date(text).toISOString();
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export function rowId(item: unknown): string {
  if (item === null || typeof item !== "object" || !("id" in item)) return NO_ID;
  return typeof item.id === "string" && item.id !== "" ? item.id.slice(0, 100) : NO_ID;
}

/** A span as the contract writes it; `zone` is shown where the span names none. */
export function writeSpan(span: Span, zone: string): { readonly start: object; readonly end: object } {
  if (span.kind === "all-day") return { start: { date: span.start }, end: { date: span.end } };
  const timeZone = span.zone ?? zone;
  return { start: { dateTime: span.start, timeZone }, end: { dateTime: span.end, timeZone } };
}
