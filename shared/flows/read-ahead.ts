import { type CalendarDoc, calendarRef } from "./documents.ts";
import type { World } from "./world.ts";

/** Where a calendar's listing went on without saving, and how many events ago the saved cursor was. */
interface ReadAhead {
  readonly saved: string;
  readonly cursor: string;
  readonly events: number;
}

/**
 * Beyond the saved cursor this instance has read echoes alone, all of them published and acknowledged (R12).
 * Without this, each pull would list and publish them again until something is worth saving. Another
 * instance, or this one after a crash, knows nothing of it and begins at the saved cursor (law 8).
 */
const ahead = new WeakMap<World["config"], Map<string, ReadAhead>>();

/** Where to list from. Undefined where nothing was ever saved. */
export function cursorFor(world: World, ws: string, doc: CalendarDoc): string | undefined {
  return aheadOf(world, ws, doc)?.cursor ?? doc.cursor;
}

/** Events listed since the cursor was saved. */
export function unsavedEvents(world: World, ws: string, doc: CalendarDoc): number {
  return aheadOf(world, ws, doc)?.events ?? 0;
}

/** Goes on from `cursor` next time, after all that came before was published. */
export function readAhead(world: World, ws: string, doc: CalendarDoc, cursor: string, events: number): void {
  if (doc.cursor === undefined) return;
  const known = ahead.get(world.config) ?? new Map<string, ReadAhead>();
  ahead.set(world.config, known.set(nameOf(ws, doc), { saved: doc.cursor, cursor, events }));
}

/** The next pull lists everything: so it finds again what a hint told of that could not be followed. */
export async function listAnew(world: World, ws: string, calendarId: string): Promise<void> {
  const stored = await world.store(ws).get<CalendarDoc>(calendarRef(calendarId));
  if (stored?.data.cursor === undefined) return;
  const { cursor: _lost, ...data } = stored.data;
  await world.store(ws).commit([{ kind: "put", ref: stored.ref, data, ifVersion: stored.version }]);
}

/** Only as long as the cursor it started from is the one in the store. */
function aheadOf(world: World, ws: string, doc: CalendarDoc): ReadAhead | undefined {
  const known = ahead.get(world.config)?.get(nameOf(ws, doc));
  return known !== undefined && known.saved === doc.cursor ? known : undefined;
}

function nameOf(ws: string, { calendarId }: CalendarDoc): string {
  return `${ws}/${calendarId}`;
}
