import { z } from "zod";
import { isError, LockstepError } from "../../errors.ts";
import type { SourceBooking } from "../../ports/booking-source.ts";
import type { Span } from "../../sync/time.ts";
import type { Client } from "./client.ts";
import { brokenAnswer } from "./failures.ts";
import { listNamed } from "./list.ts";
import { readRow } from "./translate.ts";

/** Ids that one listing may name. */
const MAX_IDS = 100;

interface Wanted {
  readonly id: string;
  readonly around?: Span;
}

/** One by its id; several by one listing, and by id what the listing did not tell. */
export async function readBookings(
  client: Client,
  wanted: readonly Wanted[],
): Promise<ReadonlyMap<string, SourceBooking | undefined>> {
  const listed = new Map<string, SourceBooking>();
  for (let from = 0; wanted.length > 1 && from < wanted.length; from += MAX_IDS) {
    const ids = wanted.slice(from, from + MAX_IDS).map(({ id }) => id);
    for (const booking of (await listNamed(client, ids)).bookings) listed.set(booking.id, booking);
  }
  const found = new Map<string, SourceBooking | undefined>();
  for (const one of wanted) found.set(one.id, listed.get(one.id) ?? (await readOne(client, one)));
  return found;
}

/** Gone only where the system itself says so: a 404 of anything in front of it is an outage (law 2). */
const ABSENT = { RESERVATION_UNKNOWN: "NOT_FOUND", RESERVATION_DELETED: "NOT_FOUND" } as const;

async function readOne(client: Client, { id, around }: Wanted): Promise<SourceBooking | undefined> {
  try {
    const path = `/reservations/${encodeURIComponent(id)}`;
    const answer = await client.call({
      ...{ operation: "readReservation", method: "GET", path, answer: z.looseObject({ id: z.string() }) },
      means: ABSENT,
    });
    return bookingOf(answer, id, around);
  } catch (error) {
    if (isError(error, "NOT_FOUND")) return undefined;
    throw error;
  }
}

/**
 * The answer as a booking. One that cannot be read is there all the same: where it was last seen, nothing
 * is derived from it (law 10), else PROVIDER_REFUSED names the reason.
 */
function bookingOf(answer: object, id: string, around: Span | undefined): SourceBooking {
  const row = readRow(answer);
  if ("booking" in row) {
    if (row.booking.id !== id) throw brokenAnswer("readReservation", "it is another reservation");
    return row.booking;
  }
  if (around === undefined) {
    throw new LockstepError("PROVIDER_REFUSED", {
      detail: `Booking system: reservation ${id} cannot be kept in step: ${row.bad.reason}.`,
    });
  }
  const status = row.bad.cancelled === true ? "cancelled" : "unclear";
  return { id, resources: [], status, span: around, fields: {}, hash: `${status} ${row.bad.reason}` };
}
