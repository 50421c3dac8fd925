import { LockstepError } from "../errors.ts";
import type { CalendarEvent, CalendarPage } from "../ports/calendar.ts";
import { type Content, FIELDS, pick } from "../sync/content.ts";
import type { EventObservation } from "../sync/event.ts";
import { later } from "../sync/time.ts";
import { contentOf, type Desk, isEnding, saidThere } from "./desk.ts";
import { type BookingDoc, bookingKey, bookingRef, type EventMap } from "./documents.ts";
import { EVENT_KEY, findByKey } from "./event-key.ts";
import { learned, withoutEvent, withUid } from "./incarnation.ts";
import { agreementOf, markedBooking } from "./marker.ts";
import { digest } from "./render.ts";
import type { WorkspaceConfig } from "./world.ts";

/** Calendars that are searched for an event that left its own (R5), all that one source has (law 12) … */
const MAX_SEARCHED = 1_000;
/** … so many at a time: a person waits for the room. */
const SEARCHED_AT_ONCE = 10;

/**
 * Reads the event this map points at; a deletion is confirmed, searched for elsewhere and confirmed again first (R5, R10).
 * What we were removing ourselves when we died is no person's deletion: then there is no event.
 */
export async function readEvent(desk: Desk): Promise<void> {
  const event = await getSurely(desk);
  desk.eventRead = true;
  if (takenAsLive(desk, event)) return;
  if (await cameBack(desk)) return;
  const moved = await findElsewhere(desk, event);
  if (moved === undefined && isEnding(desk)) {
    desk.map = withoutEvent({ ...desk.map, event: { kind: "deleted" } });
    return;
  }
  // Carried away and back while it was searched for there: a booking would be cancelled for that.
  if (moved === undefined && takenAsLive(desk, await desk.calendar.get(desk.map.calendarId, desk.map.eventId))) return;
  if (moved === undefined && (await cameBack(desk))) return;
  if (moved === undefined && wasTakenOver(desk, event)) return;
  if (event !== undefined) recoverBase(desk, event);
  const updated = event?.updated === undefined ? {} : { updated: event.updated };
  desk.map = { ...desk.map, event: moved ?? { kind: "deleted", ...updated } };
}

function takenAsLive(desk: Desk, event: CalendarEvent | undefined): boolean {
  if (event?.state !== "live") return false;
  recoverBase(desk, event);
  takeEvent(desk, event);
  return true;
}

/** True where it was carried away and back again: where the provider chooses ids, it is here under another one. */
async function cameBack(desk: Desk): Promise<boolean> {
  if (!desk.calendar.capabilities.assignsIds || desk.map.marker === "waived") return false;
  const found = await findSame(desk.calendar, desk.map.calendarId, desk.map);
  if (found?.state !== "live" || !isMarked(desk, found.properties)) return false;
  desk.map = { ...desk.map, eventId: found.id };
  recoverBase(desk, found);
  takeEvent(desk, found);
  return true;
}

/**
 * The event or its tombstone. A 404 may come from a calendar that was invisible for a moment, and a booking may hang
 * on it: only the second one is believed, once a list has shown the calendar, and not the event on it (law 2, R10);
 * where deleted events can be read, a third time a minute later.
 */
async function getSurely(desk: Desk): Promise<CalendarEvent | undefined> {
  const { calendarId, eventId } = desk.map;
  const event = await desk.calendar.get(calendarId, eventId);
  if (event !== undefined) return event;
  const listed = (await requireReadable(desk)).events.find(({ id, state }) => id === eventId && state === "live");
  const again = listed ?? (await desk.calendar.get(calendarId, eventId));
  if (again === undefined && desk.calendar.capabilities.tombstones && !wasGoneBefore(desk)) {
    const detail = `Event ${eventId} on calendar ${calendarId} cannot be read, not even as a deleted one.`;
    throw new LockstepError("EVENT_VANISHED", { detail });
  }
  return again;
}

/** A calendar that does not show what it keeps was seen so a while ago, too. */
const VANISHED_MS = 60_000;

/** One whose insert was begun and never answered may not be there at all. */
function wasGoneBefore({ map, now }: Desk): boolean {
  if (map.intent !== undefined) return true;
  return map.error?.code === "EVENT_VANISHED" && map.error.at <= later(now, -VANISHED_MS);
}

/**
 * True where a person had taken our marker away before the event went: it was theirs, and that it is gone says
 * nothing of the booking (law 1). The map goes on showing it as unmarked.
 */
function wasTakenOver(desk: Desk, tombstone: CalendarEvent | undefined): boolean {
  if (desk.map.event?.kind === "live" && !desk.map.event.marked) return true;
  if (tombstone === undefined || !isTheirs(desk, tombstone)) return false;
  desk.map = { ...desk.map, event: takenOver(desk) };
  return true;
}

/** A bare tombstone shows no properties: then nobody can tell. */
function isTheirs(desk: Desk, { properties }: CalendarEvent): boolean {
  return Object.keys(properties).length > 0 && !isMarked(desk, properties);
}

function takenOver({ map }: Desk): EventObservation {
  return { kind: "live", content: map.base?.event ?? {}, marked: false };
}

/** Takes over a live event as read, listed or returned by a write (R3). */
export function takeEvent(desk: Desk, event: CalendarEvent): void {
  if (event.unreadable !== undefined || !isKept(desk.map, event)) {
    const why = event.unreadable ?? "it is part of a series now";
    throw new LockstepError("PROVIDER_REFUSED", { detail: `Event ${event.id} cannot be kept in step: ${why}.` });
  }
  const { intent, ...map } = signedBy(desk, event);
  const known = desk.calendar.capabilities.assignsIds ? withUid(map, event.iCalUid) : map;
  desk.map = { ...learned(known, intent?.eventId), ...pointerTo(event, intent?.eventId), event: observe(desk, event) };
}

/** A series is not kept in step, but for those of its days that were imported each by itself. */
export function isKept({ marker }: EventMap, { series }: Pick<CalendarEvent, "series">): boolean {
  return series === undefined || (series === "instance" && marker === "waived");
}

/** The map with nothing owed any more, where the event says by itself whose it is. */
function signedBy({ map, workspace }: Desk, { properties }: CalendarEvent): EventMap {
  if (map.marker === undefined || markedBooking(workspace, properties) === undefined) return map;
  const { marker: _written, ...signed } = map;
  return signed;
}

/**
 * What an event says, as far as it may be known: one that was private when it was imported is agreed on by its time
 * alone, and what it is about is not even kept.
 */
function saidBy({ map }: Desk, { content, isPrivate }: CalendarEvent): Content {
  const { base } = map;
  if (isPrivate !== true || base === undefined) return content;
  return pick(
    content,
    FIELDS.filter((field) => base.event[field] !== undefined),
  );
}

/** Where the provider chose the id: from now on the map points at what was made under the key it meant. */
function pointerTo({ id, properties }: CalendarEvent, key: string | undefined): Partial<EventMap> {
  return key !== undefined && id !== key && properties[EVENT_KEY] === key ? { eventId: id, eventKey: key } : {};
}

/**
 * An insert was begun whose outcome nobody knows, and the booking needs no event here any more: what
 * the insert made is found, to be removed like any other, or there is none.
 */
export async function resolveIntent(desk: Desk): Promise<void> {
  const event = await findByKey(desk.calendar, desk.map.calendarId, desk.map.intent?.eventId ?? desk.map.eventId);
  desk.eventRead = true;
  if (event?.state === "live" && isMarked(desk, event.properties)) takeEvent(desk, event);
  else desk.map = withoutEvent(desk.map);
}

function observe(desk: Desk, event: CalendarEvent): EventObservation {
  const named = markedBooking(desk.workspace, event.properties);
  desk.misnamed = named !== undefined && named !== desk.place.bookingId;
  const marked = desk.adopting || isMarked(desk, event.properties);
  return {
    kind: "live",
    content: saidBy(desk, event),
    marked,
    ...(event.etag === undefined ? {} : { etag: event.etag }),
    ...(event.updated === undefined ? {} : { updated: event.updated }),
  };
}

/**
 * Ours: the event names this booking, one of the ids it had before, or one that a move gave it for a while. An imported
 * one is ours before its marker is written.
 */
function isMarked({ workspace, place, booking, map }: Desk, properties: Readonly<Record<string, string>>): boolean {
  const named = markedBooking(workspace, properties);
  if (named === undefined && map.marker !== undefined) return true;
  const names = [place.bookingId, ...booking.formerIds, ...(booking.undoneIds ?? []), booking.claim?.newId];
  return named !== undefined && names.includes(named);
}

/**
 * A crash between our write and its commit leaves the event ahead of the base. It carries the number and digest of
 * what was written: where each field of that is still said somewhere, the write is taken as agreed, and what was said
 * since then, on either side, is news. The time is taken as we wrote it, so that a drag since then still shows as one.
 * One that bears an earlier agreement was left behind on another calendar, and came back from there.
 */
export function recoverBase(desk: Desk, event: CalendarEvent): void {
  const written = agreementOf(event.properties);
  const isEarlier = written !== undefined && written.number < (desk.map.base?.agreement ?? 0);
  if (isEarlier && event.state === "live") forgetBase(desk);
  if (written?.number !== (desk.map.base?.agreement ?? 0) + 1 || !isMarked(desk, event.properties)) return;
  const { base, intent } = desk.map;
  const shown = saidBy(desk, event);
  const candidates = mixed([contentOf(desk) ?? {}, intent?.content ?? {}, base?.booking ?? {}, shown]);
  const said = candidates.find((content) => digest(saidThere(desk, content)) === written.digest);
  if (said === undefined) return;
  const agreed: Content = { ...shown, ...(said.span === undefined ? {} : { span: said.span }) };
  desk.map = { ...desk.map, base: { booking: said, event: agreed, agreement: written.number } };
}

/** Every content whose fields are each what one of these says; the first ones first. A write always says a time. */
function mixed(contents: readonly Content[]): Content[] {
  const spans = contents.flatMap(({ span }) => (span === undefined ? [] : [{ span }]));
  const titles = contents.map((content) => pick(content, ["title"]));
  const descriptions = contents.map((content) => pick(content, ["description"]));
  const standings = contents.map((content) => pick(content, ["standing"]));
  return spans.flatMap((span) =>
    titles.flatMap((title) =>
      descriptions.flatMap((description) =>
        standings.map((standing) => ({ ...span, ...title, ...description, ...standing })),
      ),
    ),
  );
}

/** A 404 proves a deletion only beside a successful list of that calendar (R10): its first page. */
async function requireReadable(desk: Desk): Promise<CalendarPage> {
  const page = await desk.calendar.changes({ calendarId: desk.map.calendarId, from: desk.now });
  if (page.access !== "writer") {
    throw new LockstepError("PROVIDER_FORBIDDEN", {
      detail: `Calendar ${desk.map.calendarId} can be read but not written: share it with 'make changes to events'.`,
    });
  }
  return page;
}

/** Looks for the event on the other calendars of its source: found is a change of resource, not a deletion (S59). */
export async function findElsewhere(
  desk: Desk,
  tombstone: CalendarEvent | undefined,
): Promise<EventObservation | undefined> {
  // A day of a series is carried nowhere by itself; at some providers all days share what it would be known by.
  if (desk.map.marker === "waived") return undefined;
  const others = otherResources(desk.workspace, desk.place);
  for (let from = 0; from < others.length; from += SEARCHED_AT_ONCE) {
    const some = others.slice(from, from + SEARCHED_AT_ONCE);
    const events = await Promise.all(some.map(([, { calendar }]) => findOn(desk, calendar, tombstone)));
    for (const [index, [resource]] of some.entries()) {
      const event = events[index];
      if (event === undefined || (await isOfFormer(desk, event))) continue;
      const seen = seenElsewhere(desk, resource, event);
      if (seen !== undefined) return seen;
    }
  }
  return undefined;
}

/** It names a booking that moved on to this one, and that staff made live again since: it is that one's. */
async function isOfFormer({ workspace, place, booking, store }: Desk, { properties }: CalendarEvent): Promise<boolean> {
  const named = markedBooking(workspace, properties);
  if (named === undefined || !booking.formerIds.includes(named)) return false;
  const former = await store.get<BookingDoc>(bookingRef(bookingKey(place.source, named)));
  return former !== undefined && former.data.supersededBy === undefined;
}

/** Answers that know nothing of it may lie, and a booking hangs on them (law 2): the second one by its id is believed. */
async function findOn(
  desk: Desk,
  calendarId: string,
  tombstone: CalendarEvent | undefined,
): Promise<CalendarEvent | undefined> {
  const calendar = desk.world.calendar(desk.place.ws, calendarId);
  const byId = () => findSame(calendar, calendarId, desk.map);
  const { iCalUid } = tombstone ?? {};
  const byUid = async () => (iCalUid === undefined ? undefined : (await calendar.find(calendarId, { iCalUid }))[0]);
  let found: CalendarEvent | undefined;
  for (const look of calendar.capabilities.assignsIds ? [byId, byUid] : [byId, byUid, byId]) {
    found = (await look()) ?? found;
    if (found?.state === "live") break;
  }
  return found;
}

/** What such an event on another resource's calendar says; undefined where it is not this one. */
function seenElsewhere(desk: Desk, resource: string, found: CalendarEvent): EventObservation | undefined {
  // Carried there and made theirs before anybody looked: it is no deletion, and no move of the booking (law 1).
  if (found.state === "deleted") return isTheirs(desk, found) ? takenOver(desk) : undefined;
  const isOurs = isMarked(desk, found.properties);
  if (!isOurs && found.id === desk.map.eventId && markedBooking(desk.workspace, found.properties) === undefined)
    return { kind: "live", content: found.content, marked: false };
  if (!isOurs) return undefined;
  recoverBase(desk, found);
  if (isFormerSelf(desk, found)) {
    // What it was since went by our own hand: that says nothing of its booking, and where this one stands it is looked at.
    if (isEnding(desk)) return undefined;
    forgetBase(desk);
  }
  const etag = found.etag === undefined ? {} : { etag: found.etag };
  const updated = found.updated === undefined ? {} : { updated: found.updated };
  const renamed = found.id === desk.map.eventId ? {} : { eventId: found.id };
  return { kind: "elsewhere", resource, content: saidBy(desk, found), ...etag, ...updated, ...renamed };
}

/**
 * An event that was carried away bears the agreement that the base knows, or the next. Any other was left behind
 * there once and taken back from the bin: it says that it lives, and nothing of what it says is an edit.
 */
function isFormerSelf({ map }: Desk, { properties }: CalendarEvent): boolean {
  const written = agreementOf(properties)?.number;
  const agreement = map.base?.agreement ?? 0;
  return written !== undefined && written !== agreement && written !== agreement + 1;
}

function forgetBase(desk: Desk): void {
  const { base: _later, ...map } = desk.map;
  desk.map = map;
}

/**
 * On its way an event keeps an id that we chose, or else its iCalUID: its key a copy has too. A search that finds
 * nothing is believed the second time, as in `findByKey`.
 */
async function findSame(calendar: Desk["calendar"], calendarId: string, { eventId, uids }: EventMap) {
  if (!calendar.capabilities.assignsIds) return calendar.get(calendarId, eventId);
  const iCalUid = uids?.at(-1);
  if (iCalUid === undefined) return undefined;
  const search = async () => (await calendar.find(calendarId, { iCalUid }))[0];
  return (await search()) ?? (await search());
}

function otherResources(workspace: WorkspaceConfig, place: Desk["place"]) {
  return Object.entries(workspace.resources)
    .filter(([id, resource]) => id !== place.resource && resource.source === place.source)
    .slice(0, MAX_SEARCHED);
}
