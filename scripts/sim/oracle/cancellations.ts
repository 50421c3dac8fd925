import type { Change } from "../chronicle.ts";
import type { BookingFacts, EventFacts } from "../sides/side.ts";
import { type Evidence, isLive, ownEvents, storiesOf, tellBooking, tellEvent } from "./evidence.ts";
import { mayGiveWay } from "./rooms.ts";

/** Laws 2, 3 and 6: no booking is cancelled, and no event of a live booking removed, without a cause that people gave. */
export function checkCancellations(evidence: Evidence): string[] {
  const { chronicle } = evidence;
  const complaints: string[] = [];
  const own = ownEvents(evidence);
  for (const story of storiesOf(evidence)) {
    const ids = new Set(story.ids);
    const bookings = chronicle.bookings.filter(({ before, after }) => ids.has((after ?? before)?.id ?? ""));
    const events = chronicle.events.filter(
      ({ before, after }) =>
        own.has((after ?? before)?.id ?? "") && (ids.has(before?.names ?? "") || ids.has(after?.names ?? "")),
    );
    for (const change of bookings) {
      if (change.actor === "lockstep" && isLive(change.before) && !isLive(change.after)) {
        complaints.push(...checkCancelled(evidence, change, bookings, events));
      }
    }
    for (const change of events) {
      if (change.actor === "lockstep" && isLive(change.before) && change.after?.state === "deleted") {
        complaints.push(...checkRemoved(evidence, change));
      }
    }
  }
  return complaints;
}

/** A booking may be cancelled for a deleted event, to move it, or to take back what Lockstep booked itself. */
function checkCancelled(
  evidence: Evidence,
  change: Change<BookingFacts>,
  bookings: readonly Change<BookingFacts>[],
  events: readonly Change<EventFacts>[],
): string[] {
  const { policy } = evidence;
  const booking = change.before;
  if (booking === undefined) return [];
  const before = ({ n }: { readonly n: number }) => n < change.n;
  const byPeople = events.filter((each) => each.actor === "person" && before(each));
  const deleted = byPeople.some(
    (each) =>
      each.by === "delete" && isLive(each.before) && !isLive(each.after) && !wasTakenOutAgain(byPeople, each, change),
  );
  const edited = byPeople.some((each) => isLive(each.after));
  if (deleted && policy.calendarDeletion === "cancel") return [];
  // What a rejected or undone hold puts back is booked again, and a deletion approved by a person is one.
  const isAccounted = movedOn(change, bookings) || wasReEnabled(change, bookings) || wasAsked(evidence, booking);
  if (isTakenBack(evidence, change, bookings) || (edited && isAccounted)) return [];
  if (movedOn(change, bookings) && wasTakenForSuccessor(evidence, booking, change.n)) return [];
  return [`${tellBooking(booking)} was cancelled by Lockstep (${change.by}) and nobody had asked for it`];
}

/**
 * Lockstep booked it for a move, whatever staff have written over its notes since. It may take it back while the booking
 * it was to follow takes place, or was ended by people; having given that one up itself, only where a person is asked.
 */
function isTakenBack(
  evidence: Evidence,
  { n, before }: Change<BookingFacts>,
  bookings: readonly Change<BookingFacts>[],
): boolean {
  const made = bookings.find((each) => each.before === undefined && each.after?.id === before?.id);
  const followed = bookings.findLast((each) => each.n < n && (each.after ?? each.before)?.id === made?.after?.former);
  if (made?.actor !== "lockstep" || followed === undefined) return false;
  const booking = followed.after ?? followed.before;
  return (
    isLive(followed.after) || followed.actor === "person" || (booking !== undefined && wasAsked(evidence, booking))
  );
}

/** The booking lives on, or did, under an id that names it. */
function movedOn({ before }: Change<BookingFacts>, bookings: readonly Change<BookingFacts>[]): boolean {
  return bookings.some(({ after }) => after?.former === before?.id);
}

/** The next poll, and its listing. */
const LISTED_MS = 150_000;

/**
 * Staff rescheduled a booking, and what it lived on as was gone before anybody could list it: the one new booking of the
 * same guest and length was taken for that, and went where people had put the event.
 */
export function wasTakenForSuccessor({ chronicle }: Evidence, booking: BookingFacts, n: number): boolean {
  const lengthOf = ({ start, end }: BookingFacts) => Date.parse(end) - Date.parse(start);
  return chronicle.bookings.some(({ n: at, at: since, before, after }) => {
    if (before === undefined || after?.state !== "rescheduled" || at > n) return false;
    const next = chronicle.bookings.find((each) => each.n === at && each.before === undefined)?.after;
    const isGone = chronicle.bookings.some(
      (each) => each.n < n && each.at - since < LISTED_MS && each.before?.id === next?.id && each.after === undefined,
    );
    const isEdited = chronicle.events.some(
      (each) => each.n < n && each.actor === "person" && isLive(each.after) && each.after?.names === before.id,
    );
    const isAlike = before.title === booking.title && lengthOf(before) === lengthOf(booking);
    return isGone && isEdited && isAlike;
  });
}

/** Whoever was held up so long looks again before it cancels; a call takes its time. */
const LOOKED_AGAIN_MS = 90_000;

/** Taken back from the bin where it was deleted, and long enough before the cancellation that it had to be seen. */
function wasTakenOutAgain(
  byPeople: readonly Change<EventFacts>[],
  deletion: Change<EventFacts>,
  { at }: Change<BookingFacts>,
): boolean {
  return byPeople.some(
    (each) =>
      each.n > deletion.n &&
      each.by === "recreate" &&
      each.after?.id === deletion.before?.id &&
      each.after?.calendar === deletion.before?.calendar &&
      isLive(each.after) &&
      at - each.at > LOOKED_AGAIN_MS,
  );
}

/**
 * Given up first, since the new time overlaps its own, it was taken back by staff before the new one could be booked:
 * what they want stands.
 */
function wasReEnabled({ n, before }: Change<BookingFacts>, bookings: readonly Change<BookingFacts>[]): boolean {
  const next = bookings.find((each) => each.n > n && each.after?.id === before?.id);
  return next?.actor === "person" && isLive(next.after);
}

/** That a move failed, or that staff's own booking of the same guest at the new time may have been taken for it. */
export function wasAsked({ shown }: Evidence, booking: BookingFacts): boolean {
  return (shown.reviews.get(booking.id) ?? []).some(({ kind }) =>
    ["rebooking-failed", "cancelled-while-moving"].includes(kind),
  );
}

/** A replacement waits for the next sweep at most, and for one more where that failed. */
const REPLACED_MS = 1_200_000;

/** An event goes where its booking is not live on that resource, or where another event shows it. */
function checkRemoved(evidence: Evidence, change: Change<EventFacts>): string[] {
  const { chronicle, calendarOf, policy } = evidence;
  const event = change.before;
  if (event === undefined) return [];
  const others = liveNaming(evidence, event.names ?? "", change.n).filter(
    (each) => each.id !== event.id && !each.isFree,
  );
  if (others.length > 0) return [];
  const booking = bookingAt(evidence, event.names ?? "", change.n);
  const gone = booking === "vanished" ? vanishing(evidence, event.names ?? "") : undefined;
  if (gone?.before !== undefined) {
    // It had left this calendar before it went.
    if (calendarOf[gone.before.resource] !== event.calendar) return [];
    const least = (policy.absentListings - 1) * 60_000;
    return change.at - gone.at >= least
      ? []
      : [
          `${tellEvent(event)} went ${(change.at - gone.at) / 1000} s after its booking vanished, too soon for evidence`,
        ];
  }
  if (booking === undefined || booking === "vanished" || !isLive(booking)) return [];
  if (calendarOf[booking.resource] !== event.calendar) return [];
  // Read a moment before staff took the cancellation back: the call was on its way already.
  const recent = chronicle.bookings.some(
    ({ actor, after, at, n }) =>
      actor === "person" && after?.id === booking.id && n < change.n && change.at - at < 20_000,
  );
  // On the calendar that it was moved to by hand: another event takes its place, made anew or marked as cancelled until then.
  const taking = [...madeSoonAfter(change, chronicle.events), ...blockedSoonAfter(change, chronicle.events)];
  const replaced = taking.some(({ after }) => after?.names === booking.id);
  if (mayGiveWay(evidence, booking.id, change)) return [];
  if (recent || replaced || goesAfterEvent(evidence, change, booking)) return [];
  if (goesAfterDeleted(evidence, change, booking)) return [];
  return [`${tellEvent(event)} was removed by Lockstep (${change.by}) though ${tellBooking(booking)} takes place`];
}

/**
 * Booked for a move while people carried its event away again, or dragged it on: what was made for it meanwhile is a twin.
 * Nothing is lost where the event they had in hand stands, under the name it had before the move, and the booking goes after
 * it, or by policy a person is asked.
 */
function goesAfterEvent(evidence: Evidence, change: Change<EventFacts>, { id }: BookingFacts): boolean {
  const { bookings } = evidence.chronicle;
  const goes = madeSoonAfter(change, bookings).some(({ after }) => after?.former === id);
  const isAsked = (evidence.shown.reviews.get(id) ?? []).some(({ kind }) => kind === "merge-conflict");
  if (!(goes || isAsked)) return false;
  return formersOf(bookings, id).some((former) =>
    liveNaming(evidence, former, change.n).some((event) => event.id !== change.before?.id),
  );
}

/** The bookings that it was booked for, one move after the other: what one move booked may be moved as one of its own. */
function formersOf(bookings: readonly Change<BookingFacts>[], id: string): string[] {
  const former = bookings.find(({ after }) => after?.id === id && after.former !== undefined)?.after?.former;
  return former === undefined ? [] : [former, ...formersOf(bookings, former)];
}

/**
 * Booked for a move while people deleted its event, which a worker that was cut off was to bring along: that deletion is
 * what counts, and what was made for the booking meanwhile is a twin.
 */
function goesAfterDeleted({ chronicle }: Evidence, change: Change<EventFacts>, { id }: BookingFacts): boolean {
  const made = chronicle.bookings.find(({ before, after }) => before === undefined && after?.id === id);
  const former = made?.after?.former;
  const last = chronicle.events.findLast(
    ({ n, before }) =>
      n < change.n && former !== undefined && before?.names === former && before.id !== change.before?.id,
  );
  return last?.actor === "person" && last.by === "delete" && last.n > (made?.n ?? 0);
}

/** What Lockstep made in time to take the place of what went with this change. */
function madeSoonAfter<Facts>(change: Change<EventFacts>, changes: readonly Change<Facts>[]): Change<Facts>[] {
  return changes.filter(
    ({ actor, before, at, n }) =>
      actor === "lockstep" && before === undefined && n > change.n && at - change.at < REPLACED_MS,
  );
}

/** Events that stood there as free, and that Lockstep made block the room again. */
function blockedSoonAfter(change: Change<EventFacts>, changes: readonly Change<EventFacts>[]): Change<EventFacts>[] {
  return changes.filter(
    ({ actor, before, after, at, n }) =>
      actor === "lockstep" &&
      before?.isFree === true &&
      after?.isFree === false &&
      n > change.n &&
      at - change.at < REPLACED_MS,
  );
}

/** The booking's record just before event `n` of the chronicle. */
function bookingAt({ chronicle }: Evidence, id: string, n: number): BookingFacts | "vanished" | undefined {
  const last = chronicle.bookings.findLast((each) => (each.after ?? each.before)?.id === id && each.n < n);
  if (last === undefined) return undefined;
  return last.after ?? "vanished";
}

function vanishing({ chronicle }: Evidence, id: string): Change<BookingFacts> | undefined {
  return chronicle.bookings.findLast(({ before, after }) => before?.id === id && after === undefined);
}

export function liveNaming({ chronicle }: Evidence, id: string, n: number): EventFacts[] {
  const at = new Map<string, EventFacts>();
  for (const each of chronicle.events) {
    if (each.n > n) break;
    const event = each.after ?? each.before;
    if (event === undefined) continue;
    if (each.after !== undefined && isLive(each.after)) at.set(`${event.calendar}/${event.id}`, each.after);
    else at.delete(`${event.calendar}/${event.id}`);
  }
  return [...at.values()].filter(({ names }) => names === id);
}
