import { asksFirst, findWorkspace } from "../config.ts";
import { isError, LockstepError } from "../errors.ts";
import type { CalendarEvent } from "../ports/calendar.ts";
import { ABSENT, type Write } from "../ports/store.ts";
import { type ConnectionPlan, planConnection } from "./connection-plan.ts";
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
import { resourceOfCalendar } from "./resources.ts";
import { raiseAlert } from "./review.ts";
import { windowOf } from "./window.ts";
import type { World } from "./world.ts";

/** Calendars this instance knows to be connected, per store; a connected one stays so. */
const connected = new WeakMap<World["config"], Set<string>>();

/**
 * Before anything is written to a calendar, it was listed once: what looks like one of our bookings
 * already is shown for adoption, everything else is left alone (S14). Remembered per instance. False while a person
 * has yet to say that the connection may go on (policy `firstConnection: ask`).
 */
export async function ensureConnected(world: World, ws: string, calendarId: string): Promise<boolean> {
  const known = connected.get(world.config) ?? new Set<string>();
  connected.set(world.config, known);
  const name = `${ws}/${calendarId}`;
  if (known.has(name)) return true;
  if (await waits(world, ws, calendarId)) return false;
  known.add(name);
  return true;
}

/** Connects it where that was not done. */
async function waits(world: World, ws: string, calendarId: string): Promise<boolean> {
  const stored = await world.store(ws).get<CalendarDoc>(calendarRef(calendarId));
  if (stored !== undefined) return stored.data.waitsFor !== undefined;
  await connectCalendar(world, ws, calendarId);
  const { workspace, owner } = ownerOf(world, ws, calendarId);
  return asksFirst(workspace, owner.resource);
}

/** First contact: list, preview, save the cursor. Safe to race: the second one changes nothing. */
export async function connectCalendar(world: World, ws: string, calendarId: string): Promise<void> {
  const { workspace, owner } = ownerOf(world, ws, calendarId);
  const now = world.clock.now();
  const asks = asksFirst(workspace, owner.resource);
  const { events: listed, cursor } = await walkCalendar(world, workspace, ws, calendarId, undefined);
  const events = listed.filter((event) => event.state === "live");
  const isCounted = events.length > 0 || asks;
  const bookings = isCounted
    ? (await world.source(ws, owner.resource.source).list(windowOf(workspace, now))).bookings
    : [];
  const plan = planConnection(world, ws, workspace, owner, events, bookings);
  const hold = preview({ ws, resource: owner.id, source: owner.resource.source }, calendarId, plan, asks, now);
  const doc: CalendarDoc = {
    calendarId,
    resource: owner.id,
    connectedAt: now,
    adopted: plan.adopt.some(({ event }) => markedBooking(workspace, event.properties) === undefined),
    lastRead: now,
    ...(cursor === undefined ? {} : { cursor }),
    ...(asks && { waitsFor: hold.id }),
  };
  const writes: Write[] = [{ kind: "put", ref: calendarRef(calendarId), data: doc, ifVersion: ABSENT }];
  if (isCounted) {
    await keepWaiting(world, ws, hold);
    writes.push({ kind: "put", ref: holdRef(hold.id), data: hold });
  }
  if (!asks) await tellMeetings(world, { ws, resource: owner.id }, calendarId, [...plan.imports, ...plan.leaveAlone]);
  try {
    await world.store(ws).commit(writes);
  } catch (error) {
    if (!isError(error, "STORE_CONFLICT")) throw error;
    return;
  }
  const twins = plan.adopt.length;
  world.log.write("NOTICE", "calendar connected", { ws, calendarId, events: events.length, twins });
  if (twins > 0 || asks) {
    const detail = asks
      ? `Calendar ${calendarId} is ready to be connected: ${twins} events to adopt, ${plan.create.length} to create, ${plan.imports.length} meetings to import, ${plan.leaveAlone.length} events to leave alone. Approve hold ${hold.id} to go on.`
      : `${twins} events on ${calendarId} look like bookings that are there already: approve or reject their adoption.`;
    await raiseAlert(world.store(ws), { kind: "adoption", subject: calendarId, detail }, now);
  }
}

/** The workspace and the resource whose calendar it is. Throws NOT_FOUND. */
export function ownerOf(world: World, ws: string, calendarId: string) {
  const workspace = findWorkspace(world.config, ws);
  const owner = workspace === undefined ? undefined : resourceOfCalendar(workspace, calendarId);
  if (workspace !== undefined && owner !== undefined) return { workspace, owner };
  throw new LockstepError("NOT_FOUND", { detail: `No resource uses calendar ${calendarId} in workspace ${ws}.` });
}

/** Meetings that are there already, before the cursor is saved (law 8). */
export async function tellMeetings(
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

/** The hold that shows what connecting a calendar means. */
export function holdOfConnection(calendarId: string): string {
  return `adoption:${calendarId}`;
}

/** A calendar with other people's events alone: the preview says so, and nobody has to decide anything. */
const NOTHING_TO_ADOPT = { status: "approved", decidedBy: "lockstep: nothing to adopt" } as const;

function preview(
  place: Omit<Place, "bookingId">,
  calendarId: string,
  plan: ConnectionPlan,
  asks: boolean,
  now: string,
): HoldDoc {
  const items = plan.adopt.map(
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
    id: holdOfConnection(calendarId),
    kind: "adoption",
    scope: `calendar:${calendarId}`,
    openedAt: now,
    ...(items.length > 0 || asks ? { status: "open" } : NOTHING_TO_ADOPT),
    items,
    foreign: plan.imports.length + plan.leaveAlone.length,
    creates: plan.create.length,
    imports: plan.imports.length,
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
