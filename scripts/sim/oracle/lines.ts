import type { Change } from "../chronicle.ts";
import type { BookingFacts } from "../sides/side.ts";
import { type Evidence, isLive } from "./evidence.ts";

/**
 * The ids that led to this one, each with the place in the order of things until which it did. What stands beside the
 * line was half of a move that was taken back; re-enabled by staff, such a half says what was known when it was booked.
 */
export function lineOf(bookings: readonly Change<BookingFacts>[], id: string): ReadonlyMap<string, number> {
  const line = new Map<string, number>();
  let until = Number.POSITIVE_INFINITY;
  for (let at: string | undefined = id; at !== undefined && !line.has(at); ) {
    line.set(at, until);
    const made = bookings.find(({ before, after }) => before === undefined && after?.id === at);
    // Staff's own rescheduling is one deed on two records, and takes the notes along, with the mark of an earlier move.
    const rescheduled = bookings.find(({ n, after }) => n === made?.n && after?.state === "rescheduled");
    const former = rescheduled === undefined ? made?.after?.former : undefined;
    if (former !== undefined && (wasTakenBack(bookings, at, former) || wasEnded(bookings, former)))
      until = made?.n ?? until;
    at = former ?? rescheduled?.after?.id;
  }
  return line;
}

/** Lockstep or people cancelled what was booked for a move, while the booking that it was to follow still took place. */
function wasTakenBack(bookings: readonly Change<BookingFacts>[], id: string, former: string): boolean {
  const back = bookings.find(({ before, after }) => before?.id === id && isLive(before) && !isLive(after));
  return back !== undefined && isLive(bookings.findLast(({ n, after }) => n < back.n && after?.id === former)?.after);
}

/** People ended it, no move did: what they wrote into it after its move had begun went with it. */
export function wasEnded(bookings: readonly Change<BookingFacts>[], id: string): boolean {
  const end = bookings.findLast(({ before, after }) => (after ?? before)?.id === id);
  return end?.actor === "person" && !isLive(end.after);
}

/** Staff made a record live again that had moved on to another id, or beside another that lived. */
export function isTangled(bookings: readonly Change<BookingFacts>[]): boolean {
  const live = new Set<string>();
  for (const { actor, by, before, after } of bookings) {
    const id = (after ?? before)?.id ?? "";
    const movedOn = bookings.some((each) => each.after?.former === id);
    if (actor === "person" && by === "re-enable" && (live.size > 0 || movedOn)) return true;
    if (isLive(after)) live.add(id);
    else live.delete(id);
  }
  return false;
}

/**
 * Booked for a move by a worker that died before it learned the id, it or what it was moved to since; then staff moved it or
 * put another guest in, and wrote over the notes, where our marker was: nothing is left by which anybody could know it
 * again, and the move is made anew.
 */
export function isBeyondRecognition(bookings: readonly Change<BookingFacts>[], now: BookingFacts): boolean {
  return [...lineOf(bookings, now.id).keys()].some((id) => {
    const made = bookings.find(({ before, after }) => before === undefined && after?.id === id)?.after;
    const own = bookings.filter(({ actor, after }) => actor === "person" && after?.id === id);
    const isUnmarked = own.some(({ before, after }) => before?.former !== undefined && after?.former === undefined);
    return isUnmarked && own.some(({ after }) => AS_ORDERED.some((field) => after?.[field] !== made?.[field]));
  });
}

/** By these alone it would be known again. */
const AS_ORDERED = ["start", "end", "resource", "title"] as const;

/** A person is asked which of two it is, by the ids that they had then. */
export function areShownAsTwo(
  { shown }: Evidence,
  ids: readonly string[],
  bookings: readonly Change<BookingFacts>[],
  live: readonly Pick<BookingFacts, "id">[],
): boolean {
  const asked = ids.flatMap((id) => shown.reviews.get(id) ?? []).filter(({ kind }) => kind === "rebooking-failed");
  return asked.some(({ text }) => {
    const named = ids.filter((id) => text.includes(id));
    return named.length > 1 && live.every(({ id }) => named.some((each) => lineOf(bookings, id).has(each)));
  });
}
