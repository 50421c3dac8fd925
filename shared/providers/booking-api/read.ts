import { z } from "zod";
import { isError } from "../../errors.ts";
import type { SourceBooking, WantedBooking } from "../../ports/booking-source.ts";
import { later } from "../../sync/time.ts";
import { unreadRow } from "../unread-row.ts";
import type { Client } from "./client.ts";
import { isClosure, readClosures } from "./closures.ts";
import { brokenAnswer } from "./failures.ts";
import { listNamed } from "./list.ts";
import { parseId, type Stretch } from "./occurrences.ts";
import { readRow, readRows } from "./translate.ts";

const DAY_MS = 86_400_000;
/** Ids that one listing may name. */
const MAX_IDS = 100;

/** The truth about each: closures by their list, all else by id. */
export async function readBookings(
  client: Client,
  wanted: readonly WantedBooking[],
): Promise<ReadonlyMap<string, SourceBooking | undefined>> {
  const closures = wanted.filter(({ id }) => isClosure(id));
  const others = wanted.filter(({ id }) => !isClosure(id));
  return new Map([...(await readClosures(client, closures)), ...(await readReservations(client, others))]);
}

/** One by its id; several by one listing, and by id what the listing did not tell. */
async function readReservations(
  client: Client,
  wanted: readonly WantedBooking[],
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

async function readOne(client: Client, wanted: WantedBooking): Promise<SourceBooking | undefined> {
  try {
    const path = `/reservations/${encodeURIComponent(parseId(wanted.id).id)}`;
    const answer = await client.call({
      ...{ operation: "readReservation", method: "GET", path, answer: z.looseObject({ id: z.string() }) },
      means: ABSENT,
    });
    return bookingOf(client, answer, wanted);
  } catch (error) {
    if (isError(error, "NOT_FOUND")) return undefined;
    throw error;
  }
}

/**
 * The answer as a booking. One that cannot be read is there all the same: where it was last seen, nothing
 * is derived from it (law 10), else PROVIDER_REFUSED names the reason.
 */
function bookingOf(client: Client, answer: object, wanted: WantedBooking): SourceBooking | undefined {
  const { id, around } = wanted;
  const { original } = parseId(id);
  const what = `Booking system: reservation ${id}`;
  const rows = original === undefined ? [readRow(answer)] : readRows(answer, dayAround(original), client.timeZone);
  const [row] = rows;
  if (row !== undefined && "bad" in row) return unreadRow(what, wanted, row.bad);
  // As one it is no more: each occurrence is one from now on, and takes over or stands beside it (S07).
  if (row !== undefined && original === undefined && "recurrence" in answer)
    return around === undefined
      ? unreadRow(what, wanted, { reason: "it repeats, and its occurrences are polled" })
      : { ...row.booking, status: "rescheduled" };
  const bookings = rows.flatMap((each) => ("booking" in each ? [each.booking] : []));
  const found = bookings.find((booking) => booking.id === id);
  if (found === undefined && original === undefined) throw brokenAnswer("readReservation", "it is another reservation");
  return found;
}

/** In whatever zone it repeats. */
function dayAround(original: string): Stretch {
  const at = original.includes("T") ? original : `${original}T00:00:00.000Z`;
  return { from: later(at, -DAY_MS), to: later(at, DAY_MS) };
}
