import type { Change } from "../chronicle.ts";
import type { BookingFacts, EventFacts } from "../sides/side.ts";
import { type Evidence, isLive } from "./evidence.ts";

/** Which kinds of reservation go before which, where the source tells kinds apart (S47). */
const ORDER = ["event", "booking", "allocation"];

/** That a reservation went may be noticed so late: until then it stands in others' way. */
const NOTICED_MS = 20 * 60_000;
/** One that vanished keeps its place until that is proven: three listings a quarter of an hour apart, once a sweep looks for it. */
const PROVEN_MS = 80 * 60_000;

/**
 * Those that another one's place in the room keeps from being shown, by the books as they are: the first kind takes
 * the room, and who gives way stands in nobody's way. The source keeps two of one kind apart.
 */
export function givingWay(bookings: readonly BookingFacts[]): ReadonlySet<string> {
  const live = bookings.filter((booking) => isLive(booking) && ORDER.includes(booking.kind ?? ""));
  const shown: BookingFacts[] = [];
  const hidden = new Set<string>();
  for (const kind of ORDER) {
    const ofKind = live.filter((booking) => booking.kind === kind);
    for (const booking of ofKind) {
      if (shown.some((other) => isInTheWayOf(other, booking))) hidden.add(booking.id);
    }
    shown.push(...ofKind.filter(({ id }) => !hidden.has(id)));
  }
  return hidden;
}

function isInTheWayOf(other: BookingFacts, booking: BookingFacts): boolean {
  if (other.resource !== booking.resource || other.within === booking.id) return false;
  const [[from, to], [start, end]] = [other.takes ?? [0, 0], booking.takes ?? [0, 0]];
  return from < end && start < to;
}

/** Whether another one could be known to take the room from this booking, at a change or shortly before it. */
export function mayGiveWay({ chronicle }: Evidence, id: string, change: Change<EventFacts>): boolean {
  const recent = statesBetween(chronicle.bookings, change);
  const own = recent.filter((each) => each.id === id);
  const rank = (booking: BookingFacts) => ORDER.indexOf(booking.kind ?? "");
  return recent.some(
    (other) =>
      other.id !== id &&
      rank(other) >= 0 &&
      own.some((booking) => rank(other) < rank(booking) && isInTheWayOf(other, booking)),
  );
}

/** Every live state of a booking that could still be known when change `until` was made, the present one included. */
function statesBetween(changes: readonly Change<BookingFacts>[], until: Change<EventFacts>): BookingFacts[] {
  const states: BookingFacts[] = [];
  const standing = new Map<string, BookingFacts>();
  for (const { n: place, at, before, after } of changes) {
    if (place > until.n) break;
    const id = (after ?? before)?.id ?? "";
    const known = after === undefined ? PROVEN_MS : NOTICED_MS;
    if (at >= until.at - known && before !== undefined && isLive(before)) states.push(before);
    if (after !== undefined && isLive(after)) standing.set(id, after);
    else standing.delete(id);
  }
  return [...states, ...standing.values()];
}
