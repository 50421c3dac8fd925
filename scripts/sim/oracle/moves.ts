import type { Change } from "../chronicle.ts";
import type { BookingFacts, EventFacts } from "../sides/side.ts";
import { liveNaming, wasAsked, wasTakenForSuccessor } from "./cancellations.ts";
import { type Evidence, isLive, storiesOf, tellBooking } from "./evidence.ts";

/** What staff change while the move's calls are on their way is out of anybody's sight: USchedule has no conditional ones. */
const ON_ITS_WAY_MS = 30_000;

/** Law 6: no booking is moved to a time or a room that people did not give its event. */
export function checkMoves(evidence: Evidence): string[] {
  const complaints: string[] = [];
  for (const { ids } of storiesOf(evidence)) {
    const named = new Set(ids);
    const bookings = evidence.chronicle.bookings.filter(({ before, after }) => named.has((after ?? before)?.id ?? ""));
    const events = evidence.chronicle.events.filter(
      ({ before, after }) => named.has(before?.names ?? "") || named.has(after?.names ?? ""),
    );
    for (const move of bookings) {
      if (move.actor !== "lockstep" || !isLive(move.after)) continue;
      complaints.push(...checkMove(evidence, move, statesBefore(bookings, move), events));
    }
  }
  return complaints;
}

/** R4: what is booked for a move gets no event of its own while the booking that it follows and that one's event stand. */
export function checkTwins(evidence: Evidence): string[] {
  const { bookings, events } = evidence.chronicle;
  return events.flatMap(({ n, actor, by, before, after }) => {
    if (actor !== "lockstep" || before !== undefined || after?.names === undefined) return [];
    // Ended once and taken back by staff, both take place.
    const neverEnded = (id: string | undefined) => {
      const past = bookings.filter((each) => each.n < n && (each.after ?? each.before)?.id === id);
      return past.every((each) => isLive(each.after)) ? past.at(-1)?.after : undefined;
    };
    const booking = neverEnded(after.names);
    const former = neverEnded(booking?.former);
    if (booking === undefined || former === undefined) return [];
    if (liveNaming(evidence, former.id, n).length === 0) return [];
    if (wasAsked(evidence, booking) || wasAsked(evidence, former)) return [];
    return [`${tellBooking(booking)} got an event of its own by Lockstep (${by}) while ${former.id} was moved`];
  });
}

function checkMove(
  evidence: Evidence,
  move: Change<BookingFacts>,
  from: readonly BookingFacts[],
  events: readonly Change<EventFacts>[],
): string[] {
  const [was] = from;
  const { after } = move;
  if (was === undefined || after === undefined) return [];
  const isGiven = (says: (event: EventFacts) => boolean) => wasGiven(events, move, says);
  const hasTime = from.some((state) => isSameTime(state, after)) || isGiven((event) => isSameTime(event, after));
  const hasRoom =
    from.some(({ resource }) => resource === after.resource) ||
    isGiven(({ calendar }) => calendar === evidence.calendarOf[after.resource]);
  if ((hasTime && hasRoom) || wasTakenForSuccessor(evidence, was, move.n)) return [];
  const where = `${after.resource}, ${after.start}–${after.end}`;
  return [`${tellBooking(was)} was moved by Lockstep (${move.by}) to ${where}, and nobody had asked for it`];
}

/** What the booking that is moved in place, or booked anew, said just before, the last first. */
function statesBefore(
  bookings: readonly Change<BookingFacts>[],
  { n, at, before, after }: Change<BookingFacts>,
): BookingFacts[] {
  const id = before === undefined ? after?.former : before.id;
  const past = bookings.filter((each) => each.n < n && (each.after ?? each.before)?.id === id);
  const given = past.findLast((each) => each.actor === "lockstep" && !isLive(each.after));
  const calls = [at, ...(given === undefined ? [] : [given.at])];
  const recent = past.filter((each) => calls.some((call) => each.at <= call && call - each.at < ON_ITS_WAY_MS));
  return [past.at(-1)?.after, ...recent.reverse().map((each) => each.before)].flatMap((state) => state ?? []);
}

/** A person made one of its events say so, or took one that does from the bin. */
function wasGiven(
  events: readonly Change<EventFacts>[],
  move: Change<BookingFacts>,
  says: (event: EventFacts) => boolean,
): boolean {
  return events.some(({ n, actor, before, after }) => {
    if (n > move.n || actor !== "person" || after === undefined || !isLive(after) || !says(after)) return false;
    return before === undefined || !isLive(before) || !says(before);
  });
}

function isSameTime(a: Pick<EventFacts, "start" | "end">, b: Pick<EventFacts, "start" | "end">): boolean {
  return a.start === b.start && a.end === b.end;
}
