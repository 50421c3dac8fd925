import type { Shelf } from "../shelf.ts";
import type { World } from "../world.ts";
import type { CalendarRow, ChannelRow, EventRow } from "./rows.ts";

export function calendarsOf({ cabinet }: World): Shelf<CalendarRow> {
  return cabinet.shelf("calendars");
}

/** Group: calendar id. Deleted events stay, as tombstones. */
export function eventsOf({ cabinet }: World): Shelf<EventRow> {
  return cabinet.shelf("events");
}

export function channelsOf({ cabinet }: World): Shelf<ChannelRow> {
  return cabinet.shelf("channels");
}
