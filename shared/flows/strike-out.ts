import { later } from "../sync/time.ts";
import { commitMap, type Desk, knownOf } from "./desk.ts";
import { withoutEvent } from "./incarnation.ts";
import { INTENT_MS } from "./intent.ts";
import { readEvent } from "./look.ts";

const CANCELLED = "Cancelled: ";

/** The title of a struck-out event (policy `mark`). What says so already, begun before and not saved, stays. */
export function struckOut(title: string): string {
  return isStruckOut(title) ? title : `${CANCELLED}${title}`;
}

/** Where nobody can tell by the title, it counts as struck out. */
export function isStruckOut(title: string | undefined): boolean {
  return title?.startsWith(CANCELLED) ?? true;
}

/** Remembers, before the call, that this event is being struck out: found so later, no person wrote that. */
export async function commitStrikeOut(desk: Desk): Promise<void> {
  const nextAttempt = later(desk.now, INTENT_MS);
  desk.map = { ...desk.map, markedEventId: desk.map.eventId, dirty: true, nextAttempt };
  await commitMap(desk);
}

/**
 * The booking takes place here again before its event was known to be struck out. Where it was, or is gone since, the booking
 * has no event that shows it: it is revived like any other. Where it was not, nothing had happened.
 */
export async function resolveStrikeOut(desk: Desk): Promise<void> {
  const { eventId, markedEventId } = desk.map;
  if (eventId === "" || markedEventId !== eventId) return;
  const { booking } = knownOf(desk);
  if (booking?.kind !== "live" || !booking.resources.includes(desk.place.resource)) return;
  if (!desk.eventRead) await readEvent(desk);
  const { event } = desk.map;
  const shows = event?.kind === "live" || event?.kind === "elsewhere" ? event.content : undefined;
  if (shows !== undefined && !isStruckOut(shows.title ?? "")) {
    const { markedEventId: _undone, ...standing } = desk.map;
    desk.map = standing;
  } else desk.map = withoutEvent(desk.map);
}
