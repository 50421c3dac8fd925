import { LockstepError } from "../errors.ts";
import type { SourceBooking } from "../ports/booking-source.ts";
import type { CalendarEvent } from "../ports/calendar.ts";
import type { DocumentStore, Where } from "../ports/store.ts";
import { type Instant, isFuture, type Span } from "../sync/time.ts";
import { connectCalendar, holdOfConnection, ownerOf, tellMeetings } from "./connect-calendar.ts";
import { planConnection, type Twin } from "./connection-plan.ts";
import { settingsOf } from "./desk.ts";
import {
  bookingKey,
  type CalendarDoc,
  calendarRef,
  type EventMap,
  type HoldDoc,
  holdRef,
  mapRef,
  type SnapshotDoc,
  snapshotRef,
} from "./documents.ts";
import { walkCalendar } from "./list-calendar.ts";
import { publishBookingHint } from "./publish.ts";
import { windowOf } from "./window.ts";
import type { WorkspaceConfig, World } from "./world.ts";

/** How far the first connection of one resource's calendar is. */
export interface BackfillRow {
  readonly resource: string;
  readonly calendarId: string;
  /** `waiting`: a person approves `hold` first. `running`: bookings still lack their event. */
  readonly state: "not-connected" | "waiting" | "running" | "done";
  readonly hold: string | null;
  /** As counted at first contact; null where an empty calendar was connected without asking. */
  readonly counts: {
    readonly adopt: number;
    readonly create: number;
    readonly import: number;
    readonly leaveAlone: number;
  } | null;
  /** Bookings of the window that were decided about, of those there are, and the share from 0 to 1. */
  readonly done: number;
  readonly total: number;
  readonly progress: number;
}

/** All resources, by the last listing of each source. Reads the store alone. */
export async function listBackfill(world: World, ws: string, workspace: WorkspaceConfig): Promise<BackfillRow[]> {
  const store = world.store(ws);
  const now = world.clock.now();
  const resources = Object.entries(workspace.resources);
  const [calendars, holds] = await Promise.all([
    store.getMany(resources.map(([, { calendar }]) => calendarRef(calendar))),
    store.getMany(resources.map(([, { calendar }]) => holdRef(holdOfConnection(calendar)))),
  ]);
  const expected = await expectedOn(world, ws, workspace);
  const rows: BackfillRow[] = [];
  for (const [index, [resource, { calendar: calendarId }]] of resources.entries()) {
    const total = expected.get(resource) ?? 0;
    // Proof: only Lockstep writes these collections, with these shapes.
    const doc = calendars[index]?.data as CalendarDoc | undefined;
    const hold = holds[index]?.data as HoldDoc | undefined;
    const decided = doc?.waitsFor === undefined ? await decidedOn(store, calendarId, now) : 0;
    const done = Math.min(total, decided);
    const progress = total === 0 ? 1 : Math.round((done / total) * 1000) / 1000;
    rows.push({ resource, calendarId, ...progressOf(doc, hold, done, total), done, total, progress });
  }
  return rows;
}

function progressOf(doc: CalendarDoc | undefined, hold: HoldDoc | undefined, done: number, total: number) {
  const counts = hold === undefined ? null : countsOf(hold);
  if (doc === undefined) return { state: "not-connected", hold: null, counts } as const;
  if (doc.waitsFor !== undefined) return { state: "waiting", hold: doc.waitsFor, counts } as const;
  return { state: done < total ? "running" : "done", hold: hold?.id ?? null, counts } as const;
}

function countsOf({ items, foreign = 0, creates = 0, imports = 0 }: HoldDoc): BackfillRow["counts"] {
  return { adopt: items.length, create: creates, import: imports, leaveAlone: foreign - imports };
}

/** How many bookings of each resource the last listings had that are live and still to come. */
async function expectedOn(world: World, ws: string, workspace: WorkspaceConfig): Promise<Map<string, number>> {
  const snapshots = await world.store(ws).getMany(Object.keys(workspace.sources).map(snapshotRef));
  const expected = new Map<string, number>();
  for (const stored of snapshots) {
    // Proof: only Lockstep writes snapshots, with this shape.
    const entries = Object.values((stored?.data as SnapshotDoc | undefined)?.entries ?? {});
    for (const { resources } of entries.filter((entry) => isExpected(entry, world.clock.now()))) {
      for (const resource of resources) expected.set(resource, (expected.get(resource) ?? 0) + 1);
    }
  }
  return expected;
}

function isExpected({ status, span }: { readonly status: string; readonly span: Span }, now: Instant): boolean {
  return status === "live" && isFuture(span, now);
}

/**
 * Maps with an event to come, and those without one that nobody works on: they give way, wait for a person, or were given
 * up. Four counts.
 */
async function decidedOn(store: DocumentStore, calendarId: string, now: Instant): Promise<number> {
  const of = (status: string, ...more: Where[]) => {
    const where: Where[] = [
      { field: "calendarId", op: "==", value: calendarId },
      { field: "status", op: "==", value: status },
    ];
    return store.count({ collection: "eventMaps", where: [...where, ...more] });
  };
  const counts = await Promise.all([
    of("active", { field: "endsAt", op: ">", value: now }),
    ...["conflict", "held", "error"].map((status) => of(status)),
  ]);
  return counts.reduce((all, count) => all + count, 0);
}

/** What is left to do on one resource, item by item, as both sides are now. Ids and times only. */
export async function planBackfill(world: World, ws: string, resource: string) {
  const { workspace, owner } = ownerOf(world, ws, settingsOf(world, { ws, resource }).resource.calendar);
  const { calendar: calendarId, source } = owner.resource;
  const window = windowOf(workspace, world.clock.now());
  const walked = await walkCalendar(world, workspace, ws, calendarId, undefined);
  const listed = (await world.source(ws, source).list(window)).bookings.filter(({ resources }) =>
    resources.includes(owner.resource.sourceName),
  );
  const maps = await mapsOf(world, ws, resource, source, listed);
  const shown = new Set([...maps.values()].map(({ eventId }) => eventId));
  const events = walked.events.filter(({ id, state }) => state === "live" && !shown.has(id));
  const bookings = listed.filter(({ id }) => !maps.has(id));
  const plan = planConnection(world, ws, workspace, owner, events, bookings);
  return {
    ...{ resource, calendarId },
    adopt: plan.adopt.map(({ event, booking, why }: Twin) => ({
      bookingId: booking.id,
      eventId: event.id,
      why,
      ...at(event),
    })),
    create: plan.create.map(({ id, span }) => ({ bookingId: id, start: span.start, end: span.end })),
    import: plan.imports.map((event) => ({ eventId: event.id, ...at(event) })),
    leaveAlone: plan.leaveAlone.map((event) => ({ eventId: event.id, ...at(event) })),
    inStep: maps.size,
  };
}

function at({ content: { span } }: CalendarEvent) {
  return span === undefined ? {} : { start: span.start, end: span.end };
}

/** One round trip reads so many. */
const MAPS_AT_ONCE = 500;

/** Maps of these bookings that were decided about before, by booking id. */
async function mapsOf(
  world: World,
  ws: string,
  resource: string,
  source: string,
  bookings: readonly SourceBooking[],
): Promise<Map<string, EventMap>> {
  const found = new Map<string, EventMap>();
  for (let from = 0; from < bookings.length; from += MAPS_AT_ONCE) {
    const some = bookings.slice(from, from + MAPS_AT_ONCE);
    const stored = await world.store(ws).getMany(some.map(({ id }) => mapRef(bookingKey(source, id), resource)));
    for (const [index, { id }] of some.entries()) {
      // Proof: only Lockstep writes maps, with this shape.
      const map = stored[index]?.data as EventMap | undefined;
      if (map !== undefined && map.holdId?.startsWith("adoption:") !== true) found.set(id, map);
    }
  }
  return found;
}

/** Looks at a calendar that waits once more, and asks anew. Throws INVALID_STATE where it is connected already. */
export async function previewAgain(world: World, ws: string, resource: string): Promise<void> {
  const calendarId = settingsOf(world, { ws, resource }).resource.calendar;
  const store = world.store(ws);
  const stored = await store.get<CalendarDoc>(calendarRef(calendarId));
  if (stored !== undefined && stored.data.waitsFor === undefined) {
    throw new LockstepError("INVALID_STATE", { detail: `Calendar ${calendarId} of ${resource} is connected already.` });
  }
  if (stored !== undefined) await store.commit([{ kind: "delete", ref: stored.ref, ifVersion: stored.version }]);
  await connectCalendar(world, ws, calendarId);
}

/**
 * A person approved the first connection: from now on everything goes on as on any calendar. Whoever dies in between
 * leaves nothing undone: the sweep finds what still lacks its event.
 */
export async function letGoOn(world: World, ws: string, hold: HoldDoc): Promise<void> {
  const calendarId = hold.scope.slice("calendar:".length);
  const store = world.store(ws);
  const stored = await store.get<CalendarDoc>(calendarRef(calendarId));
  if (stored?.data.waitsFor !== hold.id) return;
  const { waitsFor: _said, ...data } = stored.data;
  await store.commit([{ kind: "put", ref: stored.ref, data, ifVersion: stored.version }]);
  const { workspace, owner } = ownerOf(world, ws, calendarId);
  const { source } = owner.resource;
  const snapshot = await store.get<SnapshotDoc>(snapshotRef(source));
  for (const [bookingId, entry] of Object.entries(snapshot?.data.entries ?? {})) {
    if (!isExpected(entry, world.clock.now()) || !entry.resources.includes(owner.id)) continue;
    await publishBookingHint(world, { ws, resource: owner.id, source, bookingId }, "connection approved");
  }
  const { events } = await walkCalendar(world, workspace, ws, calendarId, undefined);
  await tellMeetings(
    world,
    { ws, resource: owner.id },
    calendarId,
    events.filter(({ state }) => state === "live"),
  );
}
