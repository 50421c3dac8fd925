import type { World } from "../world.ts";
import { calendarsOf, channelsOf, eventsOf } from "./shelves.ts";
import { etagOf } from "./show-event.ts";

/** Calendars with their events, and channels without their tokens. */
export function showGoogle(world: World): Record<string, unknown> {
  return { calendars: showCalendars(world), channels: showChannels(world) };
}

function showCalendars(world: World): Record<string, unknown>[] {
  return calendarsOf(world)
    .all("calendars")
    .map((calendar) => ({
      ...calendar,
      events: eventsOf(world)
        .all(calendar.id)
        .map(({ body, ...event }) => ({ ...event, ...body, etag: etagOf({ body, ...event }) })),
    }));
}

function showChannels(world: World): Record<string, unknown>[] {
  return channelsOf(world)
    .all("channels")
    .map(({ token: _, ...channel }) => ({
      ...channel,
      expiresAt: new Date(channel.expiresMs).toISOString(),
      open: channel.expiresMs > world.now(),
    }));
}
