import type { BadRow, SourceBooking } from "../../ports/booking-source.ts";
import { sameSpan } from "../../sync/time.ts";
import { type Reading, type ReadRow, readRow, withResources } from "./translate.ts";

/** The rows of one or more answers, each booking once. */
export interface Rows {
  readonly bookings: Map<string, SourceBooking>;
  readonly bad: Map<string, BadRow>;
}

/** Reads each row alone; rows with one id are one booking on several resources (law 10, S22). */
export function readRows(items: readonly unknown[], reading: Reading): Rows {
  const rows: Rows = { bookings: new Map(), bad: new Map() };
  for (const item of items) addRow(rows, readRow(item, reading));
  return rows;
}

function addRow(rows: Rows, row: ReadRow): void {
  if ("bad" in row) {
    rows.bad.set(row.bad.id, row.bad);
    return;
  }
  const { booking } = row;
  const known = rows.bookings.get(booking.id);
  if (known === undefined || known.hash === booking.hash) rows.bookings.set(booking.id, booking);
  else if (sameSpan(known.span, booking.span) && known.status === booking.status) {
    rows.bookings.set(booking.id, withResources(known, booking.resources));
  } else rows.bad.set(booking.id, { id: booking.id, reason: "two rows with its id differ" });
}

/** True where a row tells its resource only by number. */
export function needNames(items: readonly unknown[]): boolean {
  return items.some(
    (item) => item !== null && typeof item === "object" && !("ResourceName" in item && item.ResourceName),
  );
}

/** Joins what several calls told; days asked for twice tell the same rows twice. */
export function joinRows(parts: readonly Rows[]): Rows {
  const joined: Rows = { bookings: new Map(), bad: new Map() };
  for (const { bookings, bad } of parts) {
    for (const booking of bookings.values()) addRow(joined, { booking });
    for (const row of bad.values()) joined.bad.set(row.id, row);
  }
  for (const id of joined.bad.keys()) joined.bookings.delete(id);
  return joined;
}
