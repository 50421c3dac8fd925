import type { BookingFacts, EventFacts } from "../sides/side.ts";
import {
  adoptedEvents,
  type Evidence,
  isKeptByWord,
  isLive,
  ownEvents,
  storiesOf,
  tellBooking,
  tellEvent,
} from "./evidence.ts";
import { givingWay } from "./rooms.ts";

/** Laws 4, 6 and 7: one event per live booking and resource, saying the same; none for a booking that is not. */
export function checkAgreement(evidence: Evidence): string[] {
  const { chronicle, shown, now } = evidence;
  const waiting = new Set(
    storiesOf(evidence).flatMap(({ ids }) => (ids.some((id) => shown.waiting.has(id)) ? ids : [])),
  );
  const bookings = chronicle.allBookings();
  const own = new Set([...ownEvents(evidence), ...adoptedEvents(evidence)]);
  const events = chronicle
    .allEvents()
    .filter((event) => isLive(event) && event.names !== undefined && own.has(event.id));
  const complaints: string[] = [];
  const yielding = givingWay(bookings);
  for (const booking of bookings) {
    if (Date.parse(booking.end) <= now) continue;
    if (waiting.has(booking.id)) {
      if (isLive(booking) && booking.kind !== undefined && !yielding.has(booking.id) && !shown.asked.has(booking.id))
        complaints.push(`${tellBooking(booking)} waits, and nobody is asked`);
      continue;
    }
    // Policy `mark` leaves struck-out events of former days behind; they show nothing.
    const naming = events.filter(
      (event) => event.names === booking.id && !(isLive(booking) && isMarked(evidence, event)),
    );
    if (isUnshowable(booking)) {
      if (!shown.setAside(booking.id)) complaints.push(`${tellBooking(booking)} cannot be shown, and nobody is told`);
      continue;
    }
    // Its event waits for what it lives on as, which is set aside.
    if (bookings.some((next) => next.former === booking.id && isUnshowable(next) && shown.setAside(next.id))) continue;
    complaints.push(
      ...(isLive(booking) && !yielding.has(booking.id)
        ? checkShown(evidence, booking, naming)
        : checkGone(evidence, booking, naming)),
    );
  }
  for (const event of events) {
    const isKnown = bookings.some(({ id }) => id === event.names);
    if (isKnown || waiting.has(event.names ?? "") || isOver(event, now)) continue;
    if (isKeptByWord(evidence, event.names ?? "")) continue;
    if (!isMarked(evidence, event)) complaints.push(`${tellEvent(event)} shows a booking that is no more`);
  }
  for (const id of shown.givenUp) {
    // What cannot be shown and is set aside cannot be read either: it is tried as often as any other, and given up.
    const isSetAside = bookings.some((booking) => booking.id === id && hasNoTime(booking)) && shown.setAside(id);
    if (!isSetAside) complaints.push(`booking ${id} was given up`);
  }
  return complaints;
}

function checkShown(evidence: Evidence, booking: BookingFacts, naming: readonly EventFacts[]): string[] {
  const [event, ...more] = naming;
  if (event === undefined) return [`${tellBooking(booking)} has no event`];
  if (more.length > 0)
    return [`${tellBooking(booking)} has ${naming.length} events: ${naming.map(tellEvent).join("; ")}`];
  if (event.isSeries) return [];
  const calendar = evidence.calendarOf[booking.resource];
  if (event.calendar !== calendar)
    return [`${tellBooking(booking)} is shown on the wrong calendar: ${tellEvent(event)}`];
  if (event.start !== booking.start || event.end !== booking.end) {
    return [`${tellBooking(booking)} is shown at another time: ${tellEvent(event)}`];
  }
  if (event.isFree) return [`${tellBooking(booking)} is shown as free: ${tellEvent(event)}`];
  return [];
}

function checkGone(evidence: Evidence, booking: BookingFacts, naming: readonly EventFacts[]): string[] {
  if (booking.state === "pending")
    return naming.length > 1 ? [`${tellBooking(booking)} has ${naming.length} events`] : [];
  return naming
    .filter((event) => !isMarked(evidence, event) && !isKeptByWord(evidence, booking.id))
    .map((event) => `${tellBooking(booking)} is still shown: ${tellEvent(event)}`);
}

/** Policy `mark`: the event stays, struck out and free. */
function isMarked({ policy }: Evidence, event: EventFacts): boolean {
  return policy.cancellation === "mark" && event.isFree;
}

/** Staff can book the hour that a clock change leaves out: it begins when it ends. */
function isUnshowable(booking: BookingFacts): boolean {
  return booking.state === "live" && hasNoTime(booking);
}

/** In an hour that a clock change leaves out. */
function hasNoTime({ start, end }: BookingFacts): boolean {
  return start >= end;
}

function isOver(event: EventFacts, now: number): boolean {
  return Date.parse(event.end) <= now;
}
