import { findWorkspace } from "../config.ts";
import { isOurOwnFailure, LockstepError } from "../errors.ts";
import type { CalendarEvent } from "../ports/calendar.ts";
import type { DocumentStore, Stored } from "../ports/store.ts";
import { decide } from "../sync/decide.ts";
import { compareVersions } from "../sync/event.ts";
import type { Instant } from "../sync/time.ts";
import { type BookingItem, type EventItem, type Observation, UNROUTED } from "../topics/observations.ts";
import { ensureConnected } from "./connect-calendar.ts";
import { type Desk, isEnding, isUnfinished, knownOf, layOut, openDesk, type Place, settingsOf } from "./desk.ts";
import { type BookingDoc, bookingKey, bookingRef, type EventMap, mapRef } from "./documents.ts";
import { keyOf } from "./event-key.ts";
import { considerMeeting } from "./import-meeting.ts";
import { isKept } from "./look.ts";
import { markedBooking } from "./marker.ts";
import { ownerOfStray, takeInOrphan } from "./orphan.ts";
import { publishBookingHint, publishEventHint } from "./publish.ts";
import { listAnew } from "./read-ahead.ts";
import { resourcesNamed } from "./resources.ts";
import { ensureReview, isReviewOpen } from "./review.ts";
import { isStruckOut } from "./struck-title.ts";
import { readTruth } from "./truth.ts";
import { takeTurn } from "./turn.ts";
import type { WorkspaceConfig, World } from "./world.ts";

/** A message older than this may tell of a world long gone: only a hint (R1). */
const STALE_MS = 60_000;

export interface Delivery {
  readonly attempt?: number;
  readonly publishedAt?: Instant;
}

/**
 * Works on what a trigger saw, item by item; the only caller of the core. A bad item is parked alone
 * (law 10). Throws only where store or bus fail: then the whole message comes again, and what was
 * done already shows as nothing new.
 */
export async function syncObservations(world: World, observation: Observation, delivery: Delivery = {}): Promise<void> {
  if (observation.kind === "booking-seen") {
    for (const item of observation.items)
      await leaveToNextLook(world, observation, () => syncBooking(world, observation, item));
    return;
  }
  const again = isAgain(world, delivery);
  for (const item of observation.items) {
    await leaveToNextLook(world, observation, () => syncEvent(world, observation, item, again));
  }
}

/**
 * A provider that fails before there is a map to park in: nothing is lost by letting the hint go (R6: only our own
 * store's failure nacks). The source's next poll lists everything anyway; a calendar's does so from now on.
 */
async function leaveToNextLook(world: World, seen: Observation, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof LockstepError) || isOurOwnFailure(error)) throw error;
    const { ws, resource, kind } = seen;
    world.log.write("WARNING", "hint left to the next look", {
      ws,
      resource,
      kind,
      code: error.code,
      providerError: error.provider,
      detail: error.message,
    });
    if (seen.kind === "event-seen") await listAnew(world, ws, seen.calendarId);
  }
}

/** On redelivery, replay or long delay the content is only a hint. */
function isAgain(world: World, { attempt = 1, publishedAt }: Delivery): boolean {
  if (attempt > 1) return true;
  return publishedAt !== undefined && Date.parse(world.clock.now()) - Date.parse(publishedAt) > STALE_MS;
}

type BookingSeen = Extract<Observation, { kind: "booking-seen" }>;
type EventSeen = Extract<Observation, { kind: "event-seen" }>;

async function syncBooking(world: World, seen: BookingSeen, item: BookingItem): Promise<void> {
  const { ws, resource, source } = seen;
  if (resource === UNROUTED) return route(world, seen, item);
  const place: Place = { ws, resource, source, bookingId: item.bookingId };
  if (!(await ensureConnected(world, ws, settingsOf(world, place).resource.calendar))) return;
  const desk = await openDesk(world, place, seen.run);
  if (isNothingNew(desk, item) || isNeverSeenAndCancelled(desk, item)) return;
  if (await isSuperseded(desk, item)) return;
  await takeTurn(
    world,
    place,
    desk.run,
    { saw: `booking ${item.evidence} in ${seen.run.id}`, booking: item, force: item.force === true },
    desk,
  );
}

/** Told that a booking changed, but not where: we know where it was, or the source where it is. */
async function route(world: World, { ws, source }: BookingSeen, item: BookingItem): Promise<void> {
  const workspace = findWorkspace(world.config, ws);
  if (workspace === undefined) return;
  const stored = await world.store(ws).get<BookingDoc>(bookingRef(bookingKey(source, item.bookingId)));
  if (stored !== undefined && isKnownVersion(stored.data, item)) return;
  // Where it was it is read in its turn, which tells the resources it has come to (R9).
  const known = stored?.data.resources ?? [];
  const resources = known.length > 0 ? known : await findResources(world, workspace, { ws, source }, item);
  for (const resource of resources) {
    await publishBookingHint(world, { ws, resource, source, bookingId: item.bookingId }, "routed", item.version);
  }
}

async function findResources(
  world: World,
  workspace: WorkspaceConfig,
  { ws, source }: Pick<BookingSeen, "ws" | "source">,
  { bookingId }: BookingItem,
): Promise<string[]> {
  const read = await world.source(ws, source).read([{ id: bookingId }]);
  return resourcesNamed(workspace, source, read.get(bookingId)?.resources ?? []);
}

/**
 * Nothing new: the same hash, version or delivery as handled last, nothing left behind, and what is stored
 * asks for nothing. Costs two reads and no call.
 */
function isNothingNew(desk: Desk, item: BookingItem): boolean {
  const { storedBooking } = desk;
  if (storedBooking === undefined || item.force === true || item.evidence === "missing" || isUnfinished(desk))
    return false;
  const sameHash = item.hash !== undefined && item.hash === storedBooking.hash;
  const sameDelivery = item.deliveryId !== undefined && storedBooking.deliveries.includes(item.deliveryId);
  if (!sameHash && !sameDelivery && !isKnownVersion(storedBooking, item)) return false;
  if (storedBooking.supersededBy !== undefined) return true;
  // A doubt that only another resource's turn knows of wakes nobody here.
  const { effects, views } = decide(knownOf(desk));
  return effects.length === 0 && views.booking !== "doubtful";
}

/** Announced was a version that has been read already (R1). */
function isKnownVersion({ seen }: BookingDoc, { version }: BookingItem): boolean {
  return version !== undefined && seen?.version !== undefined && version <= seen.version;
}

function isNeverSeenAndCancelled(desk: Desk, item: BookingItem): boolean {
  return item.cancelled === true && desk.storedBooking === undefined && desk.storedMap === undefined;
}

/**
 * A booking that lives on under another id is only worked on where it left an event behind, or came
 * back to life itself.
 */
async function isSuperseded(desk: Desk, item: BookingItem): Promise<boolean> {
  if (desk.booking.supersededBy === undefined || desk.map.eventId !== "") return false;
  await readTruth(desk, item.around);
  if (desk.booking.seen?.status === "live") {
    const { supersededBy: _back, ...booking } = desk.booking;
    desk.booking = booking;
    return false;
  }
  const booking = item.hash === undefined ? desk.booking : { ...desk.booking, hash: item.hash };
  if (booking.hash !== desk.storedBooking?.hash) {
    await desk.store.commit([
      { kind: "put", ref: bookingRef(desk.key), data: booking, ifVersion: desk.bookingVersion },
    ]);
  }
  return true;
}

async function syncEvent(world: World, seen: EventSeen, item: EventItem, again: boolean): Promise<void> {
  const { ws, resource } = seen;
  const map = await findMap(world, seen, item);
  if (map === undefined) return;
  const version =
    item.state === "live" && item.hint !== true ? compareVersions(item, storedVersion(map.data)) : "reread";
  const unfinished = map.data.dirty || map.data.intent !== undefined;
  if (!unfinished && (version === "older" || version === "same")) return;
  if (!unfinished && item.hint !== true && isKnownDeletion(map.data, item)) return;
  if (item.state === "live" && (item.unreadable !== undefined || !isKept(map.data, item))) {
    return quarantine(world, seen, item, map);
  }
  const place: Place = { ws, resource, source: map.data.source, bookingId: map.data.bookingId };
  const booking = await world.store(ws).get<BookingDoc>(bookingRef(map.data.key));
  const desk = layOut(world, place, seen.run, map, booking);
  const fresh = version === "newer" && !again && !isEnding(desk);
  const saw = `event ${item.state} in ${seen.run.id}`;
  const news = fresh ? { saw, event: asEvent(item) } : { saw, hintEvent: true, force: isEnding(desk) };
  await takeTurn(world, place, desk.run, news, desk);
}

function storedVersion(map: EventMap) {
  return map.event?.kind === "live" ? map.event : undefined;
}

/** The tombstone of an event known to be gone already (held, asked, or over). */
function isKnownDeletion(map: EventMap, item: EventItem): boolean {
  return item.state === "deleted" && map.event?.kind === "deleted";
}

function asEvent(item: EventItem): CalendarEvent {
  const { hint: _hint, eventId, ...event } = item;
  return { id: eventId, ...event };
}

/**
 * The map that points at this event. Our marker names the booking; a bare tombstone is looked up by
 * its id (R13). A retired pointer finds nothing: its tombstone never cancels (R5).
 */
async function findMap(world: World, seen: EventSeen, item: EventItem): Promise<Stored<EventMap> | undefined> {
  const { workspace, resource } = settingsOf(world, seen);
  const store = world.store(seen.ws);
  const named = markedBooking(workspace, item.properties);
  const key = named === undefined ? undefined : bookingKey(resource.source, named);
  const direct = key === undefined ? undefined : await store.get<EventMap>(mapRef(key, seen.resource));
  if (direct?.data.eventId === item.eventId) return direct;
  // Made under a key, seen before the insert's own answer was saved: no stray.
  const made = keyOf(world.calendar(seen.ws, seen.calendarId), { ...item, id: item.eventId });
  if (made !== undefined && direct?.data.intent?.eventId === made) return direct;
  // Kept on purpose after its booking's cancellation (policy `mark`): nobody's orphan, and nothing to do.
  if (direct?.data.markedEventId === item.eventId && !(await isBackBesideIts(store, seen, direct.data, item)))
    return undefined;
  const found = await store.query<EventMap>({
    collection: "eventMaps",
    where: [{ field: "eventId", op: "==", value: item.eventId }],
    limit: 5,
  });
  const here = found.find((map) => map.data.resource === seen.resource);
  if (here !== undefined) return here;
  const [elsewhere] = found;
  if (elsewhere !== undefined) {
    await tellItsOwner(world, seen.ws, elsewhere.data);
  } else if (named === undefined) {
    const room = { ws: seen.ws, resource: seen.resource, source: resource.source };
    const run = { id: seen.run.id, absent: seen.run.absent };
    await considerMeeting({ world, room, run, calendarId: seen.calendarId }, item.eventId);
  } else if (item.state === "live" && item.series !== "instance") {
    await takeInStray(world, seen, item, {
      ws: seen.ws,
      resource: seen.resource,
      source: resource.source,
      bookingId: named,
    });
  }
  return undefined;
}

/**
 * A struck-out event is as it was before, out of the bin of the calendar it once stood on, while its booking takes place
 * again on another resource: it shows what does not take place here.
 */
async function isBackBesideIts(
  store: DocumentStore,
  seen: EventSeen,
  { key }: EventMap,
  item: EventItem,
): Promise<boolean> {
  if (item.state !== "live" || isStruckOut(item.content.title)) return false;
  const booking = (await store.get<BookingDoc>(bookingRef(key)))?.data;
  return booking?.seen?.status === "live" && !booking.resources.includes(seen.resource);
}

/** Our event on another resource's calendar: its own resource decides (R9, S59). */
async function tellItsOwner(world: World, ws: string, map: EventMap): Promise<void> {
  await publishEventHint(world, ws, map.resource, map.calendarId, map.eventId);
}

/** An event with our marker that no map points at: left behind by a worker that died, or copied by a person. */
async function takeInStray(world: World, seen: EventSeen, item: EventItem, place: Place): Promise<void> {
  if (item.hint === true || item.unreadable !== undefined || item.series !== undefined) return;
  const owner = await ownerOfStray(world, place, { ...item, id: item.eventId });
  // A copy that was shown already costs no further look at it.
  if (owner === "copy" && (await isReviewOpen(world.store(seen.ws), copyReview(item.eventId)))) return;
  if (owner !== "orphan" && owner !== "copy") return tellItsOwner(world, seen.ws, owner);
  const event = await world.calendar(seen.ws, seen.calendarId).get(seen.calendarId, item.eventId);
  // Since it was listed a person may have deleted it or made it theirs (law 1), or it was ours and went.
  const { workspace } = settingsOf(world, place);
  if (event?.state !== "live" || markedBooking(workspace, event.properties) !== place.bookingId) return;
  if (owner === "copy") return showCopy(world, seen, item, place.bookingId);
  await takeInOrphan(world, place, seen.run, event);
}

function copyReview(eventId: string): string {
  return `copied-event~${eventId}`;
}

/** An event that carries our marker but is none of ours: copied by a person. Left alone, and shown. */
async function showCopy(world: World, seen: EventSeen, item: EventItem, named: string): Promise<void> {
  const about = { resource: seen.resource, calendarId: seen.calendarId, eventId: item.eventId };
  const detail = `Event ${item.eventId} names booking ${named} but is not its event, perhaps a copy: it is left alone.`;
  await ensureReview(
    world.store(seen.ws),
    { id: copyReview(item.eventId), kind: "copied-event", detail, ...about },
    world.clock.now(),
  );
}

/**
 * An event that cannot be understood is set aside alone, with its reason (S40, S41). The map names the
 * review item, which closes with the next turn that understands the event.
 */
async function quarantine(world: World, seen: EventSeen, item: EventItem, map: Stored<EventMap>): Promise<void> {
  const store = world.store(seen.ws);
  const why = item.unreadable ?? "it became part of a series, which is not kept in step";
  const id = `quarantined~${item.eventId}`;
  await ensureReview(
    store,
    {
      id,
      kind: "quarantined",
      detail: `Event ${item.eventId} of booking ${map.data.bookingId} on ${seen.resource}: ${why}.`,
      key: map.data.key,
      resource: seen.resource,
      calendarId: seen.calendarId,
      eventId: item.eventId,
    },
    world.clock.now(),
  );
  if (map.data.reviewId !== undefined) return;
  await store.commit([{ kind: "put", ref: map.ref, data: { ...map.data, reviewId: id }, ifVersion: map.version }]);
}
