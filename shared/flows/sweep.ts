import { asksFirst } from "../config.ts";
import { isError, isOurOwnFailure, LockstepError } from "../errors.ts";
import type { CalendarEvent } from "../ports/calendar.ts";
import type { Stored } from "../ports/store.ts";
import { compareVersions } from "../sync/event.ts";
import { type Instant, isFuture, sameSpan } from "../sync/time.ts";
import type { EventItem } from "../topics/observations.ts";
import { closeMended } from "./close-mended.ts";
import { ensureConnected } from "./connect-calendar.ts";
import { settingsOf } from "./desk.ts";
import {
  type BookingDoc,
  bookingKey,
  bookingRef,
  type EventMap,
  mapRef,
  type SnapshotDoc,
  type SnapshotEntry,
  snapshotRef,
} from "./documents.ts";
import { isOwnId } from "./event-id.ts";
import { newsOfMeetings, refusedAndGone } from "./importable.ts";
import { asItem, mapsShowing, missingFrom, walkCalendar } from "./list-calendar.ts";
import { markedBooking } from "./marker.ts";
import { followWork } from "./progress.ts";
import { publishBookingHint, publishObservation } from "./publish.ts";
import { resourcesOf } from "./resources.ts";
import { MAX_RETRIES, retryDue } from "./retry-due.ts";
import { closeAlerts, standingAlerts } from "./review.ts";
import { noteSilence } from "./silence.ts";
import { UNLISTED } from "./snapshot.ts";
import { openClashes, raiseClashes } from "./unmanaged-clash.ts";
import { windowOf } from "./window.ts";
import type { WorkspaceConfig, World } from "./world.ts";

/** The full compare (S31) of every workspace. */
export async function sweep(world: World): Promise<void> {
  for (const [ws, workspace] of Object.entries(world.config.workspaces)) await compareWorkspace(world, ws, workspace);
}

/**
 * Retries what is due, compares every map with both sides, asks for another look where they differ. Changes nothing itself;
 * where all is in step it writes nothing (law 7).
 */
export async function compareWorkspace(world: World, ws: string, workspace: WorkspaceConfig): Promise<void> {
  const due = await retryDue(world, ws, workspace);
  await closeMended(world, ws, workspace, await standingAlerts(world.store(ws)));
  const clashes = await openClashes(world, ws);
  const shown = new Map<string, readonly EventMap[]>();
  const read: string[] = [];
  const progress = followWork(world, ws, "compare", Object.keys(workspace.resources).length);
  for (const [id, resource] of Object.entries(workspace.resources)) {
    await progress.step();
    if (asksFirst(workspace, resource) && !(await isConnected(world, ws, resource.calendar))) continue;
    const maps = await mapsShowing(world, ws, resource.calendar, windowOf(workspace, world.clock.now()).from);
    shown.set(id, maps);
    await quietly(world, ws, id, async () => {
      const unmapped = await compareCalendar(world, ws, workspace, id, maps);
      read.push(resource.calendar);
      await raiseClashes(world, { ws, resource: id }, maps, unmapped, clashes);
    });
  }
  await progress.end();
  await closeAlerts(world.store(ws), "calendar-unreadable", read);
  for (const source of Object.keys(workspace.sources)) await compareBookings(world, ws, workspace, source, shown, due);
}

/** False also where it cannot be told now: the next sweep asks again. */
async function isConnected(world: World, ws: string, calendarId: string): Promise<boolean> {
  try {
    return await ensureConnected(world, ws, calendarId);
  } catch (error) {
    if (!(error instanceof LockstepError) || isOurOwnFailure(error)) throw error;
    return false;
  }
}

/** One calendar that cannot be read does not keep the others from being compared. */
async function quietly(world: World, ws: string, resource: string, compare: () => Promise<void>): Promise<void> {
  try {
    await compare();
  } catch (error) {
    if (!(error instanceof LockstepError) || isOurOwnFailure(error)) throw error;
    world.log.write("WARNING", "calendar could not be compared", {
      ws,
      resource,
      code: error.code,
      providerError: error.provider,
      detail: error.message,
    });
  }
}

/**
 * Asks about what is newer on the calendar, or missing there. What is parked waits for its own time (S27). Answers what
 * people put there themselves.
 */
async function compareCalendar(
  world: World,
  ws: string,
  workspace: WorkspaceConfig,
  id: string,
  maps: readonly EventMap[],
): Promise<readonly CalendarEvent[]> {
  const now = world.clock.now();
  const { resource } = settingsOf(world, { ws, resource: id });
  const listing = await walkCalendar(world, workspace, ws, resource.calendar, undefined);
  const byEvent = new Map(maps.map((map) => [map.eventId, map]));
  const items: EventItem[] = [];
  const unmapped: CalendarEvent[] = [];
  for (const event of listing.events) {
    if (event.state !== "live") continue;
    if (!isOwnId(event.id) && markedBooking(workspace, event.properties) === undefined && !byEvent.has(event.id)) {
      unmapped.push(event);
      continue;
    }
    if (byEvent.get(event.id)?.dirty === true) continue;
    const known = byEvent.get(event.id)?.event;
    const version = known?.kind === "live" ? compareVersions(event, known) : "newer";
    // Changed in the very moment of what is known, it has the same time and another version.
    if (version === "same" || version === "older") continue;
    items.push(asItem(event));
  }
  const settled = maps.filter((map) => !map.dirty);
  items.push(...missingFrom(listing, settled));
  items.push(...(await newsOfMeetings(world, { ws, resource: id }, unmapped)));
  items.push(...(await refusedAndGone(world, { ws, resource: id }, listing)));
  const absent = items.filter((item) => item.state === "deleted").length;
  const run = { id: `sweep-${now}`, complete: true, absent };
  await publishObservation(world, {
    kind: "event-seen",
    ws,
    resource: id,
    calendarId: resource.calendar,
    run,
    seenAt: now,
    items,
  });
  await noteSilence(world, ws, resource.calendar, items);
  return unmapped;
}

/**
 * Where the last listing and the maps of a resource do not say the same, the booking is looked at again. What is
 * shown without ever having been listed so that it could be read (told by a webhook, gone before the next poll) becomes
 * an entry of the snapshot, so that the poller looks for it and its absence gathers evidence like any other's (R8).
 */
async function compareBookings(
  world: World,
  ws: string,
  workspace: WorkspaceConfig,
  source: string,
  shown: ReadonlyMap<string, readonly EventMap[]>,
  due: readonly EventMap[],
): Promise<void> {
  const snapshot = await world.store(ws).get<SnapshotDoc>(snapshotRef(source));
  const now = world.clock.now();
  const entries = Object.entries(snapshot?.data.entries ?? {}).filter(([, entry]) => isFuture(entry.span, now));
  const known = new Set(Object.keys(snapshot?.data.entries ?? {}));
  await expectUnlisted(world, ws, workspace, snapshot, source, [...shown.values(), due].flat());
  for (const [id] of resourcesOf(workspace, source)) {
    const there = shown.get(id);
    if (there === undefined) continue;
    const maps = new Map(there.filter((map) => map.resource === id).map((map) => [map.bookingId, map]));
    const wrong = entries.filter(([bookingId, entry]) => differs(maps.get(bookingId), entry, id));
    const unshown = entries.filter(([bookingId, entry]) => !maps.has(bookingId) && shouldShow(entry, id));
    const lacking = await withoutWaiting(world, ws, id, source, named(unshown));
    const left = [...maps.values()].filter((map) => map.source === source && isMovedAfterEnd(map, now));
    const forgotten = left.map(({ bookingId }) => bookingId).filter((bookingId) => !known.has(bookingId));
    for (const bookingId of [...lacking, ...named(wrong), ...forgotten].slice(0, MAX_RETRIES)) {
      await publishBookingHint(world, { ws, resource: id, source, bookingId }, "sweep");
    }
  }
}

/** What it showed is over, and people gave its event a time to come: where no listing has its booking, that one may be gone. */
function isMovedAfterEnd({ base, event, dirty }: EventMap, now: Instant): boolean {
  if (dirty || base?.booking.span === undefined || event?.kind !== "live" || event.content.span === undefined)
    return false;
  return !isFuture(base.booking.span, now) && isFuture(event.content.span, now);
}

/** Sweep and poll begin on the same minute: each may be faster, several times. */
const MAX_RACES = 3;

async function expectUnlisted(
  world: World,
  ws: string,
  workspace: WorkspaceConfig,
  snapshot: Stored<SnapshotDoc> | undefined,
  source: string,
  maps: readonly EventMap[],
  races = 0,
): Promise<void> {
  if (snapshot === undefined) return;
  const { ref, data, version } = snapshot;
  const unlisted = maps.filter((map) => map.source === source && isUnread(data.entries[map.bookingId]));
  if (unlisted.length === 0) return;
  const now = world.clock.now();
  const bookings = await world.store(ws).getMany(unlisted.slice(0, MAX_RETRIES).map(({ key }) => bookingRef(key)));
  const added: Record<string, SnapshotEntry> = {};
  for (const stored of bookings) {
    // Proof: only Lockstep writes bookings, with this shape.
    const { bookingId, resources, seen } = (stored?.data ?? {}) as Partial<BookingDoc>;
    if (bookingId === undefined || seen === undefined || resources === undefined) continue;
    if (!isFuture(seen.span, now) || seen.span.start >= windowOf(workspace, now).to) continue;
    const { hash } = data.entries[bookingId] ?? { hash: UNLISTED };
    added[bookingId] = { hash, span: seen.span, resources, status: "live" };
  }
  if (Object.keys(added).length === 0) return;
  try {
    const entries = { ...data.entries, ...added };
    await world.store(ws).commit([{ kind: "put", ref, data: { ...data, entries }, ifVersion: version }]);
  } catch (error) {
    if (!isError(error, "STORE_CONFLICT")) throw error;
    // A poll was faster; after some more, what it still lacks is added by the next sweep.
    if (races >= MAX_RACES) return;
    const now = await world.store(ws).get<SnapshotDoc>(ref);
    await expectUnlisted(world, ws, workspace, now, source, maps, races + 1);
  }
}

/** Never listed, or only as a row that could not be read: then its listing says that it is there, and no more. */
function isUnread(entry: SnapshotEntry | undefined): boolean {
  return entry === undefined || entry.status === "bad";
}

function named(entries: readonly (readonly [string, SnapshotEntry])[]): string[] {
  return entries.map(([bookingId]) => bookingId);
}

/** Those of the bookings that no map keeps waiting: parked, held, asked about or given up. */
async function withoutWaiting(
  world: World,
  ws: string,
  resource: string,
  source: string,
  bookingIds: readonly string[],
): Promise<string[]> {
  const lacking: string[] = [];
  for (let from = 0; from < bookingIds.length; from += MAX_RETRIES) {
    const some = bookingIds.slice(from, from + MAX_RETRIES);
    const maps = await world.store(ws).getMany(some.map((id) => mapRef(bookingKey(source, id), resource)));
    // Proof: only Lockstep writes maps, with this shape.
    lacking.push(...some.filter((_, index) => !waits(maps[index]?.data as EventMap | undefined)));
  }
  return lacking;
}

/** One that found its booking unread has nothing to wait for: an answer without it may have lied (law 2). */
function waits(map: EventMap | undefined): boolean {
  if (map === undefined || map.status === "pending") return map?.dirty === true;
  return map.status !== "cancelled" && map.status !== "active";
}

function shouldShow(entry: SnapshotEntry, resource: string): boolean {
  return entry.status === "live" && entry.resources.includes(resource);
}

/** A map that shows what the listing says is cancelled, elsewhere or at another time; a parked one has its own time (S27). */
function differs(map: EventMap | undefined, entry: SnapshotEntry, resource: string): boolean {
  if (map?.status !== "active" || map.dirty || map.base?.booking.span === undefined) return false;
  if (entry.status === "cancelled" || !entry.resources.includes(resource)) return true;
  return !sameSpan(map.base.booking.span, entry.span);
}
