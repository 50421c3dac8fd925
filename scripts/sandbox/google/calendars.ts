import { json, type Reply } from "../wire.ts";
import type { Call, World } from "../world.ts";
import { readableCalendar, roleOn } from "./access.ts";
import type { AccessRole, CalendarRow } from "./rows.ts";
import { calendarsOf } from "./shelves.ts";

/** Makes a calendar, or changes what is given of one that exists; its events stay. */
export function putCalendar(
  world: World,
  calendar: {
    id: string;
    summary?: string | undefined;
    timeZone?: string | undefined;
    accessRole?: AccessRole | undefined;
  },
): CalendarRow {
  const before = calendarsOf(world).get("calendars", calendar.id);
  const row: CalendarRow = {
    id: calendar.id,
    summary: calendar.summary ?? before?.summary ?? calendar.id,
    timeZone: calendar.timeZone ?? before?.timeZone ?? world.options().timeZone,
    accessRole: calendar.accessRole ?? before?.accessRole ?? "writer",
    resourceId: before?.resourceId ?? world.newId(),
    change: before?.change ?? 0,
    tokenEpoch: before?.tokenEpoch ?? 0,
    updated: before?.updated ?? new Date(world.now()).toISOString(),
  };
  calendarsOf(world).put("calendars", row.id, row);
  return row;
}

/** `calendars.get`. */
export function getCalendar(call: Call, [calendarId = ""]: readonly string[]): Reply {
  const { id, summary, timeZone } = readableCalendar(call, calendarId);
  return json(200, { kind: "calendar#calendar", etag: `"c${id.length}"`, id, summary, timeZone });
}

/** `calendarList.list`, on one page. */
export function listCalendars(call: Call): Reply {
  const items = calendarsOf(call.world)
    .all("calendars")
    .filter((calendar) => roleOn(call, calendar) !== "none")
    .map((calendar) => listEntry(call, calendar));
  return json(200, { kind: "calendar#calendarList", etag: '"l1"', items });
}

/** `calendarList.get`. */
export function getListEntry(call: Call, [calendarId = ""]: readonly string[]): Reply {
  return json(200, listEntry(call, readableCalendar(call, calendarId)));
}

function listEntry(call: Call, calendar: CalendarRow): Record<string, unknown> {
  const { id, summary, timeZone } = calendar;
  return {
    kind: "calendar#calendarListEntry",
    etag: '"e1"',
    id,
    summary,
    timeZone,
    accessRole: roleOn(call, calendar),
  };
}
