import { type ErrorCode, isError, LockstepError } from "../../errors.ts";
import type { Availability, BookingRebooker, Cancellation, SourceBooking } from "../../ports/booking-source.ts";
import { type Instant, lengthMs, type Span } from "../../sync/time.ts";
import { tryJson } from "../try-json.ts";
import { openAvailability } from "./availability.ts";
import { brokenAnswer, type Failure } from "./failures.ts";
import { listDates } from "./list.ts";
import { joinNotes } from "./marker.ts";
import { asNumber, readBookings } from "./read.ts";
import { Booked } from "./schema.ts";
import { isOpen } from "./settle.ts";
import type { Studio } from "./studio.ts";
import { addDays, dateOf, readLocal, toInstants, toLocal } from "./times.ts";

type Order = Parameters<BookingRebooker["book"]>[0];

const MINUTE_MS = 60_000;
const TAKEN = /not available|no longer available|unavailable|already (?:booked|taken|reserved)|slot .*taken|conflict/i;
const ALREADY = /already/i;
const SUCCESS = /^\s*"?(?:ok|success|true)"?\s*$/i;

/** Whether all of the span is offered; impossible is what `book` would refuse. */
export async function isAvailable(
  studio: Studio,
  { resource, span }: { readonly resource: string; readonly span: Span },
): Promise<Availability> {
  if (whyImpossible(span, studio.timeZone) !== undefined) return "impossible";
  return openAvailability(studio).verdict(resource, span);
}

/** Books once: whatever goes wrong is thrown, never tried again (R4). */
export async function book(studio: Studio, order: Order): Promise<{ readonly id: string }> {
  const body = await writeOrder(studio, order);
  const answer = await studio.session
    .json({ method: "bookit", body, repeatable: false, means: isTaken, before: order.before })
    .catch((error) => {
      if (isError(error, "PROVIDER_REFUSED")) studio.catalogue.forget();
      throw error;
    });
  const booked = Booked.safeParse(answer);
  if (!booked.success || booked.data.id === undefined) throw brokenAnswer("bookit", "it names no new appointment");
  return { id: booked.data.id };
}

async function writeOrder({ catalogue, settings, timeZone }: Studio, order: Order): Promise<object> {
  const { resource, span, marker, like } = order;
  const why = whyImpossible(span, timeZone);
  if (why !== undefined || span.kind !== "timed") {
    throw new LockstepError("PROVIDER_REFUSED", { detail: `USchedule cannot book this: ${why}.` });
  }
  const { customer, customerId, notes = "", locationId, serviceId } = like.fields;
  return {
    LocationID: locationId === undefined ? await catalogue.locationId() : asNumber(locationId),
    ServiceID: serviceId === undefined ? await catalogue.serviceId() : asNumber(serviceId),
    ResourceUnitID: await catalogue.unitId(resource),
    StartTime: toLocal(span.start, timeZone),
    ServiceLength: lengthMs(span) / MINUTE_MS,
    Notes: joinNotes(notes, marker),
    PaymentType: settings.paymentType,
    ...(customer !== undefined && { CustomerName: customer }),
    ...(customerId !== undefined && { CustomerID: asNumber(customerId) }),
  };
}

/**
 * In the hour that a clock change repeats, only the first can be written without a zone. Across a clock change a length
 * may be counted by the wall: nobody says, and what was booked would be another time.
 */
function whyImpossible(span: Span, timeZone: string): string | undefined {
  if (span.kind !== "timed") return "whole days cannot be booked";
  const local = toLocal(span.start, timeZone);
  if (readLocal(local, timeZone) !== span.start) return `${local} comes twice that night`;
  const onTheWall = Date.parse(`${toLocal(span.end, timeZone)}Z`) - Date.parse(`${local}Z`);
  if (onTheWall !== lengthMs(span)) return `the clock changes between ${local} and its end`;
  const minutes = lengthMs(span) / MINUTE_MS;
  return Number.isInteger(minutes) && minutes >= 1 ? undefined : "its length is not in whole minutes";
}

function isTaken({ status, text }: Failure): ErrorCode | undefined {
  return status === 409 || (status === 400 && TAKEN.test(text)) ? "SLOT_TAKEN" : undefined;
}

/** Bookings on the days around the span that carry the marker in their notes, cancelled ones too. */
export async function findByMarker(studio: Studio, marker: string, span: Span): Promise<SourceBooking[]> {
  const { start, end } = toInstants(span, studio.timeZone);
  const first = addDays(dateOf(start, studio.timeZone), -1);
  const { rows, complete } = await listDates(studio, first, addDays(dateOf(end, studio.timeZone), 1));
  if (!complete) throw brokenAnswer("getapiappointments", "a part of the days is missing");
  const found = [...rows.bookings.values()].filter(({ fields }) => fields.marker === marker);
  const open = found.filter(isOpen).map(({ id, span: around }) => ({ id, around }));
  const truth = await readBookings(studio, open);
  return found.map((booking) => truth.get(booking.id) ?? booking);
}

/**
 * Cancels, tried again where that helps. After an attempt whose outcome is unknown, "already" may be our own doing or
 * the guest's (R4). A record that is there no more, by its own read too, was cancelled by others.
 */
export async function cancel(studio: Studio, id: string, before?: Instant): Promise<Cancellation> {
  let unsure = false;
  const means = ({ status, text }: Failure): ErrorCode | undefined => {
    if (status === undefined || status >= 500) unsure = true;
    if (status === 404) return "NOT_FOUND";
    return status !== undefined && status < 500 && ALREADY.test(text) ? "INVALID_STATE" : undefined;
  };
  try {
    const call = { method: "cancelappointment", body: { id: asNumber(id) }, repeatable: true, means, before };
    await confirmCancelled(studio, id, await studio.session.text(call));
    return "cancelled";
  } catch (error) {
    const refused = isError(error, "PROVIDER_REFUSED", "NOT_FOUND") && (await isGone(studio, id));
    if (isError(error, "NOT_FOUND") && !refused)
      throw brokenAnswer("cancelappointment", "it does not know the appointment");
    if (!refused && !isError(error, "INVALID_STATE")) throw error;
    return unsure ? "unsure" : "already-cancelled";
  }
}

/** What a success looks like is not documented: any other 200 is believed only with the record beside it. */
async function confirmCancelled(studio: Studio, id: string, text: string): Promise<void> {
  const named = Booked.safeParse(tryJson(text));
  const success = SUCCESS.test(text) || (named.success && named.data.id === id);
  if (success || (await isGone(studio, id))) return;
  throw brokenAnswer("cancelappointment", "the appointment still stands");
}

async function isGone(studio: Studio, id: string): Promise<boolean> {
  const booking = (await readBookings(studio, [{ id }])).get(id);
  return booking === undefined || booking.status === "cancelled" || booking.status === "rescheduled";
}
