import { findWorkspace } from "../config.ts";
import { isError, isOurOwnFailure, LockstepError } from "../errors.ts";
import type { CalendarEvent } from "../ports/calendar.ts";
import type { Stored } from "../ports/store.ts";
import { type Instant, later } from "../sync/time.ts";
import type { CalendarTouched } from "../topics/calendar-touched.ts";
import type { EventItem } from "../topics/observations.ts";
import { connectCalendar } from "./connect-calendar.ts";
import { type CalendarDoc, calendarRef, type Watch } from "./documents.ts";
import { isOwnId } from "./event-id.ts";
import { newsOfMeetings } from "./importable.ts";
import { asItem, isMapped, mapsShowing, missingFrom, type Walked, walkCalendar } from "./list-calendar.ts";
import { markedBooking } from "./marker.ts";
import { publishObservation } from "./publish.ts";
import { cursorFor, readAhead, unsavedEvents } from "./read-ahead.ts";
import { raiseAlert } from "./review.ts";
import { isEcho, wasUntold } from "./silence.ts";
import { windowOf } from "./window.ts";
import type { WorkspaceConfig, World } from "./world.ts";

/** Echoes alone need not save the cursor, up to this many since it was saved last (R12). */
const MAX_UNSAVED = 50;
const HEARTBEAT_MS = 15 * 60_000;

/**
 * Lists what changed on one calendar since the saved cursor, publishes what may concern us, then
 * saves the cursor (law 8). Provider errors are shown as an alert and acknowledged: the poll floor
 * comes again (R6).
 */
export async function pullCalendar(world: World, touched: CalendarTouched): Promise<void> {
  const { ws, calendarId } = touched;
  const workspace = findWorkspace(world.config, ws);
  if (workspace === undefined) return;
  const stored = await world.store(ws).get<CalendarDoc>(calendarRef(calendarId));
  try {
    if (stored === undefined) return await connectCalendar(world, ws, calendarId);
    if (isFromStrangeChannel(touched, stored.data)) {
      world.log.write("NOTICE", "push of a stopped channel dropped", { ws, calendarId });
      return;
    }
    await pull(world, workspace, touched, stored);
  } catch (error) {
    if (!(error instanceof LockstepError) || isOurOwnFailure(error)) throw error;
    await showFailure(world, touched, stored, error);
  }
}

/** A rate limit is waited out; only one that lasts is shown (S01). */
const RATE_LIMIT_PATIENCE_MS = 30 * 60_000;

async function showFailure(
  world: World,
  touched: CalendarTouched,
  stored: Stored<CalendarDoc> | undefined,
  error: LockstepError,
): Promise<void> {
  const { ws, calendarId } = touched;
  const { code, provider } = error;
  const now = world.clock.now();
  world.log.write("WARNING", "calendar could not be read", { ws, calendarId, code, providerError: provider });
  if (stored !== undefined && touched.via === "push") await notePush(world, touched, stored, now);
  const patience = later(now, -RATE_LIMIT_PATIENCE_MS);
  if (code === "PROVIDER_RATE_LIMITED" && (stored?.data.lastRead ?? now) > patience) return;
  const detail = `Calendar ${calendarId} cannot be read (${provider ?? code}); nothing is derived from that.`;
  await raiseAlert(world.store(ws), { kind: "calendar-unreadable", subject: calendarId, detail }, now);
}

/** The channel spoke though nothing could be read: the poll that finds its edit must not call it silent. */
async function notePush(
  world: World,
  touched: CalendarTouched,
  stored: Stored<CalendarDoc>,
  now: Instant,
): Promise<void> {
  const { watch } = stored.data;
  if (watch === undefined) return;
  const data: CalendarDoc = { ...stored.data, watch: afterPush(watch, touched, now) };
  try {
    await world.store(touched.ws).commit([{ kind: "put", ref: stored.ref, data, ifVersion: stored.version }]);
  } catch (error) {
    if (!isError(error, "STORE_CONFLICT")) throw error;
  }
}

function isFromStrangeChannel({ via, channelId }: CalendarTouched, { watch, formerWatch }: CalendarDoc): boolean {
  return via === "push" && channelId !== watch?.channelId && channelId !== formerWatch?.channelId;
}

interface Listing extends Walked {
  /** True after a lost cursor: what is not listed may have been deleted meanwhile (S29). */
  readonly full: boolean;
}

async function pull(
  world: World,
  workspace: WorkspaceConfig,
  touched: CalendarTouched,
  stored: Stored<CalendarDoc>,
): Promise<void> {
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
  const cursor = cursorFor(world, ws, doc);
  try {
    if (cursor !== undefined)
      return { ...(await walkCalendar(world, workspace, ws, doc.calendarId, cursor)), full: false };
  } catch (error) {
    if (!isError(error, "CURSOR_EXPIRED")) throw error;
    world.log.write("NOTICE", "cursor expired, listing everything", { ws, calendarId: doc.calendarId });
  }
  return { ...(await walkCalendar(world, workspace, ws, doc.calendarId, undefined)), full: true };
}

/** What may concern us: marked events, our own ids, meetings to import, and after a full listing what is missing from it. */
async function itemsOf(
  world: World,
  workspace: WorkspaceConfig,
  ws: string,
  doc: CalendarDoc,
  listing: Listing,
): Promise<EventItem[]> {
  const items: EventItem[] = [];
  const others: CalendarEvent[] = [];
  for (const event of listing.events) {
    if (await mayConcernUs(world, workspace, ws, doc, event)) items.push(asItem(event));
    else others.push(event);
  }
  items.push(...(await newsOfMeetings(world, { ws, resource: doc.resource }, others)));
  if (!listing.full) return items;
  const { from } = windowOf(workspace, world.clock.now());
  return [...items, ...missingFrom(listing, await mapsShowing(world, ws, doc.calendarId, from))];
}

/**
 * Where the provider chooses ids, a tombstone shows neither marker nor prefix: one look-up tells whether a map
 * points at it. Other people's must not count as gone either: the breaker counts what a run found absent (law 5).
 * The same goes for all that has a foreign id, where some of it may be ours.
 */
async function mayConcernUs(
  world: World,
  workspace: WorkspaceConfig,
  ws: string,
  doc: CalendarDoc,
  event: CalendarEvent,
): Promise<boolean> {
  const { assignsIds } = world.calendar(ws, doc.calendarId).capabilities;
  if (assignsIds && event.state === "deleted") return isMapped(world, ws, event.id);
  if (isOwnId(event.id) || markedBooking(workspace, event.properties) !== undefined) return true;
  return doc.adopted && (await isMapped(world, ws, event.id));
}

/** Saves the cursor, conditionally, after every publish; echoes alone are remembered by this instance (R12). */
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
  const unsaved = unsavedEvents(world, ws, before) + listing.events.length;
  const worthIt = listing.full || touched.ends === true || unsaved > MAX_UNSAVED || items.some((item) => !isEcho(item));
  const beat = Date.parse(now) - Date.parse(before.lastRead) >= HEARTBEAT_MS;
  if (!worthIt && !beat) {
    if (listing.cursor !== undefined) readAhead(world, ws, before, listing.cursor, unsaved);
    return;
  }
  const doc: CalendarDoc = {
    ...before,
    lastRead: now,
    ...(listing.cursor === undefined ? {} : { cursor: listing.cursor }),
    ...withWatch(before, touched, items, now),
  };
  try {
    await world.store(ws).commit([{ kind: "put", ref: stored.ref, data: doc, ifVersion: stored.version }]);
  } catch (error) {
    // Another pull saved its own cursor; ours is listed again, which costs little and loses nothing.
    if (!isError(error, "STORE_CONFLICT")) throw error;
  }
}

/** Notes the last push; a poll tells a silent channel from a quiet calendar (S28). */
function withWatch(
  doc: CalendarDoc,
  touched: CalendarTouched,
  items: readonly EventItem[],
  now: Instant,
): Partial<CalendarDoc> {
  const { watch } = doc;
  if (watch === undefined) return {};
  if (touched.via === "push")
    return touched.channelId === watch.channelId ? { watch: afterPush(watch, touched, now) } : {};
  return wasUntold(watch, items, now) ? { watch: { ...watch, silent: true } } : {};
}

/** One that announces its own end counts as silent from now on, and is replaced like one. */
function afterPush(watch: Watch, { channelId, ends }: CalendarTouched, now: Instant): Watch {
  const isSilent = ends === true && channelId === watch.channelId;
  return { ...watch, lastPush: now, ...(isSilent && { silent: true }) };
}
