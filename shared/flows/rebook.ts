import { isError, isOurOwnFailure, LockstepError } from "../errors.ts";
import type { SourceBooking } from "../ports/booking-source.ts";
import { ABSENT } from "../ports/store.ts";
import type { Decided } from "../sync/decide.ts";
import type { Effect } from "../sync/decision.ts";
import { later, overlaps } from "../sync/time.ts";
import type { Carried } from "./carried.ts";
import {
  advance,
  advanceBooked,
  claimedUntil,
  claimOf,
  commitClaim,
  lastCallOf,
  noteGiven,
  requireClaim,
} from "./claim.ts";
import { blankMap, commitBooking, type Desk, type Place, settingsOf } from "./desk.ts";
import { type Claim, type EventMap, mapRef, type ReviewItem } from "./documents.ts";
import { logEffect, logFailure } from "./effect-log.ts";
import { hindranceOf, sourceName } from "./hindrance.ts";
import {
  findMarked,
  findWithoutMarker,
  isOver,
  newIdOf,
  type RebookDesk,
  readBooked,
  readBoth,
  sameOrder,
  standing,
  stillStands,
  takeBack,
  takesPlace,
  wasChanged,
} from "./new-booking.ts";
import { publishBookingHint } from "./publish.ts";
import { patchOf, putBack } from "./put-back.ts";
import { moveMap } from "./rekey.ts";
import { ensureReview, openReview } from "./review.ts";
import { takeTruth } from "./truth.ts";

/** What was read longer ago is read again before the booking is given up for it. */
const OLD_MS = 10_000;

type Booked = Pick<Claim, "newId" | "byPlace">;
type Move = Extract<Effect, { kind: "move-booking" }>;

export function canRebook(desk: Desk): desk is RebookDesk {
  return desk.source.moves === "rebook";
}

/**
 * Moves a booking at a source that knows no update (R4). Each step is saved before its call:
 *
 *   free? ──no──▶ put back, ask
 *     │ yes
 *   claim "book" ─▶ book ─▶ claim "verify" ─▶ read both ─▶ claim "drop" ─▶ cancel old ─▶ new map
 *                    │ taken                   │ customer or length differ: undo, put back, ask
 *                    ▼                         │ the old one was cancelled: cancel wins (S62)
 *                 put back, ask                ▼
 *                                           undo: cancel new ─▶ decide again
 *
 * Whichever of the two is cancelled, the other one was read to stand just before, or people have ended it: no move
 * may cost a guest the booking.
 */
export async function rebook(desk: RebookDesk, decided: Decided, effect: Move): Promise<Carried> {
  const old = desk.truth;
  if (old === undefined) throw new Error("a rebooking begins with a read of the booking");
  const span = effect.span ?? old.span;
  const resource = effect.resource ?? desk.place.resource;
  const dropFirst = resource === desk.place.resource && overlaps(old.span, span);
  if (dropFirst && desk.policy.overlappingMove === "ask") return putBack(desk, decided, "slot-taken");
  const hindrance = await hindranceOf(desk, resource, span, dropFirst ? old.span : undefined);
  if (hindrance !== undefined) return putBack(desk, decided, hindrance);
  const marker = `${desk.place.bookingId}-${desk.world.newId().slice(-12)}`;
  const begun = desk.world.clock.now();
  const until = claimedUntil(desk);
  const from = desk.place.resource;
  const patch = patchOf(decided);
  const claim: Claim = { marker, step: "book", begun, from, span, resource, old, dropFirst, patch, until };
  await commitClaim(desk, claim, true);
  return goOn(desk, decided, false);
}

/** Goes on with a claim whose worker died, or with this turn's own; another one that lasts, or another resource's, is left. */
export async function resumeClaim(desk: Desk, decided: Decided): Promise<Carried | "busy"> {
  if (!canRebook(desk)) throw new LockstepError("INTERNAL", { detail: "A rebooking is under way where none is made." });
  const claim = claimOf(desk);
  const isOthers = claim.until > desk.now && claim.until !== desk.claimed;
  if (isOthers || claim.from !== desk.place.resource) return "busy";
  await commitClaim(desk, { ...claim, until: claimedUntil(desk) }, true);
  const carried = await goOn(desk, decided, true);
  // What is put back rests on the booking as it was when the move began; what befell it since is looked at right away.
  if (carried.outcome === "instead") await publishBookingHint(desk.world, desk.place, "put back");
  return carried;
}

/** One step after the other, until the saga stands or is undone. */
async function goOn(desk: RebookDesk, decided: Decided, resumed: boolean): Promise<Carried> {
  const effect: Effect = { kind: "move-booking", span: claimOf(desk).span, resource: claimOf(desk).resource };
  try {
    if (resumed && claimOf(desk).step === "drop" && !claimOf(desk).dropFirst) {
      const wrong = await verifyAgain(desk, decided);
      if (wrong !== undefined) return wrong;
    }
    if (claimOf(desk).step === "book") {
      const booked = await book(desk, decided, resumed);
      if (booked !== undefined) return booked;
    }
    if (claimOf(desk).step === "verify") {
      const wrong = await verify(desk, decided);
      if (wrong !== undefined) return wrong;
    }
    if (claimOf(desk).step === "undo") return await undo(desk, decided, undefined);
    return await drop(desk, decided, effect, resumed);
  } catch (error) {
    desk.failed = { rule: decided.rule, effect: effect.kind };
    if (!isError(error, "STORE_CONFLICT")) logFailure(desk, decided, effect, error);
    if (desk.booking.claim?.given === true && !isOurOwnFailure(error)) await commitBooking(desk);
    throw error;
  }
}

/** What the old booking was read to be when this move was decided may be another story by now. */
function isOld({ world, readAt }: Desk): boolean {
  return world.clock.now() > later(readAt, OLD_MS);
}

/**
 * The old booking as it says now, which is what is booked; undefined where it is not as this move took it to be. One
 * that is over may have been given up for the new one already, after staff wrote into it.
 */
async function readOld(desk: Desk): Promise<SourceBooking | undefined> {
  const { old, dropFirst } = claimOf(desk);
  const former = (await desk.source.read([{ id: old.id, around: old.span }])).get(old.id);
  if (dropFirst && isOver(former)) return { ...old, fields: { ...old.fields, ...former?.fields } };
  return wasChanged(claimOf(desk), former) ? undefined : old;
}

/** Books the new time, never blindly: after a crash it is searched for first, and the old booking read again. */
async function book(desk: RebookDesk, decided: Decided, resumed: boolean): Promise<Carried | undefined> {
  const claim = claimOf(desk);
  const booked = resumed ? await findBooked(desk, claim) : undefined;
  if (booked !== undefined) return verifyNext(desk, booked);
  const like = resumed || isOld(desk) ? await readOld(desk) : claim.old;
  if (like === undefined) return endClaim(desk, decided);
  if (claim.dropFirst && (await oldWasCancelled(desk, resumed))) return endClaim(desk, decided);
  requireClaim(desk);
  try {
    const { id } = await desk.source.book({
      resource: sourceName(desk, claim.resource),
      span: claim.span,
      marker: claim.marker,
      like,
      before: lastCallOf(desk),
    });
    return verifyNext(desk, { newId: id });
  } catch (error) {
    if (!isError(error, "SLOT_TAKEN", "PROVIDER_REFUSED")) throw error;
    const question = error.code === "SLOT_TAKEN" ? "slot-taken" : "time-not-writable";
    return claim.dropFirst ? goBack(desk, decided, resumed) : endClaim(desk, decided, question);
  }
}

/** What an interrupted worker booked: it has our mark, or stands in its place with notes that staff wrote since. */
async function findBooked(desk: RebookDesk, claim: Claim): Promise<Booked | undefined> {
  const found = await findMarked(desk, claim);
  const rescheduled = found.find(({ status }) => status === "rescheduled");
  const booked = rescheduled ?? standing(found) ?? found[0];
  if (booked !== undefined) return { newId: booked.id };
  const ours = await findWithoutMarker(desk, claim);
  if (ours === undefined) return undefined;
  desk.along.push(openReview(reviewOf(desk, "cancelled-while-moving", takenForOurs(ours)), desk.now));
  return { newId: ours, byPlace: true };
}

/**
 * S63: the old slot is in the way of the new one. True where the guest cancelled first: then cancel wins. After an
 * interruption somebody may have ended the old booking, or the new one before its id was known, and left no trace.
 */
async function oldWasCancelled(desk: RebookDesk, resumed: boolean): Promise<boolean> {
  requireClaim(desk);
  if (claimOf(desk).given === true) {
    if (!resumed) return false;
  } else {
    const answer = await desk.source.cancel(claimOf(desk).old.id, lastCallOf(desk));
    if (answer !== "already-cancelled") noteGiven(desk);
    if (answer === "cancelled") return false;
    if (answer === "already-cancelled" && !resumed) return true;
  }
  await advance(desk, { unsure: true });
  return false;
}

/** With the old time booked again, a person is told in the same commit. */
function verifyNext(desk: Desk, booked: Booked): Promise<undefined> {
  const why = "the new time was taken or refused; the old time was booked again.";
  if (claimOf(desk).wished !== undefined) desk.along.push(openReview(reviewOf(desk, "slot-taken", why), desk.now));
  return advanceBooked(desk, { ...booked, step: "verify" });
}

function takenForOurs(id: string): string {
  return `${id} stands at its new time for the same guest, without our mark, and was taken for what its interrupted move had booked: had somebody else booked it, the guest has one booking fewer now.`;
}

/** The new time went to somebody else after the old one was given up: the old time is booked again. */
async function goBack(desk: RebookDesk, decided: Decided, resumed: boolean): Promise<Carried | undefined> {
  const { old, span, wished, patch } = claimOf(desk);
  if (wished === undefined) {
    await advance(desk, { wished: span, span: old.span, patch: { ...patch, span: old.span } });
    return book(desk, decided, resumed);
  }
  const why = "both the new and the old time were taken while it was moved: the guest has no booking now.";
  await ensureReview(desk.store, reviewOf(desk, "rebooking-failed", why), desk.now);
  return endClaim(desk, decided);
}

/** Reads both bookings: the new one must be for the same customer and length, the old one still stand. */
async function verify(desk: RebookDesk, decided: Decided): Promise<Carried | undefined> {
  const claim = claimOf(desk);
  const { old } = claim;
  const { former, booked } = await lookAtBoth(desk);
  if (!takesPlace(booked)) {
    // Whoever cancelled the new one does not want it a second time (S62): a person is asked.
    return undo(desk, decided, former, stillStands(old, former) ? "rebooking-failed" : undefined);
  }
  // Rescheduled by staff meanwhile, it is where they want it: that is its own change (S61).
  const isStaffs = claimOf(desk).bookedAs !== undefined;
  const order = claim.dropFirst ? (former ?? old) : old;
  if (!isStaffs && !sameOrder(order, booked, claim.span, sourceName(desk, claim.resource))) {
    if (!claim.dropFirst) return undo(desk, decided, former, "rebooking-failed");
    await ensureReview(desk.store, reviewOf(desk, "rebooking-failed", OTHERWISE), desk.now);
  }
  if (!claim.dropFirst && !stillStands(old, former)) return undo(desk, decided, former);
  desk.truth = booked;
  requireClaim(desk);
  return advance(desk, { step: "drop" });
}

/** Both bookings as they stand. */
async function lookAtBoth(desk: RebookDesk) {
  const both = await readBoth(desk, claimOf(desk));
  await follow(desk, both.booked);
  return both;
}

/** The claim goes along with what was booked where staff rescheduled it. */
async function follow(desk: RebookDesk, booked: SourceBooking | undefined): Promise<void> {
  const before = newIdOf(claimOf(desk));
  if (booked === undefined || booked.id === before) return;
  await advance(desk, { newId: booked.id, bookedAs: before });
}

/**
 * An interrupted worker was about to give the old booking up. Where it takes place still, that is decided anew; else
 * somebody has ended it, perhaps that worker.
 */
async function verifyAgain(desk: RebookDesk, decided: Decided): Promise<Carried | undefined> {
  const { former, booked } = await lookAtBoth(desk);
  desk.truth = booked;
  if (isOver(former)) return undefined;
  if (wasChanged(claimOf(desk), former)) return undo(desk, decided, former);
  return takesPlace(booked) ? undefined : undo(desk, decided, former, "rebooking-failed");
}

/** Gives the old booking up, and moves map and event to the new id. */
async function drop(desk: RebookDesk, decided: Decided, effect: Effect, resumed: boolean): Promise<Carried> {
  if (desk.truth?.id !== newIdOf(claimOf(desk))) desk.truth = await readBooked(desk, claimOf(desk));
  await follow(desk, desk.truth);
  desk.truth ??= outOfSight(desk, claimOf(desk));
  requireClaim(desk);
  const claim = claimOf(desk);
  const newId = newIdOf(claim);
  if (!claim.dropFirst && claim.given !== true) {
    const answer = await desk.source.cancel(claim.old.id, lastCallOf(desk));
    if (answer === "already-cancelled" && !resumed) return undo(desk, decided, undefined);
    if (answer !== "already-cancelled") noteGiven(desk);
    if (answer !== "cancelled") desk.booking = { ...desk.booking, claim: { ...claimOf(desk), unsure: true } };
  }
  if (claimOf(desk).unsure === true) desk.along.push(openReview(unsureReview(desk, newId), desk.now));
  // Whoever waited longer for that answer would rename the event beside another worker.
  requireClaim(desk, claimOf(desk).until);
  desk.done.push({ effect: "move-booking", answer: `rebooked as ${newId}` });
  await moveMap(desk, decided, claim, resumed);
  logEffect(desk, decided, effect, `rebooked as ${newId}`);
  return { outcome: "settled", decided };
}

/**
 * What was booked is gone from the source, and the old one is over, most likely given up for it: nobody has cancelled
 * anything yet. The map goes on under the new id, where the absence gathers evidence like any other's (R8).
 */
function outOfSight(desk: Desk, claim: Claim): SourceBooking {
  const resources = [sourceName(desk, claim.resource)];
  return { ...claim.old, id: newIdOf(claim), span: claim.span, resources, status: "unclear" };
}

/** Takes the new booking back. Then the old one as it is now decides again, or a person is asked. */
async function undo(
  desk: RebookDesk,
  decided: Decided,
  former: SourceBooking | undefined,
  question?: ReviewItem["kind"],
): Promise<Carried> {
  const claim = claimOf(desk);
  await commitClaim(desk, { ...claim, step: "undo" }, false);
  // After the old one was given up the new one is all that the guest has.
  if (claim.newId !== undefined && !claim.dropFirst && (await livesOn(desk, claim.newId)))
    return leaveBoth(desk, decided);
  if (former !== undefined) takeTruth(desk, former);
  return endClaim(desk, decided, question);
}

/** Cancels what was booked; true where it takes place under another id by staff, or may be a booking of their own (law 3). */
async function livesOn(desk: RebookDesk, newId: string): Promise<boolean> {
  if (await wasRescheduled(desk)) return true;
  if (claimOf(desk).byPlace === true) return takesPlace(await readBooked(desk, claimOf(desk)));
  return (await takeBack(desk, newId, lastCallOf(desk))) !== "cancelled" && wasRescheduled(desk);
}

/** Known under its next id by our marker, unless staff wrote over the notes. */
async function wasRescheduled(desk: RebookDesk): Promise<boolean> {
  if (claimOf(desk).bookedAs !== undefined) return true;
  const booked = await readBooked(desk, claimOf(desk));
  await follow(desk, booked);
  return booked?.status === "rescheduled" || claimOf(desk).bookedAs !== undefined;
}

/** Nobody but a person knows which of the two the guest comes to: both stand, and it is asked (law 3). */
async function leaveBoth(desk: RebookDesk, decided: Decided): Promise<Carried> {
  const { bookedAs, newId = "", resource } = claimOf(desk);
  const what = bookedAs === undefined ? newId : `${bookedAs} (now ${newId})`;
  const why = `${what}, booked for its move or by staff, was left alone when the move was taken back: both may take place.`;
  desk.along.push(openReview({ ...reviewOf(desk, "rebooking-failed", why), id: `both-stand~${desk.key}` }, desk.now));
  if (bookedAs !== undefined) await wakeOther(desk, { ...desk.place, resource, bookingId: newId });
  return endClaim(desk, decided, "rebooking-failed");
}

/** As long as it was this move's, nobody might give it an event: whoever looks after maps does, should the hint come too soon. */
async function wakeOther(desk: RebookDesk, place: Place): Promise<void> {
  const { calendar } = settingsOf(desk.world, place).resource;
  const map = blankMap(place, calendar, undefined);
  const ref = mapRef(map.key, map.resource);
  const data: EventMap = { ...map, dirty: true, nextAttempt: desk.now };
  if ((await desk.store.get(ref)) === undefined) desk.along.push({ kind: "put", ref, data, ifVersion: ABSENT });
  await publishBookingHint(desk.world, place, "both stand");
}

const OTHERWISE =
  "the new booking is not for the same customer or length; it stands, since the old one had to be given up first.";

/** Ids of moves that were taken back; an event bears the name of the last at most. */
const MAX_UNDONE = 5;

/** Lets go of the claim; what is true now is read again before anything else is decided. */
async function endClaim(desk: Desk, decided: Decided, question?: ReviewItem["kind"]): Promise<Carried> {
  const { claim: ended, ...booking } = desk.booking;
  // The event may bear its name already.
  const undoneIds = [...(booking.undoneIds ?? []), ...(ended?.newId === undefined ? [] : [ended.newId])].slice(
    -MAX_UNDONE,
  );
  desk.booking = undoneIds.length === 0 ? booking : { ...booking, undoneIds };
  await commitBooking(desk);
  if (question !== undefined) return putBack(desk, decided, question);
  desk.truthRead = false;
  return { outcome: "again", decided };
}

/** With the time that was wished and the time that was, so that nothing of the edit is lost. */
function reviewOf(desk: Desk, kind: ReviewItem["kind"], detail: string) {
  const { resource, bookingId } = desk.place;
  const { old, span, wished = span } = claimOf(desk);
  return {
    id: `${kind}~${desk.key}~${resource}`,
    kind,
    detail: `Booking ${bookingId} on ${resource}: ${detail}`,
    key: desk.key,
    resource,
    calendarId: desk.map.calendarId,
    eventId: desk.map.eventId,
    lost: [
      { side: "calendar" as const, field: "span" as const, value: { span: wished } },
      { side: "booking" as const, field: "span" as const, value: { span: old.span } },
    ],
  };
}

/** Taken up again after an interruption, our own cancellation and the guest's look the same: a person knows (S62). */
function unsureReview(desk: Desk, newId: string) {
  const why = `it was cancelled already when its interrupted move went on as ${newId}: had the guest ended it, cancel ${newId}.`;
  return reviewOf(desk, "cancelled-while-moving", why);
}
