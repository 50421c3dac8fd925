import { isDeepStrictEqual } from "node:util";
import { isError, LockstepError } from "../errors.ts";
import type { CalendarEvent } from "../ports/calendar.ts";
import { type Content, FIELDS } from "../sync/content.ts";
import type { Decided } from "../sync/decide.ts";
import type { Effect } from "../sync/decision.ts";
import { type Instant, later } from "../sync/time.ts";
import type { Carried } from "./carried.ts";
import { commitBoth, commitMap, contentOf, type Desk, putMap, saidThere } from "./desk.ts";
import { logEffect, logFailure } from "./effect-log.ts";
import { commitEnding, removeElsewhere } from "./ending.ts";
import { shownFields } from "./enriched-fields.ts";
import { eventIdFor } from "./event-id.ts";
import { EVENT_KEY, findByKey, keyProperty } from "./event-key.ts";
import { handOver, whereItFollowed } from "./hand-over.ts";
import { withoutIntent } from "./incarnation.ts";
import { INTENT_MS } from "./intent.ts";
import { AHEAD, entryOf, withEntry } from "./journal.ts";
import { findElsewhere, readEvent, recoverBase, takeEvent } from "./look.ts";
import { markedBooking, markerFor } from "./marker.ts";
import { moveBooking } from "./move-booking.ts";
import { reviewWrites } from "./settle.ts";
import { commitStrikeOut } from "./strike-out.ts";
import { isStruckOut, struckOut } from "./struck-title.ts";

/** How many former lives of an event id are stepped over in one turn. */
const MAX_INCARNATIONS = 20;

/** Carries out a decision, effect by effect, in its crash-safe order (R2, R4). Provider errors are thrown. */
export async function carryOut(desk: Desk, decided: Decided): Promise<Carried> {
  desk.failed = {};
  for (const effect of decided.effects) {
    try {
      const carried = await perform(desk, decided, effect);
      if (carried.outcome === "instead") return carryOut(desk, carried.decided);
      if (carried.outcome !== "done") return carried;
    } catch (error) {
      desk.failed = { rule: decided.rule, effect: effect.kind };
      if (!isError(error, "STORE_CONFLICT", "EVENT_CHANGED", "BOOKING_CHANGED"))
        logFailure(desk, decided, effect, error);
      throw error;
    }
  }
  return { outcome: "done", decided };
}

async function perform(desk: Desk, decided: Decided, effect: Effect): Promise<Carried> {
  if (effect.kind === "move-booking") return moveBooking(desk, decided, effect);
  if (overwritesAnEdit(desk, decided)) await noteLost(desk, decided);
  const follows = effect.kind === "remove-event" ? whereItFollowed(desk) : undefined;
  if (follows !== undefined) return handOver(desk, decided, follows);
  const answer = await performOne(desk, effect, decided.agreed.length === FIELDS.length);
  if (answer === "again") return { outcome: "again", decided };
  desk.done.push({ effect: effect.kind, answer });
  logEffect(desk, decided, effect, answer);
  return { outcome: "done", decided };
}

/** True where that is not in the journal yet: one entry serves all effects of a decision. */
function overwritesAnEdit({ map, along }: Desk, { lost }: Decided): boolean {
  if (along.length > 0) return true;
  const noted = map.journal.at(-1);
  if (noted?.note === AHEAD && isDeepStrictEqual(noted.lost, lost)) return false;
  return lost.some(({ side }) => side === "calendar");
}

/**
 * What a person's edit said is in the journal, and with a person to decide, before it is written over: dying in
 * between must not lose it (S49). The turn's own entry takes this one's place.
 */
async function noteLost(desk: Desk, decided: Decided): Promise<void> {
  const review = await reviewWrites(desk, decided);
  const journal = withEntry(desk, { ...entryOf(desk, decided, desk.saw), note: AHEAD });
  desk.map = { ...desk.map, journal, dirty: true, nextAttempt: later(desk.now, INTENT_MS) };
  const [version = ""] = await desk.store.commit([putMap(desk), ...review, ...desk.along, ...desk.counts]);
  desk.mapVersion = version;
  desk.storedMap = desk.map;
  desk.along = [];
  desk.counts = [];
}

function performOne(
  desk: Desk,
  effect: Exclude<Effect, { kind: "move-booking" }>,
  agreesWholly: boolean,
): Promise<string> {
  switch (effect.kind) {
    case "insert-event":
      return insertEvent(desk, effect.content);
    case "restore-event":
      return restoreEvent(desk, effect.content);
    case "patch-event":
      return patchEvent(desk, effect.content, { agreesWholly, ...takenIn(desk) });
    case "remove-event":
      return effect.how === "mark" ? markEvent(desk) : removeEvent(desk);
    case "cancel-booking":
      return cancelBooking(desk);
  }
}

/**
 * Insert under a deterministic id, after an intent (R2):
 *
 *   409 + live and ours            adopt: decide again on what is there
 *   409 + gone, insert begun before a person deleted or moved it after our crash, or the lost answer (S60, S59)
 *   409 + nothing there at all     one of the two answers is wrong: nothing follows from them (law 2)
 *   409 otherwise                  a former life: next incarnation
 *
 * Where the provider chooses the id, ours is the key that the event carries. Nobody promises a 409 for a key, so an
 * insert that was begun before is looked for first. What it made may be elsewhere by then: the next one has a key of its
 * own, and what still carries the first is told from a copy.
 */
export async function insertEvent(desk: Desk, content: Content): Promise<string> {
  const revived = desk.map.markedEventId === undefined ? "gone" : await reviveEvent(desk, content);
  if (revived !== "gone") return revived;
  const begunBefore = desk.map.intent?.eventId;
  for (let tries = 0; tries < MAX_INCARNATIONS; tries++) {
    const id = eventIdFor(desk.place.ws, desk.map.calendarId, desk.key, desk.map.incarnation);
    const begunAt = desk.world.clock.now();
    const isBegun = begunBefore === id;
    const isLookedFor = isBegun && desk.calendar.capabilities.assignsIds;
    if (isLookedFor && (await adoptInserted(desk, id)) === "adopted") return "again";
    const inserted = isLookedFor ? undefined : await insertUnder(desk, id, content, begunAt);
    if (inserted === "created") return inserted;
    const mayBeOurs = isBegun || (inserted === "perhaps-ours" && desk.calendar.capabilities.tombstones);
    if (inserted !== undefined && (await learnFromTaken(desk, id, mayBeOurs))) return "again";
    desk.map = { ...withoutIntent(desk.map), incarnation: desk.map.incarnation + 1 };
  }
  throw new Error(`${MAX_INCARNATIONS} event ids in a row were taken on ${desk.map.calendarId}`);
}

/** `perhaps-ours`: the id is taken, and an earlier try of this very call got no clear answer. Its deletion shows by a tombstone alone. */
async function insertUnder(
  desk: Desk,
  id: string,
  content: Content,
  begunAt: Instant,
): Promise<"created" | "taken" | "perhaps-ours"> {
  if (desk.map.intent?.eventId !== id) await commitIntent(desk, id, content);
  requireUnhindered(desk, begunAt);
  const properties = { ...markFor(desk, 1, content), ...keyProperty(desk.calendar, id) };
  try {
    const event = await desk.calendar.insert({ calendarId: desk.map.calendarId, id, content, properties });
    desk.map = { ...desk.map, since: desk.now };
    takeEvent(desk, event);
    return "created";
  } catch (error) {
    if (!isError(error, "EVENT_EXISTS")) throw error;
    return error.repeated ? "perhaps-ours" : "taken";
  }
}

/** An insert may take as long as this to begin. */
const HELD_UP_MS = 60_000;

/**
 * A worker that was held up since it looked is not alone any more: another may have made the event, and removed it
 * again, and no key would be taken by it. It opens the map anew.
 */
function requireUnhindered({ world, map }: Desk, since: Instant): void {
  if (world.clock.now() <= later(since, HELD_UP_MS)) return;
  throw new LockstepError("STORE_CONFLICT", { detail: `The insert of event ${map.eventId} was held up too long.` });
}

async function commitIntent(desk: Desk, eventId: string, content: Content): Promise<void> {
  const { event: _former, ...map } = desk.map;
  desk.map = {
    ...map,
    eventId,
    intent: { eventId, at: desk.now, content },
    status: "pending",
    dirty: true,
    nextAttempt: later(desk.now, INTENT_MS),
  };
  // With the booking: should it vanish before we are back, what the insert made can still be judged (R8).
  await commitBoth(desk);
}

/** Looks at what was made under this id or key, and takes it in where it is this map's own event. */
async function adoptInserted(desk: Desk, id: string): Promise<"adopted" | "not-ours" | "deleted" | "nothing"> {
  const found = await findByKey(desk.calendar, desk.map.calendarId, id);
  desk.eventRead = true;
  // Perhaps another worker was faster, and knows more: what is written next rests on a new look (R1, S32).
  desk.truthRead = false;
  if (found === undefined) return "nothing";
  if (found.state !== "live") return isFormerLife(desk, found) ? "not-ours" : "deleted";
  if (markedBooking(desk.workspace, found.properties) !== desk.place.bookingId) return "not-ours";
  desk.map = { ...desk.map, since: desk.now };
  recoverBase(desk, found);
  takeEvent(desk, found);
  return "adopted";
}

/** Clocks of ours and the provider's are closer than this. */
const CLOCKS_MS = 30_000;

/** A former life's tombstone: no booking goes for what was deleted before its insert was begun (law 3). */
function isFormerLife({ map }: Desk, { updated }: CalendarEvent): boolean {
  return map.intent !== undefined && updated !== undefined && updated < later(map.intent.at, -CLOCKS_MS);
}

/** True where the taken id is this map's own event; then its state is on the desk. */
async function learnFromTaken(desk: Desk, id: string, mayBeOurs: boolean): Promise<boolean> {
  const found = await adoptInserted(desk, id);
  if (found === "adopted" || found === "not-ours" || !mayBeOurs) return found === "adopted";
  // Gone from here: deleted by a person, or moved to another calendar (R5).
  const { assignsIds } = desk.calendar.capabilities;
  const begun = desk.map;
  desk.map = { ...begun, ...(assignsIds ? { eventKey: id } : {}), since: desk.now };
  await readEvent(desk);
  if (found === "nothing" && !assignsIds && desk.map.event?.kind === "deleted") {
    desk.map = begun;
    throw contradicted(desk, id);
  }
  const { intent: _done, ...map } = desk.map;
  desk.map = map;
  return true;
}

/** An id of ours is taken by an event or its tombstone; where neither shows, no deletion follows (laws 2 and 3). */
function contradicted({ map }: Desk, id: string): LockstepError {
  return new LockstepError("PROVIDER_UNAVAILABLE", {
    detail: `Calendar ${map.calendarId} said that event ${id} exists, and shows neither it nor its tombstone.`,
    provider: "409 and nothing there",
  });
}

/** The private properties this event gets with a write. */
function markFor(desk: Desk, agreement: number, says: Content): Record<string, string> {
  const { workspace, resource, place, map } = desk;
  const shown = { id: place.bookingId, fields: shownFields(desk.booking) };
  const marker = markerFor(workspace, resource, shown, agreement, saidThere(desk, says));
  return map.eventKey === undefined ? marker : { ...marker, [EVENT_KEY]: map.eventKey };
}

/** Puts a deleted event back: a new incarnation, since a deleted id stays taken. */
async function restoreEvent(desk: Desk, content: Content): Promise<string> {
  const { event: _deleted, base: _former, overrule: _used, followed: _back, ...rest } = withoutIntent(desk.map);
  const { marker: _owed, imported: _theirs, ...map } = rest;
  desk.map = { ...map, eventId: "", incarnation: map.incarnation + 1, restored: map.restored + 1 };
  return insertEvent(desk, content);
}

/**
 * Patches under If-Match; only a confirmed answer becomes the observation (R3). Where a field stays
 * in dispute, the event must not say that it shows what the booking says.
 */
async function patchEvent(
  desk: Desk,
  content: Content,
  { agreesWholly = true, ...extra }: { agreesWholly?: boolean; free?: boolean } = {},
): Promise<string> {
  const etag = desk.map.event?.kind === "live" ? desk.map.event.etag : undefined;
  const says = (agreesWholly ? contentOf(desk) : undefined) ?? {};
  const agreement = (desk.map.base?.agreement ?? 0) + 1;
  const event = await desk.calendar.patch({
    calendarId: desk.map.calendarId,
    id: desk.map.eventId,
    ...(etag === undefined ? {} : { etag }),
    content,
    ...(desk.map.marker === "waived" ? {} : { properties: markFor(desk, agreement, says) }),
    ...extra,
  });
  if (desk.map.since === "") desk.map = { ...desk.map, since: desk.now };
  takeEvent(desk, event);
  return "changed";
}

/** What is taken in shows its booking from now on: busy, even where it had been struck out once (policy `mark`). */
function takenIn({ map }: Desk): { free?: false } {
  return map.base === undefined ? { free: false } : {};
}

/**
 * Removes the event. Before the call the booking remembers which event is on its way out, so that its
 * tombstone is never taken for a person's deletion, whenever we die.
 */
async function removeEvent(desk: Desk): Promise<string> {
  await commitEnding(desk);
  const answer = await removeWhereItIs(desk);
  if (answer === "again") return answer;
  desk.map = { ...desk.map, event: { kind: "deleted" } };
  return answer;
}

async function removeWhereItIs(desk: Desk): Promise<string> {
  const { event, eventId, calendarId } = desk.map;
  if (event?.kind === "elsewhere") return removeElsewhere(desk, event);
  const etag = event?.kind === "live" && event.etag !== undefined ? { etag: event.etag } : {};
  const answer = await desk.calendar.remove({ calendarId, id: eventId, ...etag });
  if (answer === "removed") return answer;
  // Carried away unseen: what it says there is looked at before it goes, or its booking has gone there too.
  const moved = await findElsewhere(desk, undefined);
  if (moved === undefined) return answer;
  desk.map = { ...desk.map, event: moved };
  desk.eventRead = true;
  return "again";
}

/** Policy `mark`: the event stays, struck out, for people to see. What it says then is nothing that was agreed. */
async function markEvent(desk: Desk): Promise<string> {
  if (desk.map.event?.kind !== "live") return removeEvent(desk);
  const title = struckOut(desk.map.event.content.title ?? "");
  await commitStrikeOut(desk, desk.map.eventId);
  if (title === desk.map.event.content.title && (await isStruckOutAlready(desk))) return "marked";
  await patchEvent(desk, { title }, { agreesWholly: false, free: true });
  return "marked";
}

/** People carried it here as it was: there is nothing to write. */
async function isStruckOutAlready(desk: Desk): Promise<boolean> {
  const found = await desk.calendar.get(desk.map.calendarId, desk.map.eventId);
  return found?.state === "live" && found.meeting === undefined && isStruckOut(found.content.title);
}

/**
 * Re-enabled after policy `mark`: the same event is itself again. `gone`, or a person's by now: whoever takes the marker
 * from a struck-out event keeps it (law 1). It is read first, since nobody looked at it meanwhile: one whose title is struck
 * out no more was revived by a call whose answer was lost, or renamed by people, and then is still shown as free; what they
 * did to it is decided on.
 */
async function reviveEvent(desk: Desk, content: Content): Promise<"revived" | "again" | "gone"> {
  const marked = desk.map;
  const { markedEventId: eventId = "", event: _former, ...map } = marked;
  // A write of ours that is still on its way does not fit the version that it gets.
  const isBegun = desk.storedMap?.eventId === eventId;
  const found = await desk.calendar.get(map.calendarId, eventId);
  if (found?.state === "live") await commitStrikeOut(desk, eventId);
  desk.map = { ...map, eventId, since: desk.now };
  if (found !== undefined) recoverBase(desk, found);
  if (found?.state === "live") takeEvent(desk, found);
  // Its tombstone says what only its revival wrote: a person deleted it since.
  if (found?.state === "deleted" && desk.map.base !== undefined) {
    await readEvent(desk);
    return "again";
  }
  try {
    if (desk.map.event?.kind === "live" && desk.map.event.marked) {
      if (!isStruckOut(desk.map.event.content.title)) {
        if (isBegun || found?.meeting === undefined) await patchEvent(desk, {}, { agreesWholly: false, free: false });
        return "again";
      }
      await patchEvent(desk, content, { free: false });
      return "revived";
    }
  } catch (error) {
    if (isError(error, "EVENT_CHANGED")) desk.map = marked;
    if (!isError(error, "EVENT_MISSING")) throw error;
  }
  desk.map = { ...map, eventId: "", incarnation: map.incarnation + 1 };
  return "gone";
}

/** What was read longer ago than this is read again before a call that nobody can take back. */
const FRESH_MS = 30_000;

/**
 * Cancels at the source, after an intent; the turn has read both sides just before (R5). A worker that was held up
 * in between looks again: the source knows no precondition that would stop it.
 */
async function cancelBooking(desk: Desk): Promise<string> {
  const { source } = desk;
  if (!source.cancels)
    throw new LockstepError("INTERNAL", { detail: "A cancellation was decided that its source cannot carry out." });
  desk.map = { ...desk.map, dirty: true, nextAttempt: later(desk.now, INTENT_MS) };
  await commitMap(desk);
  const freshUntil = later(desk.readAt, FRESH_MS);
  if (desk.world.clock.now() > freshUntil) {
    desk.truthRead = false;
    desk.eventRead = false;
    return "again";
  }
  const answer = await source.cancel(desk.place.bookingId, freshUntil);
  const { seen } = desk.booking;
  if (seen !== undefined) {
    desk.booking = { ...desk.booking, seen: { ...seen, status: "cancelled" }, statusSince: desk.now };
  }
  return answer;
}
