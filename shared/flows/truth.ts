import { LockstepError } from "../errors.ts";
import type { SourceBooking } from "../ports/booking-source.ts";
import { differingFields } from "../sync/content.ts";
import type { Base } from "../sync/event-map.ts";
import { sameSpan } from "../sync/time.ts";
import { contentOf, type Desk } from "./desk.ts";
import { type BookingDoc, type Seen, type SnapshotDoc, snapshotRef } from "./documents.ts";
import { resourcesNamed } from "./resources.ts";
import { stayKeys } from "./stay-keys.ts";

/**
 * Reads the booking from its source: the truth, whatever the message said (R1). An answer older than what
 * was seen or announced comes from a lagging copy: it is no truth, and thrown as PROVIDER_UNAVAILABLE (S58).
 */
export async function readTruth(desk: Desk, around?: Seen["span"], announced = 0): Promise<void> {
  const { bookingId } = desk.place;
  const span = desk.booking.seen?.span ?? around;
  const read = await desk.source.read([span === undefined ? { id: bookingId } : { id: bookingId, around: span }]);
  const truth = read.get(bookingId);
  const known = Math.max(announced, desk.booking.seen?.version ?? 0);
  if (truth?.version !== undefined && truth.version < known) {
    throw new LockstepError("PROVIDER_UNAVAILABLE", {
      detail: `${desk.place.source} answered version ${truth.version} of booking ${bookingId}, though version ${known} is known.`,
      provider: "stale answer",
    });
  }
  takeTruth(desk, truth);
  recoverMove(desk);
  if (truth === undefined) await takeEvidence(desk);
}

/** A crash after a move in place leaves the booking ahead of the base: its time is what the event said then (R2). */
function recoverMove(desk: Desk): void {
  const { base, moving, ...map } = desk.map;
  if (base === undefined || moving === undefined || desk.truth === undefined) return;
  const { span } = desk.truth;
  if (!sameSpan(span, moving)) return;
  const agreed: Base = { ...base, booking: { ...base.booking, span }, event: { ...base.event, span: moving } };
  desk.map = { ...map, base: agreed };
}

/** The poller tells of its evidence once; a turn that was broken off over it finds it where it is kept (R8). */
async function takeEvidence(desk: Desk): Promise<void> {
  const { seen } = desk.booking;
  if (seen === undefined || seen.missing === true) return;
  const snapshot = await desk.store.get<SnapshotDoc>(snapshotRef(desk.place.source));
  if (snapshot?.data.entries[desk.place.bookingId]?.reported !== true) return;
  desk.booking = { ...desk.booking, seen: { ...seen, missing: true } };
}

/** Takes over what a read gave. An absent record keeps what was last known of it. */
export function takeTruth(desk: Desk, truth: SourceBooking | undefined): void {
  desk.truth = truth;
  desk.truthRead = true;
  desk.readAt = desk.world.clock.now();
  const { booking } = desk;
  if (truth === undefined && booking.seen === undefined) return;
  const seen = truth === undefined ? absentAs(booking) : seenAs(truth);
  if (seen === undefined) return;
  const named = truth === undefined ? [] : resourcesNamed(desk.workspace, desk.place.source, truth.resources);
  const resources = truth === undefined || truth.resources.length === 0 ? booking.resources : named;
  const readAt = desk.now;
  const before = contentOf(desk);
  const { code: _code, checkIn: _checkIn, checkOut: _checkOut, ...known } = booking;
  desk.booking = {
    ...known,
    ...stayKeys(seen, booking.enrichment),
    seen,
    resources,
    readAt,
    statusSince: booking.seen?.status === seen.status ? booking.statusSince : desk.now,
    ...(truth === undefined ? {} : { hash: truth.hash }),
  };
  const after = contentOf(desk);
  if (before !== undefined && after !== undefined && differingFields(before, after).length > 0) {
    desk.booking = { ...desk.booking, changed: { after: booking.readAt ?? booking.firstSeen, before: desk.now } };
  }
}

function seenAs(truth: SourceBooking): Seen {
  const { id: _id, resources: _resources, hash: _hash, madeWith: _key, ...rest } = truth;
  const { successor: _next, predecessor: _former, ...seen } = rest;
  return seen;
}

function absentAs(booking: BookingDoc): Seen | undefined {
  return booking.seen === undefined ? undefined : { ...booking.seen, status: "absent" };
}
