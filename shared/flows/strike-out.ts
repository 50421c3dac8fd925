import { later } from "../sync/time.ts";
import { commitMap, type Desk, knownOf } from "./desk.ts";
import { unmarked, withoutEvent } from "./incarnation.ts";
import { INTENT_MS } from "./intent.ts";
import { readEvent } from "./look.ts";

/**
 * Remembers, before the call, that this event is being struck out or revived: found so later, no person wrote that, and
 * wherever its booking is by then, the event is looked at.
 */
export async function commitStrikeOut(desk: Desk, eventId: string): Promise<void> {
  const nextAttempt = later(desk.now, INTENT_MS);
  desk.map = { ...desk.map, eventId, markedEventId: eventId, dirty: true, nextAttempt };
  await commitMap(desk);
}

/**
 * The booking takes place here again before its event was known to be struck out: it is revived like any other, which also
 * finds out whether it was, and what people did to it since.
 */
export async function resolveStrikeOut(desk: Desk): Promise<void> {
  const { eventId, markedEventId } = desk.map;
  if (eventId === "" || markedEventId !== eventId) return;
  const { booking } = knownOf(desk);
  if (booking?.kind !== "live" || !booking.resources.includes(desk.place.resource)) return;
  if (!desk.eventRead) await readEvent(desk);
  desk.map = wasRevived(desk) ? unmarked(desk.map) : withoutEvent(desk.map);
}

/** It is gone, and its tombstone says what only its revival wrote: whoever deleted it then had the booking before them. */
function wasRevived({ map, storedMap }: Desk): boolean {
  return map.event?.kind === "deleted" && map.base !== undefined && storedMap?.base === undefined;
}
