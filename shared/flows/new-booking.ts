import { isDeepStrictEqual } from "node:util";
import { LockstepError } from "../errors.ts";
import type { Cancellation, RebookingSource, SourceBooking } from "../ports/booking-source.ts";
import { type Instant, lengthMs, type Span, sameSpan } from "../sync/time.ts";
import { isAlike } from "./alike.ts";
import type { Desk } from "./desk.ts";
import { type BookingDoc, bookingKey, bookingRef, type Claim } from "./documents.ts";
import { resourcesNamed } from "./resources.ts";
import { windowOf } from "./window.ts";

/** A desk over a source where a move is a new booking. */
export interface RebookDesk extends Desk {
  readonly source: RebookingSource;
}

export function newIdOf(claim: Claim): string {
  if (claim.newId === undefined) throw new LockstepError("INTERNAL", { detail: "A rebooking lost its new id." });
  return claim.newId;
}

/** The booking that this one was booked for by a move, whatever became of that. */
export function bookedFor({ fields }: Pick<SourceBooking, "fields">): string | undefined {
  const marker = fields["marker"];
  return marker?.slice(0, marker.lastIndexOf("-"));
}

/** Staff may have moved what an interrupted worker booked: it is looked for wherever bookings are looked at. */
function anywhere({ workspace, now }: Desk, { span }: Claim): Span {
  const { from, to } = windowOf(workspace, now);
  const [start, end] = instantsOf(span);
  return { kind: "timed", start: start < from ? start : from, end: end > to ? end : to };
}

function instantsOf(span: Span): readonly [Instant, Instant] {
  return span.kind === "timed" ? [span.start, span.end] : [`${span.start}T00:00:00.000Z`, `${span.end}T00:00:00.000Z`];
}

/** The old and the new booking as they are now, by the cheapest calls that tell of both. */
export async function readBoth(desk: RebookDesk, claim: Claim) {
  const { old, span } = claim;
  const id = newIdOf(claim);
  const both = await desk.source.read([
    { id: old.id, around: old.span },
    { id, around: span },
  ]);
  const read = both.get(id);
  return { former: both.get(old.id), booked: takesPlace(read) ? read : await readBooked(desk, claim) };
}

/**
 * What was booked for this move, under the id that it lives on as (S07). One answer that knows nothing of it may lie, and
 * much hangs on it: only where a list lacks it too is it gone (law 2).
 */
export async function readBooked(desk: RebookDesk, claim: Claim): Promise<SourceBooking | undefined> {
  const id = newIdOf(claim);
  const read = (await desk.source.read([{ id, around: claim.span }])).get(id);
  const next = takesPlace(read) ? read : await readNext(desk, id);
  if (next !== undefined || read?.status === "cancelled") return next ?? read;
  const listed = await desk.source.findByMarker(claim.marker, anywhere(desk, claim));
  return standing(listed) ?? read ?? listed.find((booking) => booking.id === id);
}

/** Moves of what was booked for a move, one after the other, while that was interrupted. */
const MAX_MOVES = 10;

/**
 * Staff wrote over its notes, so that it was taken for a booking of its own, and was moved as one since. While such a move
 * is under way nobody can tell what takes place: this one waits.
 */
async function readNext(desk: RebookDesk, id: string): Promise<SourceBooking | undefined> {
  const { store, source } = desk;
  let doc = await docOf(desk, id);
  for (let moves = 0; moves < MAX_MOVES && doc?.supersededBy !== undefined; moves++)
    doc = (await store.get<BookingDoc>(bookingRef(doc.supersededBy)))?.data;
  if (doc === undefined) return undefined;
  requireUnclaimed(doc);
  if (doc.bookingId === id) return undefined;
  const { bookingId } = doc;
  const next = (await source.read([{ id: bookingId, ...(doc.seen && { around: doc.seen.span }) }])).get(bookingId);
  return takesPlace(next) ? next : undefined;
}

async function docOf({ store, place }: RebookDesk, id: string): Promise<BookingDoc | undefined> {
  return (await store.get<BookingDoc>(bookingRef(bookingKey(place.source, id))))?.data;
}

/** Takes back what was booked, unless it is being moved by itself: then the turn begins anew. */
export async function takeBack(desk: RebookDesk, id: string, before: Instant): Promise<Cancellation> {
  const doc = await docOf(desk, id);
  if (doc !== undefined) requireUnclaimed(doc);
  return desk.source.cancel(id, before);
}

/**
 * All that bears this move's marker, wherever staff have put it. A list may lack a row, and a second booking may hang
 * on it: that there is nothing is believed the second time.
 */
export async function findMarked(desk: RebookDesk, claim: Claim): Promise<readonly SourceBooking[]> {
  const search = () => desk.source.findByMarker(claim.marker, anywhere(desk, claim));
  const found = await search();
  return found.length > 0 ? found : search();
}

/** Throws STORE_CONFLICT where this booking is being moved by itself: the turn begins anew. */
export function requireUnclaimed({ claim, bookingId }: BookingDoc): void {
  if (claim === undefined) return;
  throw new LockstepError("STORE_CONFLICT", { detail: `Booking ${bookingId} is being moved by itself.` });
}

/** Of all that bears a move's marker, what takes place. */
export function standing(marked: readonly SourceBooking[]): SourceBooking | undefined {
  return marked.find(takesPlace);
}

export function takesPlace(booking: SourceBooking | undefined): booking is SourceBooking {
  return booking !== undefined && booking.status !== "cancelled" && booking.status !== "rescheduled";
}

/**
 * Staff may write over the notes that carry our marker: what stands in the very slot that was free when this move
 * began, for the same guest, and was never seen before, is what an interrupted worker booked. Answers its id.
 */
export async function findWithoutMarker(desk: RebookDesk, claim: Claim): Promise<string | undefined> {
  const [from, to] = instantsOf(claim.span);
  const { bookings } = await desk.source.list({ from, to });
  const wanted = { ...claim.old, span: claim.span };
  for (const booking of bookings) {
    if (!isInItsPlace(desk, claim, booking)) continue;
    const known = await docOf(desk, booking.id);
    // Taken for a booking of its own, it was moved as one since: there it is found again.
    if (booking.status === "cancelled" && known?.supersededBy === undefined) continue;
    if (booking.fields["marker"] === claim.marker) return booking.id;
    if (isAlike(wanted, booking) && (known === undefined || known.firstSeen >= claim.begun)) return booking.id;
  }
  return undefined;
}

function isInItsPlace({ workspace, place }: Desk, { resource, span }: Claim, booking: SourceBooking): boolean {
  return resourcesNamed(workspace, place.source, booking.resources).includes(resource) && sameSpan(booking.span, span);
}

/** Nobody changed the old booking meanwhile: neither when, nor where, nor for whom. */
export function stillStands(old: SourceBooking, former: SourceBooking | undefined): boolean {
  if (!takesPlace(former)) return false;
  const isElsewhere = former.resources.length > 0 && !isDeepStrictEqual(former.resources, old.resources);
  // What one of the two reads did not say is unknown, and differs from nothing.
  const differs = Object.entries(old.fields).some(([name, value]) => (former.fields[name] ?? value) !== value);
  return !isElsewhere && !differs && sameSpan(former.span, old.span);
}

/** The guest or staff have ended it, or we have. */
export function isOver(former: SourceBooking | undefined): boolean {
  return former === undefined || former.status === "cancelled";
}

/**
 * The old booking still takes place, but not as it was when this move began, or lives on where staff put it (S61):
 * then it is not given up, nor booked a second time. Nor where it was given up and somebody has taken it back.
 */
export function wasChanged({ old, given }: Claim, former: SourceBooking | undefined): boolean {
  return given === true || !stillStands(old, former);
}

/** Customer, room and length must match where the source says them. */
export function sameOrder(old: SourceBooking, booked: SourceBooking, span: Span, resource: string): boolean {
  if (booked.resources.length > 0 && !booked.resources.includes(resource)) return false;
  const customer = old.fields["customer"];
  const bookedFor = booked.fields["customer"];
  if (customer !== undefined && bookedFor !== undefined && bookedFor !== "" && customer !== bookedFor) return false;
  return lengthMs(booked.span) === lengthMs(span);
}
