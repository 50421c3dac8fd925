import { LockstepError } from "../errors.ts";
import type { Stored } from "../ports/store.ts";
import { settingsOf } from "./desk.ts";
import { type CalendarDoc, calendarRef } from "./documents.ts";
import { openChannel, stopFormer } from "./renew-watches.ts";
import type { WorkspaceConfig, World } from "./world.ts";

/** What is kept of every resource's calendar; undefined where it was never connected. */
export async function calendarsOf(
  world: World,
  ws: string,
  { resources }: WorkspaceConfig,
): Promise<
  readonly { readonly resource: string; readonly calendarId: string; readonly doc: CalendarDoc | undefined }[]
> {
  const rows = Object.entries(resources);
  if (rows.length === 0) return [];
  const stored = await world.store(ws).getMany(rows.map(([, { calendar }]) => calendarRef(calendar)));
  return rows.map(([resource, { calendar: calendarId }], index) => {
    // Proof: only Lockstep writes calendars, with this shape.
    return { resource, calendarId, doc: stored[index]?.data as CalendarDoc | undefined };
  });
}

/**
 * Opens a push channel now, where there is none yet or instead of the present one, which is stopped later. Throws
 * NOT_FOUND; INVALID_STATE before the first connection; WATCH_REFUSED and what a provider's call throws.
 */
export async function renewWatch(world: World, ws: string, resource: string): Promise<CalendarDoc> {
  const stored = await connected(world, ws, resource);
  const { watchStopped: _again, watchError: _tried, ...data } = stored.data;
  if (data.formerWatch !== undefined) await stopFormer(world, ws, stored, data.formerWatch);
  const before = data.formerWatch === undefined ? { ...stored, data } : await connected(world, ws, resource);
  await openChannel(world, ws, before, world.clock.now());
  return (await connected(world, ws, resource)).data;
}

/** Stops the push channel until somebody renews it: changes are found by polling. Throws as `renewWatch`. */
export async function stopWatch(world: World, ws: string, resource: string, actor: string): Promise<CalendarDoc> {
  const stored = await connected(world, ws, resource);
  const { watch, ...rest } = stored.data;
  if (watch !== undefined) {
    const channel = { id: watch.channelId, resourceId: watch.resourceId };
    await world.calendar(ws, stored.data.calendarId).stop(channel);
  }
  const data: CalendarDoc = { ...rest, watchStopped: { by: actor, at: world.clock.now() } };
  await world.store(ws).commit([{ kind: "put", ref: stored.ref, data, ifVersion: stored.version }]);
  return data;
}

async function connected(world: World, ws: string, resource: string): Promise<Stored<CalendarDoc>> {
  const { calendar } = settingsOf(world, { ws, resource }).resource;
  const stored = await world.store(ws).get<CalendarDoc>(calendarRef(calendar));
  if (stored !== undefined) return stored;
  throw new LockstepError("INVALID_STATE", { detail: `The calendar of ${resource} is not connected yet.` });
}
