import { z } from "zod";
import { isError, LockstepError } from "../../errors.ts";
import type { AsRead, BookingCreator, BookingUpdater, SourceBooking } from "../../ports/booking-source.ts";
import type { Client } from "./client.ts";
import { brokenAnswer } from "./failures.ts";
import { Cancelled, Enabled } from "./schema.ts";
import { readRow, writeSpan } from "./translate.ts";

type Change = Parameters<BookingUpdater["update"]>[0];
type Order = Parameters<BookingCreator["create"]>[0];

const Any = z.looseObject({ id: z.string() });
/** Whatever was to be changed is not there any more: read again. */
const GONE = { RESERVATION_UNKNOWN: "BOOKING_CHANGED", RESERVATION_DELETED: "BOOKING_CHANGED" } as const;

/**
 * Changes in place under If-Match. Tried again where no answer came: what the first attempt did shows
 * as another version then, and the caller reads.
 */
export async function update(client: Client, change: Change): Promise<SourceBooking> {
  const { id, as, span, resource, fields = {} } = change;
  const answer = await client.call({
    operation: "changeReservation",
    method: "PATCH",
    path: pathOf(id),
    headers: { "if-match": `"${versionOf(as)}"` },
    body: {
      ...(span === undefined ? {} : writeSpan(span, client.timeZone)),
      ...(resource === undefined ? {} : { resources: [roomOf(resource)] }),
      ...writeFields(fields),
    },
    answer: Any,
    means: GONE,
  });
  return asBooking(answer, "changeReservation");
}

export async function enable(client: Client, id: string): Promise<SourceBooking> {
  const { reservation } = await client.call({
    operation: "enableReservation",
    method: "POST",
    path: `${pathOf(id)}/enable`,
    answer: Enabled,
    means: GONE,
  });
  return asBooking(reservation, "enableReservation");
}

/** Once per key, whatever becomes of the answers. */
export async function create(client: Client, { key, kind, resource, span, fields }: Order): Promise<SourceBooking> {
  const answer = await client.call({
    operation: "createReservation",
    method: "POST",
    path: "/reservations",
    headers: { "idempotency-key": key },
    body: {
      kind,
      resources: [roomOf(resource)],
      title: "",
      ...writeSpan(span, client.timeZone),
      ...writeFields(cutFields(fields)),
    },
    answer: Any,
    means: GONE,
  });
  return asBooking(answer, "createReservation");
}

/**
 * Cancels. After an attempt whose outcome is unknown, "already" may be our own doing: it counts as ours,
 * since the other answer means that somebody else did it. What is gone was cancelled before.
 */
export async function cancel(client: Client, id: string): Promise<"cancelled" | "already-cancelled"> {
  let unsure = false;
  try {
    const { outcome } = await client.call({
      operation: "cancelReservation",
      method: "POST",
      path: `${pathOf(id)}/cancel`,
      answer: Cancelled,
      means: GONE,
      onUnsure: () => {
        unsure = true;
      },
    });
    return unsure ? "cancelled" : outcome;
  } catch (error) {
    if (isError(error, "BOOKING_CHANGED")) return "already-cancelled";
    throw error;
  }
}

/** The contract's reservations all have one. */
function versionOf(as: AsRead): number {
  if ("version" in as) return as.version;
  throw new LockstepError("INTERNAL", { detail: "A reservation is changed under its version, and none was given." });
}

function pathOf(id: string): string {
  return `/reservations/${encodeURIComponent(id)}`;
}

/** Room ids are words of the contract's alphabet: what is none cannot be a room there. */
function roomOf(name: string): string {
  if (/^[A-Za-z0-9._-]{1,64}$/.test(name)) return name;
  throw new LockstepError("UNKNOWN_RESOURCE", {
    detail: `Booking system: "${name.slice(0, 80)}" can be no room's id.`,
  });
}

/** The contract's limits; what people write on a calendar may be longer. */
const LONGEST: Readonly<Record<string, number>> = { title: 500, notes: 20_000, customer: 200 };

function cutFields(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, text]) => [name, text.slice(0, LONGEST[name]).toWellFormed()]),
  );
}

/** Title, notes and customer; the e-mail goes with its customer. Throws PROVIDER_REFUSED for any other. */
function writeFields(fields: Readonly<Record<string, string>>): object {
  const { title, notes, customer, email, ...others } = fields;
  const [other] = Object.keys(others);
  const refused = other ?? (email !== undefined && customer === undefined ? "email" : undefined);
  if (refused !== undefined) {
    throw new LockstepError("PROVIDER_REFUSED", { detail: `Booking system: the field ${refused} cannot be written.` });
  }
  const organiser = { name: customer, ...(email === undefined ? {} : { email }) };
  return {
    ...(title === undefined ? {} : { title }),
    ...(notes === undefined ? {} : { description: notes }),
    ...(customer === undefined ? {} : { organiser }),
  };
}

function asBooking(answer: unknown, operation: string): SourceBooking {
  const row = readRow(answer);
  if ("booking" in row) return row.booking;
  throw brokenAnswer(operation, row.bad.reason);
}
