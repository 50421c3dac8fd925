import { findWorkspace } from "../config.ts";
import { isError, LockstepError } from "../errors.ts";
import type { SourceBooking } from "../ports/booking-source.ts";
import type { CalendarEvent } from "../ports/calendar.ts";
import { ABSENT, type Write } from "../ports/store.ts";
import { sameSpan } from "../sync/time.ts";
import { blankMap, type Place } from "./desk.ts";
import {
  bookingKey,
  type CalendarDoc,
  calendarRef,
  type HeldItem,
  type HoldDoc,
  holdRef,
  mapRef,
} from "./documents.ts";
import { newsOfMeetings } from "./importable.ts";
import { walkCalendar } from "./list-calendar.ts";
import { markedBooking } from "./marker.ts";
import { publishObservation } from "./publish.ts";
import { resourceOfCalendar, resourcesNamed } from "./resources.ts";
import { raiseAlert } from "./review.ts";
import { windowOf } from "./window.ts";
import type { World } from "./world.ts";

/** Calendars this instance knows to be connected, per store; a connected one stays so. */
const connected = new WeakMap<World["config"], Set<string>>();

/**
 * Before anything is written to a calendar, it was listed once: what looks like one of our bookings
 * already is shown for adoption, everything else is left alone (S14). Remembered per instance.
 */
export async function ensureConnected(world: World, ws: string, calendarId: string): Promise<void> {
  const known = connected.get(world.config) ?? new Set<string>();
  connected.set(world.config, known);
  const name = `${ws}/${calendarId}`;
  if (known.has(name)) return;
  const stored = await world.store(ws).get<CalendarDoc>(calendarRef(calendarId));
  if (stored === undefined) await connectCalendar(world, ws, calendarId);
  known.add(name);
}

/** First contact: list, preview, save the cursor. Safe to race: the second one changes nothing. */
export async function connectCalendar(world: World, ws: string, calendarId: string): Promise<void> {
  const workspace = findWorkspace(world.config, ws);
  const owner = workspace === undefined ? undefined : resourceOfCalendar(workspace, calendarId);
  if (workspace === undefined || owner === undefined) {
    throw new LockstepError("NOT_FOUND", { detail: `No resource uses calendar ${calendarId} in workspace ${ws}.` });
  }
  const now = world.clock.now();
  const window = windowOf(workspace, now);
  const { events: listed, cursor } = await walkCalendar(world, workspace, ws, calendarId, undefined);
  const events = listed.filter((event) => event.state === "live");
  const bookings = events.length === 0 ? [] : (await world.source(ws, owner.resource.source).list(window)).bookings;
  const here = bookings.filter((booking) =>
    resourcesNamed(workspace, owner.resource.source, booking.resources).includes(owner.id),
  );
  const twins = findTwins(events, here, (event) => markedBooking(workspace, event.properties));
  const doc: CalendarDoc = {
    calendarId,
    resource: owner.id,
    connectedAt: now,
    adopted: twins.some(({ event }) => markedBooking(workspace, event.properties) === undefined),
    lastRead: now,
    ...(cursor === undefined ? {} : { cursor }),
  };
  const writes: Write[] = [{ kind: "put", ref: calendarRef(calendarId), data: doc, ifVersion: ABSENT }];
  if (events.length > 0) {
    const place = { ws, resource: owner.id, source: owner.resource.source };
    const hold = preview(place, calendarId, twins, events.length, now);
    await keepWaiting(world, ws, hold);
    writes.push({ kind: "put", ref: holdRef(hold.id), data: hold });
  }
  await tellMeetings(world, { ws, resource: owner.id }, calendarId, others(events, twins));
  try {
    await world.store(ws).commit(writes);
  } catch (error) {
    if (!isError(error, "STORE_CONFLICT")) throw error;
    return;
  }
  world.log.write("NOTICE", "calendar connected", { ws, calendarId, events: events.length, twins: twins.length });
  if (twins.length > 0) {
    const detail = `${twins.length} events on ${calendarId} look like bookings that are there already: approve or reject their adoption.`;
    await raiseAlert(world.store(ws), { kind: "adoption", subject: calendarId, detail }, now);
  }
}

/** Meetings that are there already, before the cursor is saved (law 8). */
async function tellMeetings(
  world: World,
  at: { readonly ws: string; readonly resource: string },
  calendarId: string,
  events: readonly CalendarEvent[],
): Promise<void> {
  const seenAt = world.clock.now();
  const items = await newsOfMeetings(world, at, events);
  const run = { id: `connect-${seenAt}`, complete: true, absent: 0 };
  await publishObservation(world, { kind: "event-seen", ...at, calendarId, run, seenAt, items });
}

/** What may be one of our bookings waits for a person first. */
function others(events: readonly CalendarEvent[], twins: readonly Twin[]): CalendarEvent[] {
  return events.filter((event) => !twins.some((twin) => twin.event.id === event.id));
}

interface Twin {
  readonly event: CalendarEvent;
  readonly booking: SourceBooking;
  readonly why: string;
}

/** By marker first; else the one event of exactly the same time as the one booking (S21: never by title). */
function findTwins(
  events: readonly CalendarEvent[],
  bookings: readonly SourceBooking[],
  marked: (event: CalendarEvent) => string | undefined,
): Twin[] {
  const twins: Twin[] = [];
  const taken = new Set<string>();
  const live = bookings.filter(
    (booking) => booking.status === "live" || booking.status === "pending" || booking.status === "unclear",
  );
  for (const booking of live) {
    const named = events.find((event) => !taken.has(event.id) && marked(event) === booking.id);
    const alike = events.filter((event) => !taken.has(event.id) && marked(event) === undefined && isAt(event, booking));
    const event = named ?? (alike.length === 1 ? alike[0] : undefined);
    if (event === undefined) continue;
    taken.add(event.id);
    twins.push({ event, booking, why: named === undefined ? "same time" : "carries its marker" });
  }
  return twins;
}

function isAt(event: CalendarEvent, booking: SourceBooking): boolean {
  return event.series === undefined && event.content.span !== undefined && sameSpan(event.content.span, booking.span);
}

/** A calendar with other people's events alone: the preview says so, and nobody has to decide anything. */
const NOTHING_TO_ADOPT = { status: "approved", decidedBy: "lockstep: nothing to adopt" } as const;

function preview(
  place: Omit<Place, "bookingId">,
  calendarId: string,
  twins: readonly Twin[],
  listed: number,
  now: string,
): HoldDoc {
  const items = twins.map(
    ({ event, booking, why }): HeldItem => ({
      key: bookingKey(place.source, booking.id),
      bookingId: booking.id,
      source: place.source,
      resource: place.resource,
      calendarId,
      eventId: event.id,
      would: "adopt-event",
      reason: why,
    }),
  );
  return {
    id: `adoption:${calendarId}`,
    kind: "adoption",
    scope: `calendar:${calendarId}`,
    openedAt: now,
    ...(items.length > 0 ? { status: "open" } : NOTHING_TO_ADOPT),
    items,
    foreign: listed - twins.length,
  };
}

/** One commit takes 500 writes. */
const MAPS_PER_COMMIT = 400;

/**
 * Each twin's map waits, held, so that nothing is made beside it; everything else goes on. Written
 * before the calendar counts as connected: until then nobody works on these maps, and a second try
 * writes them again.
 */
async function keepWaiting(world: World, ws: string, { id, items }: HoldDoc): Promise<void> {
  const writes = items.map((item): Write => {
    const { eventId, calendarId, key, resource } = item;
    const blank = blankMap({ ws, ...item }, calendarId, undefined);
    return { kind: "put", ref: mapRef(key, resource), data: { ...blank, eventId, status: "held", holdId: id } };
  });
  for (let from = 0; from < writes.length; from += MAPS_PER_COMMIT) {
    await world.store(ws).commit(writes.slice(from, from + MAPS_PER_COMMIT));
  }
}
