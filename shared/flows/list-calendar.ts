import { LockstepError } from "../errors.ts";
import type { CalendarEvent } from "../ports/calendar.ts";
import type { Where } from "../ports/store.ts";
import type { Instant } from "../sync/time.ts";
import type { EventItem } from "../topics/observations.ts";
import type { EventMap } from "./documents.ts";
import { windowOf } from "./window.ts";
import type { WorkspaceConfig, World } from "./world.ts";

/** A listing is broken off beyond this many pages (law 12). */
const MAX_PAGES = 400;
const MAPS_PER_PAGE = 1_000;

export interface Walked {
  readonly events: CalendarEvent[];
  readonly cursor: string | undefined;
  /** The listing tells nothing of events that end later. Undefined: it has no end. */
  readonly until: Instant | undefined;
}

/**
 * Every page of a calendar's changes since `cursor`, or of its whole window. Throws CURSOR_EXPIRED;
 * PROVIDER_FORBIDDEN where it can no longer be written: that is an error, not a change (R10, S65).
 */
export async function walkCalendar(
  world: World,
  workspace: WorkspaceConfig,
  ws: string,
  calendarId: string,
  cursor: string | undefined,
): Promise<Walked> {
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
      throw new LockstepError("PROVIDER_FORBIDDEN", {
        detail: `Calendar ${calendarId} can be read but not written: share it with 'make changes to events'.`,
      });
    }
    events.push(...answer.events);
    page = answer.nextPage;
    if (page === undefined) return { events, cursor: answer.cursor, until: answer.until };
  }
  throw new LockstepError("PROVIDER_UNAVAILABLE", {
    detail: `Calendar ${calendarId} listed more than ${MAX_PAGES} pages.`,
  });
}

/** An event as it travels in an observation. */
export function asItem({ id, meeting: _untold, ...event }: CalendarEvent): EventItem {
  return { eventId: id, ...event, content: event.content, properties: { ...event.properties } };
}

/** Maps whose event a full listing should have shown and did not: hints, confirmed by a read each (S29). */
export function missingFrom(listing: Walked, maps: readonly EventMap[]): EventItem[] {
  const listed = new Set(listing.events.filter((event) => event.state === "live").map((event) => event.id));
  return maps
    .filter((map) => !listed.has(map.eventId) && (listing.until === undefined || map.endsAt <= listing.until))
    .map(({ eventId, calendarId }) => ({
      eventId,
      calendarId,
      state: "deleted",
      content: {},
      properties: {},
      hint: true,
    }));
}

/** Maps whose event should stand on this calendar and ends after `from`. */
export async function mapsShowing(world: World, ws: string, calendarId: string, from: Instant): Promise<EventMap[]> {
  const shown = new Map<string, EventMap>();
  let next: Where = { field: "endsAt", op: ">", value: from };
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const maps = await world.store(ws).query<EventMap>({
      collection: "eventMaps",
      where: [
        { field: "calendarId", op: "==", value: calendarId },
        { field: "status", op: "==", value: "active" },
        next,
      ],
      orderBy: { field: "endsAt" },
      limit: MAPS_PER_PAGE,
    });
    const before = shown.size;
    for (const { ref, data } of maps) shown.set(ref.id, data);
    const last = maps.at(-1);
    if (last === undefined || maps.length < MAPS_PER_PAGE || shown.size === before) break;
    // Several may end at the same time: those of the page's end are read once more, none is left out.
    next = { field: "endsAt", op: ">=", value: last.data.endsAt };
  }
  return [...shown.values()];
}

/** Whether a map points at this event. */
export async function isMapped(world: World, ws: string, eventId: string): Promise<boolean> {
  const where = [{ field: "eventId", op: "==", value: eventId }] as const;
  return (await world.store(ws).count({ collection: "eventMaps", where })) > 0;
}
