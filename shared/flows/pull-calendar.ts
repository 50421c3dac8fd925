import { isError, isOurOwnFailure, LockstepError } from "../errors.ts";
import type { CalendarEvent } from "../ports/calendar.ts";
import type { Stored } from "../ports/store.ts";
import type { Instant } from "../sync/time.ts";
import type { CalendarTouched } from "../topics/calendar-touched.ts";
import type { EventItem } from "../topics/observations.ts";
import { connectCalendar } from "./connect-calendar.ts";
import { type CalendarDoc, calendarRef, type EventMap } from "./documents.ts";
import { isOwnId } from "./event-id.ts";
import { agreementOf, markedBooking } from "./marker.ts";
import { publishObservation } from "./publish.ts";
import { digest } from "./render.ts";
import { raiseAlert } from "./review.ts";
import { windowOf } from "./window.ts";
import type { World, WorkspaceConfig } from "./world.ts";

/** A listing is broken off beyond this many pages and goes on from the old cursor (law 12). */
const MAX_PAGES = 400;
/** A page of nothing but echoes need not save the cursor, up to this many events (R12). */
const MAX_UNSAVED = 50;
const HEARTBEAT_MS = 15 * 60_000;

/**
 * Lists what changed on one calendar since the saved cursor, publishes what may concern us, then
 * saves the cursor (law 8). Provider errors are shown as an alert and acknowledged: the poll floor
 * comes again (R6).
 */
export async function pullCalendar(world: World, touched: CalendarTouched): Promise<void> {
  const { ws, calendarId } = touched;
  const workspace = world.config.workspaces[ws];
  if (workspace === undefined) return;
  try {
    const stored = await world.store(ws).get<CalendarDoc>(calendarRef(calendarId));
    if (stored === undefined) return await connectCalendar(world, ws, calendarId);
    if (isFromStrangeChannel(touched, stored.data)) {
      world.log.write("NOTICE", "push of a stopped channel dropped", { ws, calendarId });
      return;
    }
    await pull(world, workspace, touched, stored);
  } catch (error) {
    if (!(error instanceof LockstepError) || isOurOwnFailure(error)) throw error;
    world.log.write("WARNING", "calendar could not be read", { ws, calendarId, code: error.code, providerError: error.provider });
    if (isError(error, "PROVIDER_RATE_LIMITED")) return;
    const detail = `Calendar ${calendarId} cannot be read (${error.provider ?? error.code}); nothing is derived from that.`;
    await raiseAlert(world.store(ws), { kind: "calendar-unreadable", subject: calendarId, detail }, world.clock.now());
  }
}

function isFromStrangeChannel({ via, channelId }: CalendarTouched, { watch, formerWatch }: CalendarDoc): boolean {
  return via === "push" && channelId !== watch?.channelId && channelId !== formerWatch?.channelId;
}

interface Listing {
  readonly events: readonly CalendarEvent[];
  readonly cursor: string | undefined;
  /** True after a lost cursor: what is not listed may have been deleted meanwhile (S29). */
  readonly full: boolean;
}

async function pull(world: World, workspace: WorkspaceConfig, touched: CalendarTouched, stored: Stored<CalendarDoc>): Promise<void> {
  const { ws, calendarId } = touched;
  const now = world.clock.now();
  const listing = await list(world, workspace, ws, stored.data);
  const items = await itemsOf(world, workspace, ws, stored.data, listing);
  const absent = items.filter((item) => item.state === "deleted").length;
  await publishObservation(world, {
    kind: "event-seen",
    ws,
    resource: stored.data.resource,
    calendarId,
    run: { id: `pull-${touched.via}-${now}`, complete: listing.full, absent },
    seenAt: now,
    items,
  });
  await save(world, ws, touched, stored, listing, items);
}

async function list(world: World, workspace: WorkspaceConfig, ws: string, doc: CalendarDoc): Promise<Listing> {
  try {
    if (doc.cursor !== undefined) return { ...(await walk(world, workspace, ws, doc.calendarId, doc.cursor)), full: false };
  } catch (error) {
    if (!isError(error, "CURSOR_EXPIRED")) throw error;
    world.log.write("NOTICE", "cursor expired, listing everything", { ws, calendarId: doc.calendarId });
  }
  return { ...(await walk(world, workspace, ws, doc.calendarId, undefined)), full: true };
}

async function walk(world: World, workspace: WorkspaceConfig, ws: string, calendarId: string, cursor: string | undefined) {
  const calendar = world.calendar(ws, calendarId);
  const { from } = windowOf(workspace, world.clock.now());
  const events: CalendarEvent[] = [];
  let page: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const answer = await calendar.changes({
      calendarId,
      from,
      ...(cursor === undefined ? {} : { cursor }),
      ...(page === undefined ? {} : { page }),
    });
    if (answer.access !== "writer") {
      throw new LockstepError("PROVIDER_FORBIDDEN", { detail: `Calendar ${calendarId} is no longer shared with write access.` });
    }
    events.push(...answer.events);
    page = answer.nextPage;
    if (page === undefined) return { events, cursor: answer.cursor };
  }
  throw new LockstepError("PROVIDER_UNAVAILABLE", { detail: `Calendar ${calendarId} listed more than ${MAX_PAGES} pages.` });
}

/** What may concern us: marked events, our own ids, and after a full listing what is missing from it. */
async function itemsOf(
  world: World,
  workspace: WorkspaceConfig,
  ws: string,
  doc: CalendarDoc,
  listing: Listing,
): Promise<EventItem[]> {
  const items = listing.events.filter((event) => mayConcernUs(workspace, doc, event)).map(asItem);
  return listing.full ? [...items, ...(await missingOnes(world, workspace, ws, doc, listing))] : items;
}

function mayConcernUs(workspace: WorkspaceConfig, doc: CalendarDoc, event: CalendarEvent): boolean {
  return doc.adopted || isOwnId(event.id) || markedBooking(workspace, event.properties) !== undefined;
}

function asItem({ id, ...event }: CalendarEvent): EventItem {
  return { eventId: id, ...event, content: event.content, properties: { ...event.properties } };
}

/** Mapped events inside the window that a full listing did not show: hints, confirmed by a read each (S29). */
async function missingOnes(
  world: World,
  workspace: WorkspaceConfig,
  ws: string,
  doc: CalendarDoc,
  listing: Listing,
): Promise<EventItem[]> {
  const { from } = windowOf(workspace, world.clock.now());
  const listed = new Set(listing.events.filter((event) => event.state === "live").map((event) => event.id));
  const maps = await mapsShowing(world, ws, doc.calendarId, from);
  return maps
    .filter((map) => !listed.has(map.eventId))
    .map((map) => ({ eventId: map.eventId, calendarId: doc.calendarId, state: "deleted", content: {}, properties: {}, hint: true }));
}

/** Maps whose event should stand on this calendar and ends after `from`. */
export async function mapsShowing(world: World, ws: string, calendarId: string, from: Instant): Promise<EventMap[]> {
  const maps = await world.store(ws).query<EventMap>({
    collection: "eventMaps",
    where: [
      { field: "calendarId", op: "==", value: calendarId },
      { field: "status", op: "==", value: "active" },
      { field: "endsAt", op: ">", value: from },
    ],
    orderBy: { field: "endsAt" },
  });
  return maps.map(({ data }) => data);
}

/** Saves the cursor, conditionally, after every publish; a page of echoes alone costs no write (R12). */
async function save(
  world: World,
  ws: string,
  touched: CalendarTouched,
  stored: Stored<CalendarDoc>,
  listing: Listing,
  items: readonly EventItem[],
): Promise<void> {
  const now = world.clock.now();
  const before = stored.data;
  const worthIt = listing.full || listing.events.length > MAX_UNSAVED || items.some((item) => !isEcho(item));
  const beat = Date.parse(now) - Date.parse(before.lastRead) >= HEARTBEAT_MS;
  if (!worthIt && !beat) return;
  const doc: CalendarDoc = {
    ...before,
    lastRead: now,
    ...(listing.cursor === undefined ? {} : { cursor: listing.cursor }),
    ...withPush(before, touched, now),
  };
  try {
    await world.store(ws).commit([{ kind: "put", ref: stored.ref, data: doc, ifVersion: stored.version }]);
  } catch (error) {
    // Another pull saved its own cursor; ours is listed again, which costs little and loses nothing.
    if (!isError(error, "STORE_CONFLICT")) throw error;
  }
}

/** An event that still looks as we wrote it. */
function isEcho(item: EventItem): boolean {
  return item.state === "live" && agreementOf(item.properties)?.digest === digest(item.content);
}

/** The last push seen tells a silent channel from a quiet calendar (S28). */
function withPush(doc: CalendarDoc, { via, channelId }: CalendarTouched, now: Instant): Partial<CalendarDoc> {
  if (via !== "push" || doc.watch?.channelId !== channelId) return {};
  return doc.watch === undefined ? {} : { watch: { ...doc.watch, lastPush: now } };
}
