import { calendarAccountOf } from "../config.ts";
import { edgeAddress } from "../edge/edge-address.ts";
import { keysOf } from "../edge/key-list.ts";
import { makePushToken, PUSH_TOKEN_SECRET } from "../edge/push-token.ts";
import { isError, isOurOwnFailure, LockstepError } from "../errors.ts";
import type { Stored } from "../ports/store.ts";
import { type Instant, later } from "../sync/time.ts";
import { messageOf, TOPIC } from "../topics/calendar-touched.ts";
import { type CalendarDoc, calendarRef, type Watch } from "./documents.ts";
import { raiseAlert } from "./review.ts";
import type { World } from "./world.ts";

const TTL_SECONDS = 7 * 86_400;
/** A channel is replaced this long before it ends, so that a failed renewal has many more tries (S28). */
const RENEW_BEFORE_MS = 36 * 3_600_000;
/** A refused address is tried again this much later. */
const RETRY_REFUSED_MS = 3_600_000;

/**
 * Keeps a push channel on every calendar: creates, overlaps, replaces silent ones, stops former ones.
 * Also asks for a look at every calendar: the floor under lost pushes (S31).
 */
export async function renewWatches(world: World, only: { readonly provider?: string } = {}): Promise<void> {
  for (const [ws, workspace] of Object.entries(world.config.workspaces)) {
    const calendars = new Set(Object.values(workspace.resources).map(({ calendar }) => calendar));
    for (const calendarId of calendars) {
      const { provider } = calendarAccountOf(workspace, calendarId).account;
      if ((only.provider ?? provider) !== provider) continue;
      await world.publisher.publish(TOPIC, [messageOf({ ws, calendarId, via: "poll" })]);
      await renewOne(world, ws, calendarId);
    }
  }
}

async function renewOne(world: World, ws: string, calendarId: string): Promise<void> {
  const stored = await world.store(ws).get<CalendarDoc>(calendarRef(calendarId));
  if (stored === undefined) return;
  const now = world.clock.now();
  try {
    if (stored.data.formerWatch !== undefined && (await stopFormer(world, ws, stored, stored.data.formerWatch))) return;
    if (needsChannel(stored.data, now)) await openChannel(world, ws, stored, now);
  } catch (error) {
    if (isError(error, "STORE_CONFLICT")) return;
    if (!(error instanceof LockstepError) || isOurOwnFailure(error)) throw error;
    await noteFailure(world, ws, stored, error, now);
  }
}

function needsChannel({ watch, watchError, watchStopped }: CalendarDoc, now: Instant): boolean {
  if (watchStopped !== undefined) return false;
  if (watch !== undefined)
    return watch.silent === true || watch.expiresAt < later(now, RENEW_BEFORE_MS / shortLived(watch));
  return watchError === undefined || watchError.at < later(now, -RETRY_REFUSED_MS);
}

/** A provider may grant less than asked; then the margin shrinks with it. */
function shortLived(watch: Watch): number {
  const lifeMs = Date.parse(watch.expiresAt) - Date.parse(watch.createdAt);
  return Math.max(1, (2 * RENEW_BEFORE_MS) / Math.max(1, lifeMs));
}

/** The new channel overlaps the old one until the next run. Its id is saved before anything may come through it. */
export async function openChannel(world: World, ws: string, stored: Stored<CalendarDoc>, now: Instant): Promise<void> {
  const { calendarId, watch: former } = stored.data;
  const [key] = keysOf(await world.secrets.read(PUSH_TOKEN_SECRET));
  if (key === undefined) throw new LockstepError("SECRET_MISSING", { detail: `Secret ${PUSH_TOKEN_SECRET} is empty.` });
  const channelId = world.newId();
  const calendar = world.calendar(ws, calendarId);
  const { resourceId, expiresAt } = await calendar.watch({
    calendarId,
    id: channelId,
    address: edgeAddress(world.publicUrl, calendar.capabilities.pushEdge),
    token: makePushToken({ ws, calendarId, channelId }, key),
    ttlSeconds: TTL_SECONDS,
  });
  const { watchError: _mended, ...doc } = stored.data;
  const data: CalendarDoc = {
    ...doc,
    watch: { channelId, resourceId, createdAt: now, expiresAt },
    ...(former === undefined ? {} : { formerWatch: former }),
  };
  await world.store(ws).commit([{ kind: "put", ref: stored.ref, data, ifVersion: stored.version }]);
  world.log.write("INFO", "watch opened", {
    ws,
    calendarId,
    channelId,
    expiresAt,
    replacesSilent: former?.silent === true,
  });
  // What changed while no channel told of it is listed now.
  await world.publisher.publish(TOPIC, [messageOf({ ws, calendarId, via: "poll" })]);
  if (former?.silent === true) {
    const detail = `The push channel of ${calendarId} was silent and has been replaced; changes were found by polling.`;
    await raiseAlert(world.store(ws), { kind: "watch-silent", subject: calendarId, detail }, now);
  }
}

/** False where it could not be stopped: then it runs out by itself, and keeps no new one from being opened. */
export async function stopFormer(
  world: World,
  ws: string,
  stored: Stored<CalendarDoc>,
  former: Watch,
): Promise<boolean> {
  const { calendarId } = stored.data;
  try {
    await world.calendar(ws, calendarId).stop({ id: former.channelId, resourceId: former.resourceId });
  } catch (error) {
    if (!(error instanceof LockstepError) || isOurOwnFailure(error)) throw error;
    const { code, provider } = error;
    world.log.write("WARNING", "former watch could not be stopped", { ws, calendarId, code, providerError: provider });
    if (former.expiresAt > world.clock.now()) return false;
  }
  const { formerWatch: _stopped, ...data } = stored.data;
  await world.store(ws).commit([{ kind: "put", ref: stored.ref, data, ifVersion: stored.version }]);
  return true;
}

/** One failed renewal has many more tries; without a channel the poll floor still finds everything, later: that is shown. */
async function noteFailure(
  world: World,
  ws: string,
  stored: Stored<CalendarDoc>,
  error: LockstepError,
  now: Instant,
): Promise<void> {
  const { calendarId, watch } = stored.data;
  world.log.write("WARNING", "watch could not be renewed", {
    ws,
    calendarId,
    code: error.code,
    providerError: error.provider,
    detail: error.message,
  });
  if (watch === undefined && error.code === "WATCH_REFUSED") {
    const data: CalendarDoc = { ...stored.data, watchError: { reason: error.message, at: now } };
    await world.store(ws).commit([{ kind: "put", ref: stored.ref, data, ifVersion: stored.version }]);
  }
  if (watch !== undefined && watch.expiresAt > now && watch.silent !== true) return;
  const detail = `No push channel on ${calendarId} (${error.provider ?? error.code}); its changes are found by polling.`;
  await raiseAlert(world.store(ws), { kind: "watch-down", subject: calendarId, detail }, now);
}
