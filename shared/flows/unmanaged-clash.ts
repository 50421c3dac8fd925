import type { CalendarEvent } from "../ports/calendar.ts";
import type { Stored } from "../ports/store.ts";
import { instantsOf } from "../series/wall-time.ts";
import { isFuture, type Span } from "../sync/time.ts";
import { type Place, settingsOf } from "./desk.ts";
import type { EventMap, Occupied, ReviewItem } from "./documents.ts";
import { importKind } from "./importable.ts";
import { closeReview, ensureReview } from "./review.ts";
import type { World } from "./world.ts";

const ID = "meeting-clash~unmanaged";

/** Open items of one workspace that are looked at, and clashes of one room that are raised, in one sweep (law 12). */
const MAX_ITEMS = 500;

/** What was raised here before, of a whole workspace: one query for all its rooms. */
export async function openClashes(world: World, ws: string): Promise<readonly ReviewItem[]> {
  const where = [{ field: "status", op: "==", value: "open" }] as const;
  const open: readonly Stored<ReviewItem>[] = await world
    .store(ws)
    .query({ collection: "reviewItems", where, limit: MAX_ITEMS });
  return open.map(({ data }) => data).filter(({ id }) => id.startsWith(`${ID}~`));
}

/**
 * Meetings that nobody imports stay people's own and are never touched (law 1). Where one takes the room from a
 * reservation the booking system has authority, and a person is told; the item closes when either goes. Imported ones
 * are judged by their room's agenda.
 */
export async function raiseClashes(
  world: World,
  at: Pick<Place, "ws" | "resource">,
  maps: readonly EventMap[],
  events: readonly CalendarEvent[],
  open: readonly ReviewItem[],
): Promise<void> {
  const store = world.store(at.ws);
  const clashes = importKind(world, at) === undefined ? clashesOf(world, at, maps, events) : [];
  for (const item of clashes.slice(0, MAX_ITEMS)) await ensureReview(store, item, world.clock.now());
  const found = new Set(clashes.map(({ id }) => id));
  for (const { id, resource } of open) {
    if (resource === at.resource && !found.has(id)) await closeReview(store, id, world.clock.now());
  }
}

type Clash = Omit<ReviewItem, "status" | "openedAt">;

function clashesOf(
  world: World,
  at: Pick<Place, "ws" | "resource">,
  maps: readonly EventMap[],
  events: readonly CalendarEvent[],
): Clash[] {
  const { timeZone } = settingsOf(world, at).resource;
  const taken = maps.flatMap((map) => (isShown(map) ? [{ map, occupancy: map.occupancy }] : []));
  return events.flatMap((event) => {
    const { span } = event.content;
    if (event.meeting === undefined || span === undefined || !isFuture(span, world.clock.now())) return [];
    return taken
      .filter(({ occupancy }) => overlaps(occupancy, span, timeZone))
      .map(({ map }) => clashOf(at, map, event));
  });
}

function isShown(map: EventMap): map is EventMap & { readonly occupancy: Occupied } {
  return map.status === "active" && map.occupancy !== undefined && map.occupancy.givesWay === undefined;
}

function overlaps({ from, to }: Occupied, span: Span, timeZone: string): boolean {
  const { start, end } = instantsOf(span, timeZone);
  return from < end && start < to;
}

/** The meeting is named by its id alone: what it is about is nobody else's. */
function clashOf(
  { resource }: Pick<Place, "resource">,
  map: EventMap,
  { id: eventId, calendarId }: CalendarEvent,
): Clash {
  const { key, bookingId } = map;
  const detail = `A meeting that people put on the calendar of ${resource} takes the room while booking ${bookingId} does: the booking system goes first, so move one of them.`;
  return {
    id: `${ID}~${eventId}~${key}~${resource}`,
    kind: "meeting-clash",
    detail,
    key,
    resource,
    calendarId,
    eventId,
  };
}
