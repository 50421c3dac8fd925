import { isError, LockstepError } from "../errors.ts";
import type { CalendarEvent } from "../ports/calendar.ts";
import { ABSENT, type Write } from "../ports/store.ts";
import { type Content, differingFields, FIELDS, type Field, pick } from "../sync/content.ts";
import type { Decided } from "../sync/decide.ts";
import type { Base } from "../sync/event-map.ts";
import { later, type Span } from "../sync/time.ts";
import { type Desk, saidThere, settingsOf } from "./desk.ts";
import { type BookingDoc, bookingKey, bookingRef, type Claim, type EventMap, mapRef } from "./documents.ts";
import { originOf } from "./effect-log.ts";
import { INTENT_MS } from "./intent.ts";
import { entryOf, withEntry } from "./journal.ts";
import { markedBooking, markerFor, saysTheSame, withoutAgreement } from "./marker.ts";
import { requireUnclaimed } from "./new-booking.ts";
import { publishBookingHint } from "./publish.ts";
import { renderContent } from "./render.ts";
import { resourcesNamed } from "./resources.ts";
import { withEdit } from "./settle.ts";
import { meet, removeTwinUnder } from "./twin.ts";

/**
 * The last steps of a rebooking: the event gets the new booking's id, and map and booking live on
 * under it in one commit. The old id stays as `supersededBy`, and its next incarnation is kept, since
 * its event lives on under another name.
 */
export async function moveMap(desk: Desk, decided: Decided, claim: Claim, resumed: boolean): Promise<void> {
  const { ws, source } = desk.place;
  const booked = desk.truth;
  if (booked === undefined || claim.newId === undefined)
    throw new Error("a rebooking ends with a read of the new booking");
  const target = settingsOf(desk.world, { ws, resource: claim.resource }).resource;
  const seen = { status: booked.status, span: booked.span, fields: booked.fields };
  // Agreed is what the saga carried over; what became of the new booking since is its own change (S61).
  const content = renderContent(target, { id: claim.newId, span: claim.span, fields: claim.old.fields });
  const saysNow = renderContent(target, { id: claim.newId, span: booked.span, fields: booked.fields });
  const number = (desk.map.base?.agreement ?? 0) + 1;
  const calendar = desk.world.calendar(ws, target.calendar);
  const renamed = { id: claim.newId, fields: booked.fields };
  const properties = markerFor(desk.workspace, target, renamed, number, saidThere({ calendar }, content));
  const patched = await patchUnderNewName(desk, target.calendar, claim.patch, properties);
  const key = bookingKey(source, claim.newId);
  const booking: BookingDoc = {
    key,
    source,
    bookingId: claim.newId,
    resources: resourcesNamed(desk.workspace, source, booked.resources),
    seen,
    hash: booked.hash,
    firstSeen: desk.booking.firstSeen,
    statusSince: desk.now,
    readAt: desk.now,
    formerIds: [...desk.booking.formerIds, desk.place.bookingId],
    ...(desk.booking.undoneIds && { undoneIds: desk.booking.undoneIds }),
    deliveries: [],
  };
  // Whatever befell the new booking while nobody was looking is looked at right away.
  const unseen = resumed || differingFields(saysNow, content).length > 0;
  const map = movedMap(desk, decided, {
    ...{ key, bookingId: claim.newId, resource: claim.resource, calendarId: target.calendar, span: claim.span },
    ...{ content, patched, open: fieldsOf(patched.unwritten), unseen, number },
    saw: `rebooked from ${desk.place.bookingId}`,
  });
  await commitMove(desk, booking, map);
  if (map.dirty) await publishBookingHint(desk.world, { ws, ...map }, "rebooked");
}

/**
 * One commit for all four documents. Where the new id has documents already (its hint came while we
 * were booking), ours take their place; an event made for it meanwhile is a twin, and goes, while ours stands.
 */
async function commitMove(desk: Desk, booking: BookingDoc, map: EventMap): Promise<void> {
  const refs = [mapRef(map.key, map.resource), bookingRef(booking.key)] as const;
  try {
    await desk.store.commit([...retire(desk, booking.key), ...arrive(booking, map, ABSENT, ABSENT), ...desk.along]);
    return;
  } catch (error) {
    if (!isError(error, "STORE_CONFLICT")) throw error;
  }
  const [theirs, known] = await desk.store.getMany(refs);
  const versions = [theirs?.version ?? ABSENT, known?.version ?? ABSENT] as const;
  // Proof: only Lockstep writes bookings and maps, with these shapes.
  if (known !== undefined) requireUnclaimed(known.data as unknown as BookingDoc);
  const { stays, twin } = await meet(desk, map, theirs?.data as EventMap | undefined);
  const joined = withLivesOf(booking, known?.data as BookingDoc | undefined);
  await desk.store.commit([...retire(desk, booking.key), ...arrive(joined, stays, ...versions), ...desk.along]);
  if (twin !== undefined) await removeTwinUnder(desk, twin, stays);
}

/** What the new id led before stays known: its events may be in the bin. */
function withLivesOf(booking: BookingDoc, known: BookingDoc | undefined): BookingDoc {
  if (known === undefined) return booking;
  const { incarnations } = known;
  const formerIds = [...new Set([...known.formerIds, ...booking.formerIds])];
  return { ...booking, formerIds, ...(incarnations && { incarnations }) };
}

export interface Patched {
  readonly event: CalendarEvent | undefined;
  /** Somebody edited or deleted it while we were booking (S61): it is looked at again right away. */
  readonly changedMeanwhile: boolean;
  /** What was written with the name: what the event says otherwise by now is news. */
  readonly written: Content;
  /** What was to be written with the name and was not: only a new look can tell whether it still should be. */
  readonly unwritten: Content;
}

/** Gives the event its new booking id. An edit of the last seconds is kept: only properties are written then. */
export async function patchUnderNewName(
  desk: Desk,
  calendarId: string,
  content: Content,
  properties: Readonly<Record<string, string>>,
): Promise<Patched> {
  const calendar = desk.world.calendar(desk.place.ws, calendarId);
  const { event } = desk.map;
  const id = (event?.kind === "elsewhere" ? event.eventId : undefined) ?? desk.map.eventId;
  const etag = event?.kind === "live" || event?.kind === "elsewhere" ? event.etag : undefined;
  try {
    const patched = await calendar.patch({
      calendarId,
      id,
      content,
      properties,
      ...(etag === undefined ? {} : { etag }),
    });
    return { event: patched, changedMeanwhile: false, written: content, unwritten: {} };
  } catch (error) {
    if (isError(error, "EVENT_MISSING"))
      return { event: undefined, changedMeanwhile: true, written: {}, unwritten: content };
    if (!isError(error, "EVENT_CHANGED")) throw error;
  }
  const now = await calendar.get(calendarId, id);
  // A worker that died wrote it all.
  if (now?.state === "live" && saysTheSame(now.properties, properties))
    return { event: now, changedMeanwhile: true, written: content, unwritten: {} };
  const alone = fieldsOf(content).length === 0 ? properties : withoutAgreement(properties);
  const renamed = await patchPropertiesAlone(desk, calendarId, id, alone);
  // Somebody may have written the same meanwhile.
  const says = renamed?.content ?? {};
  const unlike = differingFields(content, says);
  const said = fieldsOf(content).filter((field) => says[field] !== undefined && !unlike.includes(field));
  const unwritten = fieldsOf(content).filter((field) => !said.includes(field));
  return { event: renamed, changedMeanwhile: true, written: pick(content, said), unwritten: pick(content, unwritten) };
}

/** Edits of one event within one rebooking; beyond them the turn begins anew. */
const MAX_EDITS = 3;

/** The event as it is now, under its new name; undefined where it is gone. Not renamed where a person made it theirs (law 1). */
async function patchPropertiesAlone(
  desk: Desk,
  calendarId: string,
  id: string,
  properties: Readonly<Record<string, string>>,
): Promise<CalendarEvent | undefined> {
  const calendar = desk.world.calendar(desk.place.ws, calendarId);
  for (let edits = 0; edits < MAX_EDITS; edits++) {
    const now = await calendar.get(calendarId, id);
    if (now?.state !== "live") return undefined;
    if (desk.map.marker === undefined && markedBooking(desk.workspace, now.properties) === undefined) return now;
    try {
      const etag = now.etag === undefined ? {} : { etag: now.etag };
      return await calendar.patch({ calendarId, id, content: {}, properties, ...etag });
    } catch (error) {
      if (isError(error, "EVENT_MISSING")) return undefined;
      if (!isError(error, "EVENT_CHANGED")) throw error;
    }
  }
  throw new LockstepError("EVENT_CHANGED", {
    detail: `Event ${id} changed ${MAX_EDITS} times while its booking moved.`,
  });
}

/** Where a map goes, and what it says there. */
interface Destination {
  readonly key: string;
  readonly bookingId: string;
  readonly resource: string;
  readonly calendarId: string;
  readonly span: Span;
  readonly content: Content;
  readonly patched: Patched;
  /** What the booking says and the event does not show yet: it stays as agreed before. */
  readonly open: readonly Field[];
  /** What the booking says by now may be another story than what was carried over. */
  readonly unseen: boolean;
  readonly number: number;
  readonly saw: string;
}

/** The map as it goes on under another booking's or resource's name. */
export function movedMap(desk: Desk, decided: Decided, to: Destination): EventMap {
  const { map } = desk;
  const { event } = to.patched;
  const isNews = to.patched.changedMeanwhile || to.open.length > 0 || to.unseen;
  // Not where it was: whether deleted or moved is read by the next turn, before anything is decided on it.
  const observed = event === undefined ? {} : { event: observation(desk, event) };
  const {
    error: _error,
    refusals: _refusals,
    intent: _intent,
    moving: _moving,
    event: _event,
    eventEdited = map.event?.updated,
    base: _base,
    holdId: _hold,
    followed: _followed,
    occupancy: _elsewhere,
    marker,
    ...rest
  } = map;
  // Our own write tells no longer when somebody edited it before (R14).
  const isKnownSince = !to.patched.changedMeanwhile && eventEdited !== undefined;
  return withEdit({
    ...rest,
    ...observed,
    ...(isKnownSince ? { eventEdited } : {}),
    ...(event === undefined && marker !== undefined ? { marker } : {}),
    key: to.key,
    bookingId: to.bookingId,
    resource: to.resource,
    calendarId: to.calendarId,
    eventId: event?.id ?? map.eventId,
    ...baseOf(desk, to),
    status: "active",
    // Looked at right away, and by the sweep where nobody lived to ask for that.
    dirty: isNews,
    nextAttempt: isNews ? later(desk.now, INTENT_MS) : "",
    attempts: 0,
    endsAt: to.span.kind === "timed" ? to.span.end : `${to.span.end}T00:00:00.000Z`,
    lastSource: originOf(desk, "move-booking"),
    lastSyncedAt: desk.now,
    journal: withEntry(desk, entryOf(desk, decided, to.saw)),
  });
}

/**
 * Agreed is what both sides say now: the new booking, and the event as it answered. An event that somebody edited
 * meanwhile, or moved away, agrees on what was carried over alone; what is open is as agreed before, so that the next
 * turn sees who changed what. Where nothing was agreed before, that turn takes the event in.
 */
function baseOf({ map }: Desk, { content, patched, open, number }: Destination): Pick<EventMap, "base"> {
  const { event, changedMeanwhile, written } = patched;
  if (map.base === undefined && (changedMeanwhile || open.length > 0)) return {};
  const before = map.base ?? { booking: content, event: content, agreement: 0 };
  const carried = content.span === undefined || open.includes("span") ? {} : { span: content.span };
  const shows = event === undefined || changedMeanwhile ? { ...before.event, ...written } : event.content;
  const base: Base = {
    booking: { ...content, ...pick(before.booking, open) },
    event: { ...shows, ...carried, ...pick(before.event, open) },
    // What was never written is not what an event left behind elsewhere can show.
    agreement: event === undefined ? before.agreement : number,
  };
  return { base };
}

export function fieldsOf(content: Content): Field[] {
  return FIELDS.filter((field) => content[field] !== undefined);
}

function observation(desk: Desk, event: CalendarEvent): NonNullable<EventMap["event"]> {
  return {
    kind: "live",
    content: event.content,
    marked: markedBooking(desk.workspace, event.properties) !== undefined,
    ...(event.etag === undefined ? {} : { etag: event.etag }),
    ...(event.updated === undefined ? {} : { updated: event.updated }),
  };
}

/** The old id: its map goes, its booking says where it went. */
function retire(desk: Desk, supersededBy: string): Write[] {
  const { claim: _done, ...rest } = desk.booking;
  const { seen } = rest;
  const data: BookingDoc = {
    ...rest,
    supersededBy,
    statusSince: desk.now,
    incarnations: { ...rest.incarnations, [desk.place.resource]: desk.map.incarnation + 1 },
    ...(seen === undefined ? {} : { seen: { ...seen, status: "cancelled" } }),
  };
  return [
    { kind: "put", ref: bookingRef(desk.key), data, ifVersion: desk.bookingVersion },
    { kind: "delete", ref: mapRef(desk.key, desk.place.resource), ifVersion: desk.mapVersion },
  ];
}

function arrive(booking: BookingDoc, map: EventMap, mapVersion: string, bookingVersion: string): Write[] {
  return [
    { kind: "put", ref: bookingRef(booking.key), data: booking, ifVersion: bookingVersion },
    { kind: "put", ref: mapRef(map.key, map.resource), data: map, ifVersion: mapVersion },
  ];
}
