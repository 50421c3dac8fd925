import type { CalendarEvent } from "../ports/calendar.ts";
import { later } from "../sync/time.ts";
import { commitMap, type Desk, openDesk, type Place, type Run, settingsOf } from "./desk.ts";
import { type BookingDoc, type BookingKey, bookingKey, bookingRef, type EventMap, mapRef } from "./documents.ts";
import { eventIdFor } from "./event-id.ts";
import { keyOf } from "./event-key.ts";
import { learned, withoutIntent } from "./incarnation.ts";
import { INTENT_MS } from "./intent.ts";
import { recoverBase, takeEvent } from "./look.ts";
import { bookedFor } from "./new-booking.ts";
import { resourcesOf } from "./resources.ts";
import { takeTurn } from "./turn.ts";
import { hasOwn, removeTwin } from "./twin.ts";
import type { World } from "./world.ts";

/** Former lives that are tried to recognise an id as one of ours. */
const MAX_INCARNATIONS = 50;

/** Whose an event with our marker is that no map points at. */
export type StrayOwner =
  /** This map's: carried here from another calendar or back, under an id that the provider gave it on its way. */
  | EventMap
  /** Lockstep made it for this booking, and a worker that died left it behind (law 6). */
  | "orphan"
  /** None of ours: copied by a person. */
  | "copy";

/**
 * Nobody else can have an id that we chose, since a copy gets a new one. Where the provider chooses ids, a key is
 * copied along with the event: ours is the one whose iCalUID was known, and whatever carries a key whose insert was
 * never learned of.
 */
export async function ownerOfStray(
  world: World,
  place: Place,
  event: Pick<CalendarEvent, "id" | "iCalUid" | "properties">,
): Promise<StrayOwner> {
  const calendar = world.calendar(place.ws, settingsOf(world, place).resource.calendar);
  const key = keyOf(calendar, event);
  if (calendar.capabilities.assignsIds) return ownerByUid(await mapsOf(world, place), event, key);
  return key !== undefined && (await isMadeFor(world, place, key)) ? "orphan" : "copy";
}

function ownerByUid(
  maps: readonly EventMap[],
  { id, iCalUid }: Pick<CalendarEvent, "id" | "iCalUid">,
  key: string | undefined,
): StrayOwner {
  const carried = maps.find(
    ({ uids, eventId }) => iCalUid !== undefined && uids?.at(-1) === iCalUid && eventId !== "" && eventId !== id,
  );
  if (carried !== undefined) return carried;
  return key !== undefined && maps.some((map) => isOf(map, iCalUid, key)) ? "orphan" : "copy";
}

async function isMadeFor(world: World, place: Place, id: string): Promise<boolean> {
  const resources = resourcesOf(settingsOf(world, place).workspace, place.source);
  const incarnations = Array.from({ length: MAX_INCARNATIONS }, (_, incarnation) => incarnation);
  return (await keysOf(world, place)).some((key) =>
    resources.some(([, { calendar }]) => incarnations.some((life) => eventIdFor(place.ws, calendar, key, life) === id)),
  );
}

/** All maps of the booking: on every resource, and under every id that it had. */
async function mapsOf(world: World, place: Place): Promise<EventMap[]> {
  const { workspace } = settingsOf(world, place);
  const keys = await keysOf(world, place);
  const refs = keys.flatMap((key) => resourcesOf(workspace, place.source).map(([name]) => mapRef(key, name)));
  const stored = await world.store(place.ws).getMany(refs);
  // Proof: only Lockstep writes maps, with this shape.
  return stored.flatMap((found) => (found === undefined ? [] : [found.data as unknown as EventMap]));
}

function isOf({ intent, unlearned = [], uids = [] }: EventMap, uid: string | undefined, key: string): boolean {
  return intent?.eventId === key || unlearned.includes(key) || (uid !== undefined && uids.includes(uid));
}

/** Ids of one booking that are looked through for an event that it left behind. */
const MAX_IDS = 20;

/**
 * Every id that the booking had or went on under, since a rebooked event keeps its first id; and what it was booked for,
 * since an event can bear the name of a move that was taken back.
 */
async function keysOf(world: World, { ws, source, bookingId }: Place): Promise<BookingKey[]> {
  const keys = new Set([bookingKey(source, bookingId)]);
  for (const key of keys) {
    if (keys.size > MAX_IDS) break;
    const booking = (await world.store(ws).get<BookingDoc>(bookingRef(key)))?.data;
    const origin = booking?.seen === undefined ? undefined : bookedFor(booking.seen);
    const formerIds = [...(booking?.formerIds ?? []), ...(origin === undefined ? [] : [origin])];
    for (const id of formerIds) keys.add(bookingKey(source, id));
    if (booking?.supersededBy !== undefined) keys.add(booking.supersededBy);
  }
  return [...keys];
}

/**
 * Gives the orphan back to its map, and lets the turn decide. Beside another event of ours that stands it is a twin,
 * and goes; where that other was deleted, taking back this one is what the person meant.
 */
export async function takeInOrphan(world: World, place: Place, run: Run, event: CalendarEvent): Promise<void> {
  const desk = await openDesk(world, place, run);
  // Since it was looked for, its map was committed: it is no twin of itself.
  if (desk.map.eventId === event.id)
    return takeTurn(world, place, run, { saw: `event live in ${run.id}`, hintEvent: true }, desk);
  const isTwin = desk.map.eventId === "" ? isMarkedTwin(desk, event) : await hasOwn(desk);
  if (isTwin) return removeTwin(desk, event, desk.map);
  const { event: _gone, base: _former, eventKey: _key, ...map } = withoutIntent(desk.map);
  const key = keyOf(desk.calendar, event);
  desk.map = { ...map, eventId: event.id, since: desk.now, ...(key !== event.id && key && { eventKey: key }) };
  desk.map = learned(desk.map, key);
  // As it was written it is agreed already: only what was said on either side since then is news.
  recoverBase(desk, event);
  takeEvent(desk, event);
  desk.eventRead = true;
  desk.takenIn = true;
  // Before it is written to: whoever deletes it from now on deletes what shows its booking, and no second one is made.
  desk.map = { ...desk.map, dirty: true, nextAttempt: later(desk.now, INTENT_MS) };
  await commitMap(desk);
  await takeTurn(world, place, run, { saw: `orphaned event in ${run.id}` }, desk);
}

/** Beside the event that was kept and struck out another of the same booking says nothing new (policy `mark`). */
function isMarkedTwin({ map }: Desk, event: CalendarEvent): boolean {
  return map.markedEventId !== undefined && map.markedEventId !== event.id;
}
