import { channel } from "node:diagnostics_channel";
import { isError, isOurOwnFailure, LockstepError } from "../errors.ts";
import type { CalendarEvent } from "../ports/calendar.ts";
import { type Decided, decide } from "../sync/decide.ts";
import type { Span } from "../sync/time.ts";
import type { BookingItem } from "../topics/observations.ts";
import { waitsForAdoption } from "./adopt.ts";
import { takeRoom } from "./agenda.ts";
import type { Carried } from "./carried.ts";
import { carryOut } from "./carry-out.ts";
import { type Desk, isEnding, knownOf, openDesk, type Place, type Run } from "./desk.ts";
import { mapRef } from "./documents.ts";
import { guard } from "./guard.ts";
import { changedAt } from "./journal.ts";
import { readEvent, recoverBase, resolveIntent, takeEvent } from "./look.ts";
import { park } from "./park.ts";
import { resumeClaim } from "./rebook.ts";
import { bookingChanged, settle } from "./settle.ts";
import { resolveStrikeOut } from "./strike-out.ts";
import { inherit, isBeingRebooked } from "./succession.ts";
import { findSuccessor } from "./successor.ts";
import { takeUpImport } from "./take-up-import.ts";
import { tellOthers } from "./tell-others.ts";
import { readTruth } from "./truth.ts";
import type { World } from "./world.ts";

/** What a message tells a turn. */
export interface News {
  /** For the journal: what made Lockstep look. */
  readonly saw: string;
  readonly booking?: BookingItem;
  /** A live event, newer than what is stored. */
  readonly event?: CalendarEvent;
  /** Read the event before deciding. */
  readonly hintEvent?: boolean;
  /** Read both sides before deciding. */
  readonly force?: boolean;
}

/** Races on one map are rare, since a room's messages come one at a time. */
const MAX_RACES = 4;

/** Every decision as it is taken, for whoever measures (views and rule); without a listener it costs nothing. */
const decisions = channel("lockstep:decided");

/** How often a turn decides anew because the world moved under it. */
const MAX_ROUNDS = 6;

/**
 * One turn of one (booking, resource): look, decide, carry out, commit. Throws only where our own
 * store or bus fails (nack); a provider's failure is parked in the map (R6).
 */
export async function takeTurn(world: World, place: Place, run: Run, news: News, opened?: Desk): Promise<void> {
  let desk = opened ?? (await openDesk(world, place, run));
  let told = news;
  for (let races = 0; ; races++) {
    try {
      return await workOrPark(desk, told);
    } catch (error) {
      if (!isError(error, "STORE_CONFLICT") || races >= MAX_RACES) throw error;
      const { event: _old, ...rest } = told;
      told = { ...rest, force: true };
      const { claimed } = desk;
      desk = await openDesk(world, place, run);
      desk.claimed = claimed;
    }
  }
}

async function workOrPark(desk: Desk, news: News): Promise<void> {
  try {
    await work(desk, news);
  } catch (error) {
    if (isOurOwnFailure(error)) throw error;
    await park(desk, error);
  }
}

async function work(desk: Desk, news: News): Promise<void> {
  desk.saw = news.saw;
  if (isArriving(desk)) return;
  const carried = desk.booking.claim === undefined ? undefined : await resumeClaim(desk, decide(knownOf(desk)));
  if (carried === "busy") return;
  if (carried !== undefined && (await finish(desk, carried, news))) return;
  if (await waitsForAdoption(desk)) return;
  await look(desk, news);
  if (await isBeingRebooked(desk)) return;
  const successor = await findSuccessor(desk);
  if (successor !== undefined && (await handOver(desk, successor))) return;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    await resolveStrikeOut(desk);
    if (await decideOnce(desk, news)) return;
  }
  throw new LockstepError("EVENT_CHANGED", {
    detail: `Event ${desk.map.eventId} changed ${MAX_ROUNDS} times while it was being brought in step.`,
  });
}

/** The event comes here from another resource, whose turn brings its map along: a second one would be a twin. */
function isArriving({ booking, map, place, now }: Desk): boolean {
  const { arriving } = booking;
  return map.eventId === "" && arriving?.resource === place.resource && arriving.until > now;
}

/** The booking lives on under another id (S07): its turn takes the event over. False where it could not. */
async function handOver({ world, place, run, store, key }: Desk, successor: string): Promise<boolean> {
  const booking: BookingItem = { bookingId: successor, evidence: "seen", supersedes: place.bookingId };
  const saw = `rescheduled from ${place.bookingId}`;
  await takeTurn(world, { ...place, bookingId: successor }, run, { saw, booking });
  return (await store.get(mapRef(key, place.resource))) === undefined;
}

/**
 * Takes in the news, with the reads it asks for. Where an earlier turn left something to do, both sides
 * are read: what could not be read then is not forgotten because something else is news now (R6).
 */
async function look(desk: Desk, news: News): Promise<void> {
  const { booking } = news;
  const force = news.force === true || desk.map.dirty || isEnding(desk);
  if ((booking !== undefined || force) && !desk.truthRead) await readTruth(desk, booking?.around, booking?.version);
  // A successor that vanished before it was read takes nothing over: what it was to follow keeps its event.
  const former = desk.truth?.predecessor ?? booking?.supersedes;
  if (former !== undefined && desk.booking.seen !== undefined) await inherit(desk, former);
  if (booking !== undefined) await takeHint(desk, booking);
  const pointsAtEvent = desk.map.eventId !== "" && desk.map.intent === undefined;
  if (news.event !== undefined) {
    recoverBase(desk, news.event);
    takeEvent(desk, news.event);
    desk.eventRead = true;
  } else if ((force || news.hintEvent === true || desk.adopting) && pointsAtEvent) {
    await readEvent(desk);
  }
}

/** The parts of a booking's hint that are not its content. */
async function takeHint(desk: Desk, item: BookingItem): Promise<void> {
  const { seen } = desk.booking;
  if (item.hash !== undefined) desk.booking = { ...desk.booking, hash: item.hash };
  if (seen?.status === "absent") {
    desk.booking = {
      ...desk.booking,
      seen: { ...seen, missing: item.evidence === "missing" || seen.missing === true },
    };
  }
  await tellOthers(desk);
  // What tells nothing new costs no write, not even to be recognised when it comes again (R12).
  if (item.deliveryId !== undefined && bookingChanged(desk)) {
    desk.booking = { ...desk.booking, deliveries: [...desk.booking.deliveries, item.deliveryId].slice(-10) };
  }
}

/** One decision. True where the turn is over. */
async function decideOnce(desk: Desk, news: News): Promise<boolean> {
  desk.along = [];
  desk.counts = [];
  if (isUnread(desk)) await readEvent(desk);
  await takeRoom(desk);
  const wanted = signed(desk, renamed(desk, decide(knownOf(desk))));
  if (decisions.hasSubscribers) decisions.publish({ ...wanted.views, rule: wanted.rule });
  if (desk.map.intent !== undefined && wanted.status === "cancelled" && !desk.eventRead) {
    await resolveIntent(desk);
    return false;
  }
  if (needsTruth(desk, wanted) && !desk.truthRead) {
    await readTruth(desk, lastSpan(desk));
    return false;
  }
  if (needsEvent(wanted) && !desk.eventRead) {
    await readEvent(desk);
    return false;
  }
  if (wanted.rule === "create-event" && (await takeUpImport(desk))) return false;
  const decided = await guard(desk, wanted);
  desk.since = changedAt(desk, decided);
  try {
    return await finish(desk, await carryOut(desk, decided), news);
  } catch (error) {
    if (!isError(error, "EVENT_CHANGED", "EVENT_MISSING", "BOOKING_CHANGED")) throw error;
    // What is to be revived is read by whoever revives it.
    if (desk.map.eventId !== "") await readEvent(desk);
    await readTruth(desk);
    return false;
  }
}

/** Right but for its name: an event that missed its booking's last rebooking gets the present id (R4). */
function renamed(desk: Desk, decided: Decided): Decided {
  const isRight = decided.effects.length === 0 && decided.status === "active" && decided.views.booking !== "doubtful";
  if (!desk.misnamed || !isRight || desk.map.event?.kind !== "live") return decided;
  return { ...decided, effects: [{ kind: "patch-event", content: {} }] };
}

/**
 * An imported event that stays gets the marker that it is owed, whatever else is done. One that was to go and stays after
 * all is written to, too, or one left behind and taken in: a removal of ours that is still on its way does not fit its
 * new version.
 */
function signed(desk: Desk, decided: Decided): Decided {
  const { effects, views } = decided;
  const { event, marker } = desk.map;
  const isDoubtful = views.booking === "unseen" || views.booking === "doubtful";
  const mayBeRemoved = isEnding(desk) || desk.takenIn;
  const isOwed = marker === "owed" || (mayBeRemoved && decided.rule !== "marker-removed");
  if (!isOwed || event?.kind !== "live" || isDoubtful) return decided;
  if (effects.some(({ kind }) => kind !== "move-booking")) return decided;
  return { ...decided, effects: [...effects, { kind: "patch-event", content: {} }] };
}

/** The map points at an event that nobody has seen under this pointer. */
function isUnread({ map, eventRead }: Desk): boolean {
  return map.eventId !== "" && map.intent === undefined && map.event === undefined && !eventRead;
}

async function finish(desk: Desk, carried: Carried, news: News): Promise<boolean> {
  if (carried.outcome === "settled") return true;
  if (carried.outcome === "again") return false;
  if (carried.outcome === "instead") return finish(desk, await carryOut(desk, carried.decided), news);
  await settle(desk, carried.decided, news.saw);
  return true;
}

/**
 * Whatever is written somewhere, or asked of a person, rests on the booking as it is now (R1). A move in
 * place names the version it rests on, where there is one: there the source itself sees to that.
 */
function needsTruth({ source, booking }: Desk, decided: Decided): boolean {
  const movesOnly = decided.effects.every(({ kind }) => kind === "move-booking") && decided.question === undefined;
  if (movesOnly && source.moves === "update" && booking.seen?.version !== undefined) return false;
  return (
    decided.effects.length > 0 ||
    decided.views.booking === "unseen" ||
    (decided.question !== undefined && decided.rule !== "marker-removed")
  );
}

/** What goes to the booking source rests on the event as it is now (R1, R5). */
function needsEvent(decided: Decided): boolean {
  return decided.effects.some(
    ({ kind }) => kind === "cancel-booking" || kind === "move-booking" || kind === "restore-event",
  );
}

function lastSpan(desk: Desk): Span | undefined {
  return desk.booking.seen?.span ?? desk.map.base?.booking.span;
}
