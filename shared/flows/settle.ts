import { isDeepStrictEqual } from "node:util";
import type { Write } from "../ports/store.ts";
import { type Content, FIELDS, type Field } from "../sync/content.ts";
import type { Decided } from "../sync/decide.ts";
import type { Question } from "../sync/decision.ts";
import type { Base, MapStatus } from "../sync/event-map.ts";
import { type Instant, later, type Span } from "../sync/time.ts";
import { agendaWrites, meansTheSame, takeRoom } from "./agenda.ts";
import { contentOf, type Desk, isEnding, knownOf, putBooking, putMap } from "./desk.ts";
import { type EventMap, type Occupied, type ReviewItem, reviewRef } from "./documents.ts";
import { originOf } from "./effect-log.ts";
import { withoutEnding } from "./ending.ts";
import { withoutEvent } from "./incarnation.ts";
import { AHEAD, entryOf, withEntry } from "./journal.ts";
import { outageDelayMs } from "./park.ts";
import { publishBookingHint } from "./publish.ts";
import { openReview } from "./review.ts";

/** Ends a turn: moves the base, writes the journal, commits what changed; nothing changed, nothing is written. */
export async function settle(desk: Desk, decided: Decided, saw: string): Promise<void> {
  const before = desk.occupancy;
  if (desk.done.some(({ effect }) => effect === "move-booking" || effect === "cancel-booking")) await takeRoom(desk);
  desk.map = settledMap(desk, decided);
  desk.map = withWakeUp(desk);
  forgetEnding(desk);
  const review = await reviewWrites(desk, decided);
  desk.map = withJournal(desk, decided, saw);
  const writes: Write[] = [...review, ...desk.along, ...desk.counts, ...(await agendaWrites(desk))];
  if (!isDeepStrictEqual(desk.map, desk.storedMap ?? null) && !isNeedless(desk)) writes.push(putMap(desk));
  if (bookingChanged(desk)) writes.push(putBooking(desk));
  if (isShownOtherwise(desk, decided, before)) await publishBookingHint(desk.world, desk.place, "shown otherwise now");
  if (writes.length > 0) await desk.store.commit(writes);
}

/** What was carried to the booking changed what its place in the room means, or was to be carried first (S47). */
function isShownOtherwise({ map, occupancy, done }: Desk, { kept }: Decided, before: Occupied | undefined): boolean {
  if (occupancy === undefined || (done.length === 0 && kept.length === 0)) return false;
  return !meansTheSame(occupancy, before ?? {}) || (occupancy.givesWay !== undefined && map.event?.kind === "live");
}

/**
 * An event that was to go and stays after all: if it vanishes now, it was not us. That is so once it has another version
 * than the one that was to be removed: by our write, or by who took our marker.
 */
function forgetEnding(desk: Desk): void {
  const { event, eventId } = desk.map;
  if (!isEnding(desk) || event?.kind !== "live") return;
  if (event.marked && !desk.done.some(({ effect }) => effect === "patch-event")) return;
  desk.booking = withoutEnding(desk.booking, eventId);
}

/**
 * A cancelled booking that never had an event needs no map: the booking remembers it (R1). An id that
 * the source never knew needs nothing. Where an event was marked, its map stands already: it was saved before.
 */
function isNeedless(desk: Desk): boolean {
  if (desk.storedMap !== undefined || desk.map.eventId !== "") return false;
  return desk.map.status === "cancelled" || desk.booking.seen === undefined;
}

/** True where the booking says something that its document does not say yet. When it was read is no news. */
export function bookingChanged(desk: Desk): boolean {
  if (desk.storedBooking === undefined && desk.booking.seen === undefined) return false;
  const ignoring = (doc: object | undefined) => ({ ...doc, readAt: undefined });
  return !isDeepStrictEqual(ignoring(desk.booking), ignoring(desk.storedBooking));
}

function settledMap(desk: Desk, decided: Decided): EventMap {
  const { error: _mended, refusals: _past, moving: _done, ...map } = desk.map;
  const { occupancy: _before, ...next } = endsIncarnation(desk, decided)
    ? withoutEvent(map)
    : withBase(desk, map, decided.agreed);
  const lastDone = desk.done.at(-1);
  return dropSettled({
    ...next,
    ...(desk.occupancy === undefined ? {} : { occupancy: desk.occupancy }),
    status: decided.status,
    dirty: false,
    nextAttempt: "",
    attempts: 0,
    ...(lastDone === undefined ? {} : { lastSource: originOf(desk, lastDone.effect), lastSyncedAt: desk.now }),
  });
}

/**
 * The commit that ends an incarnation raises it: a deleted id stays taken (R2). What people deleted while it gave way is
 * not forgotten before that was acted on.
 */
function endsIncarnation(desk: Desk, decided: Decided): boolean {
  const isOpen = decided.status === "held" || decided.question === "event-deleted";
  if (decided.views.booking === "yielding" && desk.map.event?.kind === "deleted" && !isOpen) return true;
  return decided.status === "cancelled" && desk.map.eventId !== "" && decided.rule !== "past-event-deleted";
}

/** Only agreed fields move the base, each half as its own side gave it (R3). */
function withBase(desk: Desk, map: EventMap, agreed: readonly Field[]): EventMap {
  const booking = contentOf(desk);
  if (map.event?.kind !== "live" || booking === undefined || agreed.length === 0) return withEdit(map);
  const event = map.event.content;
  const half = (before: Content | undefined, now: Content): Content =>
    Object.fromEntries(
      FIELDS.map((field) => [field, agreed.includes(field) ? (now[field] ?? before?.[field]) : before?.[field]]).filter(
        ([, value]) => value !== undefined,
      ),
    );
  const base: Base = {
    booking: half(map.base?.booking, booking),
    event: half(map.base?.event, event),
    agreement: map.base?.agreement ?? 0,
  };
  const written = desk.done.some(
    ({ effect }) => effect === "insert-event" || effect === "patch-event" || effect === "restore-event",
  );
  const agreement = base.agreement + (written ? 1 : 0);
  return withEdit({ ...map, base: { ...base, agreement }, endsAt: endOf(base.event.span) });
}

/** Remembers since when the event differs from what is agreed, and forgets it when it no longer does (R14). */
export function withEdit(map: EventMap): EventMap {
  const { eventEdited, ...rest } = map;
  const differs =
    map.event?.kind === "live" && map.base !== undefined && !isDeepStrictEqual(map.event.content, map.base.event);
  if (!differs || map.event?.kind !== "live") return rest;
  const since = eventEdited ?? map.event.updated;
  return since === undefined ? rest : { ...rest, eventEdited: since };
}

/** The end of what an event shows; "" where no time is known. */
export function endOf(span: Span | undefined): Instant {
  if (span === undefined) return "";
  return span.kind === "timed" ? span.end : `${span.end}T00:00:00.000Z`;
}

/** What a status makes pointless is not kept. */
function dropSettled(map: EventMap): EventMap {
  const { holdId, reviewId, overrule, followed, ...rest } = map;
  const keep = (status: MapStatus) => map.status === status;
  return {
    ...rest,
    ...(holdId !== undefined && keep("held") ? { holdId } : {}),
    ...(reviewId === undefined ? {} : { reviewId }),
    ...(overrule?.kind === "keep" ? { overrule } : {}),
    ...(followed !== undefined && map.event?.kind === "elsewhere" ? { followed } : {}),
  };
}

/** A doubt is looked at again: when time settles it, else after a while, longer each time. */
function withWakeUp(desk: Desk): EventMap {
  const { booking } = knownOf(desk);
  if (booking?.kind === "live" && desk.booking.seen?.status === "live") {
    const { overrule: _over, ...map } = desk.map;
    return map;
  }
  if (booking?.kind !== "doubtful" || booking.reason === "past" || desk.booking.seen === undefined) return desk.map;
  if (booking.until !== undefined) return { ...desk.map, dirty: true, nextAttempt: booking.until };
  const attempts = (desk.storedMap?.attempts ?? 0) + 1;
  return { ...desk.map, dirty: true, attempts, nextAttempt: later(desk.now, outageDelayMs(attempts)) };
}

/** Opens the review item a decision asks for, once; closes the one whose cause is gone, but for what a broken-off turn asked. */
export async function reviewWrites(desk: Desk, decided: Decided): Promise<Write[]> {
  const { question } = decided;
  if (question === undefined && desk.map.journal.at(-1)?.note === AHEAD) return [];
  const id = question === undefined ? undefined : `${question}~${desk.key}~${desk.place.resource}`;
  const before = desk.map.reviewId;
  if (id === before) return [];
  const writes = before === undefined ? [] : await closing(desk, before);
  const { reviewId: _before, ...map } = desk.map;
  desk.map = map;
  if (question === undefined || id === undefined) return writes;
  desk.map = { ...map, reviewId: id };
  const { calendarId, eventId } = map;
  const detail = `Booking ${desk.place.bookingId} on ${desk.place.resource}: ${reasonOf(desk, question)}.`;
  const about = { key: desk.key, resource: desk.place.resource, calendarId, eventId, lost: decided.lost };
  return [...writes, openReview({ id, kind: question, detail, ...about }, desk.now)];
}

function reasonOf({ occupancy }: Desk, question: Question): string {
  if (question === "double-booking")
    return `it overlaps ${occupancy?.givesWay?.to ?? "another"} of the same kind, which changed last and is shown in its place`;
  if (question === "meeting-clash")
    return `people put it on the calendar, and ${occupancy?.meets ?? "another"} takes the room then: the booking system goes first`;
  if (question === "room-closed") return `the room is closed then (${occupancy?.closedBy ?? "closure"})`;
  return `a person must decide (${question})`;
}

async function closing(desk: Desk, id: string): Promise<Write[]> {
  const stored = await desk.store.get<ReviewItem>(reviewRef(id));
  if (stored === undefined || stored.data.status === "resolved") return [];
  const data: ReviewItem = { ...stored.data, status: "resolved", resolvedAt: desk.now, resolvedBy: "lockstep" };
  return [{ kind: "put", ref: stored.ref, data }];
}

/** The journal grows by what was done, lost, asked or decided differently than last time. */
function withJournal(desk: Desk, decided: Decided, saw: string): EventMap {
  const { map } = desk;
  const last = map.journal.at(-1);
  const quiet = desk.done.length === 0 && decided.lost.length === 0 && decided.kept.length === 0;
  if (quiet && last !== undefined && (last.rule === decided.rule || isUnchanged(desk, decided))) return map;
  return { ...map, journal: withEntry(desk, entryOf(desk, decided, saw)) };
}

/** Both sides as agreed; or cancelled without an event, as the last entry left it. */
function isUnchanged({ storedMap }: Desk, { rule }: Decided): boolean {
  return rule === "in-step" || (rule === "never-shown" && storedMap?.status === "cancelled");
}
