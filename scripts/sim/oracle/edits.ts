import type { Change } from "../chronicle.ts";
import type { BookingFacts, EventFacts } from "../sides/side.ts";
import { type Evidence, isLive, ownEvents, type Story, storiesOf } from "./evidence.ts";
import { checkExistence } from "./existence.ts";
import { areShownAsTwo, isBeyondRecognition, isTangled, lineOf, wasEnded } from "./lines.ts";

/**
 * No edit of a person is lost (law 6, S49): the last one stands at the end, unless the other side was edited before
 * anybody there could have seen it; then the policy chose, and the loser is in the journal or in a review item.
 */
export async function checkEdits(evidence: Evidence): Promise<string[]> {
  const own = ownEvents(evidence);
  const events = evidence.chronicle.events.filter(({ before, after }) => own.has((after ?? before)?.id ?? ""));
  const complaints: string[] = [];
  for (const story of storiesOf(evidence)) complaints.push(...(await checkStory(evidence, story, events)));
  return complaints;
}

const FIELDS = ["time", "resource", "title", "description"] as const;
type Field = (typeof FIELDS)[number];

interface Edit {
  readonly n: number;
  readonly at: number;
  readonly side: "booking" | "calendar";
  readonly by: string;
  readonly value: string;
  /** What the record said before. */
  readonly former: string | undefined;
  /** The record it was made on. */
  readonly on: string;
}

/** Journal entries in which an event was taken in that no agreement was known of. */
const TAKEN_IN = /adopt-and-update|"booking":"new","event":"moved","rule":"carry-resource-change"/;

/** Review items that say that a wish could not be carried out. */
const PUT_BACK = /slot-taken|time-not-writable|rebooking-failed|resource-not-writable|cancelled-while-moving/;

async function checkStory(evidence: Evidence, { ids }: Story, own: readonly Change<EventFacts>[]): Promise<string[]> {
  const { chronicle, shown, now } = evidence;
  const named = new Set(ids);
  if (ids.some((id) => shown.waiting.has(id))) return [];
  const bookings = chronicle.bookings.filter((each) => named.has((each.after ?? each.before)?.id ?? ""));
  const events = own.filter((each) => named.has((each.before ?? each.after)?.names ?? ""));
  // An id that staff took back to life after it had moved on makes two bookings of one: each is judged by agreement.
  if (isTangled(bookings)) return [];
  const live = ids.flatMap((id) => chronicle.booking(id) ?? []).filter((booking) => isLive(booking));
  const complaints = checkExistence(evidence, ids, bookings, events, live);
  const [booking, ...more] = live;
  if (booking === undefined) return complaints;
  if (more.length > 0 && areShownAsTwo(evidence, ids, bookings, live)) return complaints;
  if (more.length > 0 && live.filter((each) => !isBeyondRecognition(bookings, each)).length === 1) return complaints;
  if (more.length > 0)
    return [...complaints, `one booking became ${live.length}: ${live.map(({ id }) => id).join(", ")}`];
  // Over by now, or in an hour that a clock change leaves out, it cannot be shown.
  if (Date.parse(booking.end) <= now || booking.start >= booking.end) return complaints;
  const event = lastOf(events, booking.id);
  if (event === undefined || event.isSeries) return complaints;
  for (const field of FIELDS)
    complaints.push(...(await checkField(evidence, ids, field, bookings, events, booking, event)));
  return complaints;
}

/** The live event of ours that names the booking, rather than one struck out in a former life. */
function lastOf(events: readonly Change<EventFacts>[], id: string): EventFacts | undefined {
  const standing = new Map(events.map(({ before, after }) => [(after ?? before)?.id, after]));
  const naming = [...standing.values()].filter((event) => isLive(event) && event?.names === id);
  return naming.find((event) => !isStruckOut(event)) ?? naming[0];
}

async function checkField(
  evidence: Evidence,
  ids: readonly string[],
  field: Field,
  bookings: readonly Change<BookingFacts>[],
  events: readonly Change<EventFacts>[],
  booking: BookingFacts,
  event: EventFacts,
): Promise<string[]> {
  const edits = [
    ...editsOf(bookings, "booking", field, (facts) => ofBooking(facts, field)),
    ...editsOf(events, "calendar", field, (facts) => ofEvent(evidence, facts, field)),
  ].sort((a, b) => a.n - b.n);
  const final = ofEvent(evidence, event, field);
  if (edits.at(-1)?.value === final) return [];
  const line = lineOf(bookings, booking.id);
  const last = edits.findLast((edit) =>
    edit.side === "booking"
      ? edit.n < (line.get(edit.on) ?? 0)
      : !isOverwritten(edits, edit) && !wasDeleted(events, edit, event),
  );
  if (last === undefined || final === last.value) return [];
  if (edits.some((edit) => edit.n > last.n && edit.value === final && cameBack(events, edit, event))) return [];
  if (last.side === "booking" && field === "description" && last.value === "") return [];
  const rival = edits.findLast((each) => each.side !== last.side);
  const isSeen = (edit: Edit) => wasSeen(evidence, edit, last, field, bookings, events);
  const isInformed = rival === undefined || isSeen(rival);
  // People ended one of two that they were told of: the other says what it says.
  const others = ids.filter((id) => id !== booking.id && lineOf(bookings, id).has(last.on));
  const isOneOfTwo = () => areShownAsTwo(evidence, ids, bookings, [booking, { id: last.on }]);
  if (others.some((id) => wasEnded(bookings, id)) && isOneOfTwo()) return [];
  const trace = await traceOf(evidence, ids);
  if (!isInformed && final === rival.value && isTraced(trace, last, field)) return [];
  // Taken back to what both said before the rival: nobody changed it on this side.
  if (!isInformed && final === rival.value && last.value === agreedBefore(edits, rival, isSeen)) return [];
  if (!isInformed && final !== rival.value && edits.some(({ value }) => value === final)) return [];
  // Taken in anew, on its own calendar or another, an event takes over what its booking says; what it said is kept.
  if (last.side === "calendar" && TAKEN_IN.test(trace) && isTraced(trace, last, field)) return [];
  const wentWithIt =
    last.on !== event.id ||
    bookings.some((each) => each.n > last.n && wasCancelled(each)) ||
    events.some((each) => each.n > last.n && wasStruckOut(each, last));
  if (last.side === "calendar" && wentWithIt && isTraced(trace, last, field)) return [];
  if (last.side === "calendar" && (field === "time" || field === "resource") && PUT_BACK.test(trace)) return [];
  // Ended by people while a worker that moved it was cut off, it says nothing any more; a person is asked what became of it.
  if (wasEnded(bookings, last.on) && trace.includes("cancelled-while-moving")) return [];
  // Too close to the deed: USchedule has no conditional cancel, so what staff change while the move's last call is
  // on its way is out of anybody's sight.
  if (last.side === "booking" && movedWithin(bookings, last)) return [];
  const what = `${field} "${last.value}" (${last.by}, ${new Date(last.at).toISOString()})`;
  return [
    `booking ${booking.id}: the last edit of its ${what} is lost; it says "${final}" now${isInformed ? "" : ` (rival "${rival.value}")`}`,
  ];
}

/**
 * What people changed of a record that was there. Taking back from the bin or re-enabling says that it lives, not what it says; on
 * another calendar an event says nothing new but where.
 */
function editsOf<Facts extends { readonly id: string; readonly state: string }>(
  changes: readonly Change<Facts>[],
  side: Edit["side"],
  field: Field,
  readValue: (facts: Facts) => string | undefined,
): Edit[] {
  return changes.flatMap(({ n, at, by, actor, before, after }) => {
    if (actor !== "person" || after === undefined) return [];
    // What is struck out as cancelled says nothing.
    if (isStruckOut(before) || isStruckOut(after)) return [];
    const isCarried = by === "carry-over" && field === "resource";
    if (side === "calendar" ? !isLive(before) && !isCarried : before !== undefined && !isLive(before)) return [];
    const value = readValue(after);
    // Rescheduled by staff, a record begins as the one it follows.
    const begun = before ?? changes.find((each) => each.n === n && each.after?.state === "rescheduled")?.before;
    const former = begun === undefined ? undefined : readValue(begun);
    return value === undefined || value === former ? [] : [{ n, at, side, by, value, former, on: after.id }];
  });
}

function isStruckOut(facts: object | undefined): boolean {
  return facts !== undefined && "isFree" in facts && facts.isFree === true;
}

function ofBooking(facts: BookingFacts, field: Field): string | undefined {
  if (!isLive(facts)) return undefined;
  if (field === "time") return `${facts.start}/${facts.end}`;
  return facts[field];
}

function ofEvent({ calendarOf }: Evidence, facts: EventFacts, field: Field): string | undefined {
  if (!isLive(facts) || facts.names === undefined) return undefined;
  if (field === "time") return `${facts.start}/${facts.end}`;
  if (field === "resource") return Object.entries(calendarOf).find(([, calendar]) => calendar === facts.calendar)?.[0];
  return facts[field];
}

/** So long a value that people wrote on both sides stands, until a poll must have seen that both say it. */
const AGREED_MS = 600_000;

/** True where the other side showed the rival's value at some moment before the edit: then it was made knowing it. */
function wasSeen(
  evidence: Evidence,
  rival: Edit,
  edit: Edit,
  field: Field,
  bookings: readonly Change<BookingFacts>[],
  events: readonly Change<EventFacts>[],
): boolean {
  // What people wrote themselves a moment before, the same by chance, was no answer to the rival: nobody had agreed on it.
  const between = ({ n, at, actor }: Change<EventFacts | BookingFacts>) =>
    n > rival.n && n < edit.n && (actor !== "person" || edit.at - at > AGREED_MS);
  // What stood there before the rival has to have said it by itself: another record of the booking may have, beside it.
  const stoodBefore = ({ n, after }: Change<EventFacts | BookingFacts>) => n < rival.n && after?.id === edit.on;
  if (rival.side === "booking") {
    const isBeside = events.some(stoodBefore);
    return events.some(
      (each) =>
        between(each) &&
        each.after !== undefined &&
        (!isBeside || each.after.id === edit.on) &&
        ofEvent(evidence, each.after, field) === rival.value,
    );
  }
  // What the source has no place for stays on the calendar: nobody at the source can have seen it.
  if (field === "title" || field === "description") return false;
  const isBeside = bookings.some(stoodBefore);
  return bookings.some(
    (each) =>
      between(each) &&
      each.after !== undefined &&
      (!isBeside || each.after.id === edit.on) &&
      ofBooking(each.after, field) === rival.value,
  );
}

/** What the rival's record said before people changed it, one edit on the other, without the other side showing any. */
function agreedBefore(edits: readonly Edit[], rival: Edit, isSeen: (edit: Edit) => boolean): string | undefined {
  let first = rival;
  for (const edit of edits.filter(({ n, side }) => side === rival.side && n < rival.n).reverse()) {
    if (edit.value !== first.former || isSeen(edit)) break;
    first = edit;
  }
  return first.former;
}

/** People wrote over it themselves, on the same event: what became of that later edit became of this one. */
function isOverwritten(edits: readonly Edit[], edit: Edit): boolean {
  return edits.some(({ n, side, on }) => side === edit.side && on === edit.on && n > edit.n);
}

/**
 * Somebody deleted the event after it was edited, or took it for their own: with it went what it said. Or it stood
 * beside another of ours, taken back from the bin: one of the two goes, with what was said on it.
 */
function wasDeleted(events: readonly Change<EventFacts>[], edit: Edit, stays: EventFacts): boolean {
  const standing = new Set<string>();
  for (const { n, before, after } of events) {
    if (n > edit.n) break;
    if (isLive(after)) standing.add(after?.id ?? "");
    else standing.delete(before?.id ?? "");
  }
  if (standing.size > 1 && edit.on !== stays.id) return true;
  return events.some(
    ({ n, actor, by, before }) =>
      n > edit.n && actor === "person" && (by === "delete" || by === "unmark") && before?.id === edit.on,
  );
}

/** It went with its event, and came back with it: the event stands, taken from the bin, and says so still. */
function cameBack(events: readonly Change<EventFacts>[], edit: Edit, stays: EventFacts): boolean {
  const isBack = events.some(
    ({ n, actor, before, after }) =>
      n > edit.n && actor === "person" && !isLive(before) && isLive(after) && after?.id === edit.on,
  );
  return edit.side === "calendar" && edit.on === stays.id && isBack;
}

function wasCancelled({ actor, before, after }: Change<BookingFacts>): boolean {
  return actor === "person" && isLive(before) && !isLive(after);
}

/** The booking was cancelled before the edit, and nobody at the calendar could see it yet: the event goes, or is marked. */
function wasStruckOut({ actor, before, after }: Change<EventFacts>, edit: Edit): boolean {
  if (actor !== "lockstep" || before?.id !== edit.on) return false;
  return isLive(after) ? !isStruckOut(before) && isStruckOut(after) : isLive(before);
}

function isTraced(trace: string, edit: Edit, field: Field): boolean {
  if (field === "resource") return true;
  if (field !== "time") return trace.includes(JSON.stringify(edit.value).slice(1, -1));
  // Both ends: the start alone may be another time's end.
  const [start, end] = edit.value.split("/");
  return trace.includes(`"start":"${start}","end":"${end}"`);
}

/** All that the journal and the review items say of the story. */
async function traceOf({ shown }: Evidence, ids: readonly string[]): Promise<string> {
  const reviews = ids.flatMap((id) => shown.reviews.get(id) ?? []).map(({ kind, text }) => `${kind} ${text}`);
  const explained: string[] = [];
  for (const id of ids) explained.push(await shown.explained(id));
  return [...explained, ...reviews].join("\n");
}

function movedWithin(bookings: readonly Change<BookingFacts>[], edit: Edit): boolean {
  return bookings.some(
    ({ actor, at, before, after }) =>
      actor === "lockstep" && isLive(before) && !isLive(after) && at >= edit.at && at - edit.at < 30_000,
  );
}
