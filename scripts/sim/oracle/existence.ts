import type { Change } from "../chronicle.ts";
import { pairOf } from "../sides/registry.ts";
import type { BookingFacts, EventFacts } from "../sides/side.ts";
import { type Evidence, isLive, key } from "./evidence.ts";

/** The longest that a look which no push asked for may take, an outage and the faults of the way included. */
const LOOK_MS = 30 * 60_000;

/** A worker that waits for an answer may be held up so long, and its message is delivered again then. */
const UNANSWERED_MS = 360_000;

/** Cancelled stays cancelled, deleted stays deleted, re-enabled takes place: whatever people said last of it. */
export function checkExistence(
  { history, policy, shown, holdWords, calendarOf }: Evidence,
  ids: readonly string[],
  bookings: readonly Change<BookingFacts>[],
  events: readonly Change<EventFacts>[],
  live: readonly BookingFacts[],
): string[] {
  const standing = new Set<string>();
  const said = [
    ...bookings.flatMap(({ n, actor, by, before, after }) => {
      const id = (after ?? before)?.id ?? "";
      if (isLive(after)) standing.add(id);
      else standing.delete(id);
      // What goes beside another that stays was half of a move, not the booking.
      const ended = !isLive(after) && standing.size > 0;
      return actor === "person" && isLive(before) !== isLive(after) && !ended
        ? [{ n, by, on: "booking", lives: isLive(after) }]
        : [];
    }),
    ...events.flatMap(({ n, actor, by, before, after }) =>
      actor === "person" && by === "delete" && isLive(before) && !isLive(after) && !stoodBeside(events, n)
        ? [{ n, by, on: "event", lives: false }]
        : [],
    ),
  ].sort((a, b) => a.n - b.n);
  const last = said.at(-1);
  if (last === undefined) return [];
  if (last.on === "booking" && !last.lives && live.length > 0) {
    const excused = ids.some((id) =>
      (shown.reviews.get(id) ?? []).some(({ kind }) => kind === "cancelled-while-moving"),
    );
    const moved = bookings.some(
      ({ after, before, n }) => n > last.n && before === undefined && after?.former !== undefined,
    );
    if (!excused)
      return [
        `booking ${live[0]?.id} takes place though it was cancelled last (${last.by})${moved ? ", booked again after" : ""}`,
      ];
  }
  // Rejected or taken back, a deletion is put back; deleted again before that was done, it still is.
  const overruled = holdWords.some(
    ({ word, items, n }) =>
      word !== "approve" &&
      items.some(({ bookingId }) => ids.includes(bookingId)) &&
      !events.some((each) => each.actor === "lockstep" && each.before === undefined && each.n > n && each.n < last.n),
  );
  const editsAfter = bookings.some(({ n, actor }) => n > last.n && actor === "person");
  const eventsAfter = events.some(({ n, actor }) => n > last.n && actor === "person");
  const editsBefore = bookings.some(({ n, actor, at }) => n < last.n && actor === "person" && at > 0);
  if (
    last.on === "event" &&
    policy.calendarDeletion === "cancel" &&
    live.length > 0 &&
    !editsAfter &&
    !eventsAfter &&
    !overruled &&
    !hadLeft(calendarOf, bookings, events, last.n) &&
    !wasOverSoon(live, events, last.n) &&
    !wasOnItsWayOut(bookings, events, last.n) &&
    !(pairOf(history).calendar.hidesDeleted === true && wasNeverLearned(events, last.n))
  ) {
    return editsBefore && (wasChangedUnseen(bookings, events, last.n) || wasSaidByBoth(bookings, events, last.n))
      ? []
      : [`booking ${live[0]?.id} still takes place though its event was deleted last`];
  }
  return [];
}

/**
 * Another event of the booking was to be seen then: taken back from the bin, or made while a move was broken off. Who deletes
 * one of two has not said that nothing takes place; the one that is left may stand.
 */
function stoodBeside(events: readonly Change<EventFacts>[], n: number): boolean {
  const standing = new Map<string, boolean>();
  for (const { before, after, n: at } of events) {
    const event = after ?? before;
    if (at <= n && event !== undefined) standing.set(key(event), isLive(after) && after?.isFree === false);
  }
  return [...standing.values()].includes(true);
}

/** Deleted so shortly before its end that a look without a push comes after it: what is over is not cancelled (R5). */
function wasOverSoon(live: readonly BookingFacts[], events: readonly Change<EventFacts>[], n: number): boolean {
  const at = events.find((each) => each.n === n)?.at ?? 0;
  return live.every(({ end }) => Date.parse(end) - at < LOOK_MS);
}

/** Staff had given the booking another resource before: what was deleted is what it left behind, not the booking. */
function hadLeft(
  calendarOf: Evidence["calendarOf"],
  bookings: readonly Change<BookingFacts>[],
  events: readonly Change<EventFacts>[],
  n: number,
): boolean {
  const deleted = events.find((each) => each.n === n)?.before?.calendar;
  const was = bookings.filter((each) => each.n < n && isLive(each.after)).map(({ after }) => after?.resource ?? "");
  const isThere = (resource: string | undefined) => calendarOf[resource ?? ""] === deleted;
  return was.some(isThere) && !isThere(was.at(-1));
}

/**
 * The event went with deletion `n`, and its booking had been cancelled and was live again, with no write to the event
 * since: its own removal was under way. A removal without an answer looks the same afterwards, and no booking is
 * cancelled for what may have been our own deed (law 3). Removed by us before the booking was live again, a person had it
 * out of the bin and back, unseen: what a retired pointer shows cancels nothing (R5).
 */
function wasOnItsWayOut(
  bookings: readonly Change<BookingFacts>[],
  events: readonly Change<EventFacts>[],
  n: number,
): boolean {
  const id = events.find((each) => each.n === n && isLive(each.before) && !isLive(each.after))?.before?.id;
  const past = events.filter((each) => each.n < n && each.after?.id === id);
  const made = past[0]?.n ?? n;
  const cancelled = bookings.findLast(
    (each) => each.n > made && each.n < n && isLive(each.before) && !isLive(each.after),
  )?.n;
  if (cancelled === undefined) return false;
  const backAt = bookings.find((each) => each.n > cancelled && isLive(each.after))?.n ?? n;
  const ours = past.filter((each) => each.actor === "lockstep" && each.n > cancelled);
  // What was on its way when the booking was cancelled may come first.
  const removed = ours.find((each) => !isLive(each.after))?.n ?? cancelled;
  return !ours.some((each) => (isLive(each.after) && each.n > removed) || each.n > backAt);
}

/**
 * The booking was edited and the event did not show it yet when it was deleted: then the policy decides. While a move is
 * broken off it stands twice, and staff may have edited either.
 */
function wasChangedUnseen(
  bookings: readonly Change<BookingFacts>[],
  events: readonly Change<EventFacts>[],
  n: number,
): boolean {
  const records = new Map(
    bookings.flatMap(({ n: at, before, after }) => (at < n ? [[(after ?? before)?.id, after] as const] : [])),
  );
  const standing = [...records.values()].flatMap((record) => (record?.state === "live" ? [record] : []));
  const event = events.findLast((each) => each.n < n && isLive(each.after))?.after;
  if (standing.length === 0 || event === undefined) return true;
  return standing.some(
    ({ start, end, title, description }) =>
      start !== event.start || end !== event.end || title !== event.title || description !== event.description,
  );
}

/**
 * Staff and people gave booking and event the same, a time or a room, and the event was deleted before anybody had seen the
 * two agree: a change against a deletion, of which the policy decides.
 */
function wasSaidByBoth(
  bookings: readonly Change<BookingFacts>[],
  events: readonly Change<EventFacts>[],
  n: number,
): boolean {
  const deleted = events.find((each) => each.n === n);
  const id = deleted?.before?.id;
  const given = bookings.findLast(
    (each) => each.n < n && each.actor === "person" && isLive(each.before) && isMoved(each.before, each.after),
  );
  const edited = events.findLast((each) => each.n < n && isLive(each.after) && each.after?.id === id);
  if (deleted === undefined || given === undefined || edited?.actor !== "person") return false;
  if (edited.by !== "carry-over" && !isMoved(edited.before, edited.after)) return false;
  return deleted.at - Math.max(given.at, edited.at) < LOOK_MS;
}

function isMoved(
  before: Partial<Pick<BookingFacts, "start" | "end" | "resource">> | undefined,
  after: Partial<Pick<BookingFacts, "start" | "end" | "resource">> | undefined,
): boolean {
  return before?.start !== after?.start || before?.end !== after?.end || before?.resource !== after?.resource;
}

/**
 * Deleted before the worker that made it had its answer, where nobody can see that it ever was: it is made again, in the
 * room where it stood.
 */
function wasNeverLearned(events: readonly Change<EventFacts>[], n: number): boolean {
  const deleted = events.find((each) => each.n === n);
  const own = events.filter((each) => each.n < n && each.after?.id === deleted?.before?.id);
  const again = events.find((each) => each.n > n && each.actor === "lockstep" && each.before === undefined);
  const [made, ...since] = own;
  return (
    deleted !== undefined &&
    made?.actor === "lockstep" &&
    made.before === undefined &&
    !since.some(({ actor }) => actor === "lockstep") &&
    deleted.at - made.at < UNANSWERED_MS &&
    again?.after?.calendar === deleted.before?.calendar &&
    again !== undefined &&
    again.at - made.at < UNANSWERED_MS
  );
}
