import type { SourceBooking } from "../ports/booking-source.ts";
import type { CalendarEvent } from "../ports/calendar.ts";
import { sameSpan } from "../sync/time.ts";
import { importKind, isImportable } from "./importable.ts";
import { markedBooking } from "./marker.ts";
import { type resourceOfCalendar, resourcesNamed } from "./resources.ts";
import type { WorkspaceConfig, World } from "./world.ts";

/** What connecting a calendar means, item by item: every booking and every event is in exactly one of these. */
export interface ConnectionPlan {
  /** Events that look like bookings that are there already: a person says whether they are. */
  readonly adopt: readonly Twin[];
  /** Bookings that get an event. */
  readonly create: readonly SourceBooking[];
  /** Meetings of people's own that become bookings. */
  readonly imports: readonly CalendarEvent[];
  /** Everything else on the calendar. */
  readonly leaveAlone: readonly CalendarEvent[];
}

/** Plans it from live events and listed bookings; changes nothing. */
export function planConnection(
  world: World,
  ws: string,
  workspace: WorkspaceConfig,
  { id, resource: { source } }: NonNullable<ReturnType<typeof resourceOfCalendar>>,
  events: readonly CalendarEvent[],
  bookings: readonly SourceBooking[],
): ConnectionPlan {
  const here = bookings.filter((booking) => resourcesNamed(workspace, source, booking.resources).includes(id));
  const adopt = findTwins(events, here, (event) => markedBooking(workspace, event.properties));
  const others = events.filter((event) => !adopt.some((twin) => twin.event.id === event.id));
  const room = { ws, resource: id };
  const imports = importKind(world, room) !== undefined;
  const isImported = (event: CalendarEvent) => imports && isImportable(world, room, event);
  return {
    adopt,
    create: here.filter(({ id: one, status }) => status === "live" && !adopt.some(({ booking }) => booking.id === one)),
    imports: others.filter(isImported),
    leaveAlone: others.filter((event) => !isImported(event)),
  };
}

export interface Twin {
  readonly event: CalendarEvent;
  readonly booking: SourceBooking;
  readonly why: string;
}

/** By marker first; else the one event of exactly the same time as the one booking (S21: never by title). */
function findTwins(
  events: readonly CalendarEvent[],
  bookings: readonly SourceBooking[],
  marked: (event: CalendarEvent) => string | undefined,
): Twin[] {
  const twins: Twin[] = [];
  const taken = new Set<string>();
  const live = bookings.filter(
    (booking) => booking.status === "live" || booking.status === "pending" || booking.status === "unclear",
  );
  for (const booking of live) {
    const named = events.find((event) => !taken.has(event.id) && marked(event) === booking.id);
    const alike = events.filter((event) => !taken.has(event.id) && marked(event) === undefined && isAt(event, booking));
    const event = named ?? (alike.length === 1 ? alike[0] : undefined);
    if (event === undefined) continue;
    taken.add(event.id);
    twins.push({ event, booking, why: named === undefined ? "same time" : "carries its marker" });
  }
  return twins;
}

function isAt(event: CalendarEvent, booking: SourceBooking): boolean {
  return event.series === undefined && event.content.span !== undefined && sameSpan(event.content.span, booking.span);
}
