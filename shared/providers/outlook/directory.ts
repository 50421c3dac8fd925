import { isError } from "../../errors.ts";
import type { BusyTime, CalendarDirectory, FoundCalendar } from "../../ports/calendar.ts";
import type { Span } from "../../sync/time.ts";
import { type Client, pathOfLink } from "./client.ts";
import { brokenAnswer } from "./failures.ts";
import { GraphList, Group, Room, RoomList, Schedules } from "./schema.ts";

/** Pages of one list, and schedules asked for in one call (law 12). */
const MAX_PAGES = 50;
const MAX_SCHEDULES = 20;
const ROOM = "microsoft.graph.room";
const LIST = "microsoft.graph.roomlist";

/** Free in Graph's words; all else takes the calendar. */
const FREE = new Set(["free", "workingElsewhere"]);

/**
 * The tenant's rooms by their lists (permission `Place.Read.All`) and its mail groups (`Group.Read.All`; without it
 * they are left out). Equipment is in no list of Graph's: its mailboxes are entered by address.
 */
export function openDirectory(client: Client): CalendarDirectory {
  return {
    async list() {
      const [rooms, lists, groups] = await Promise.all([listRooms(client), listRoomLists(client), listGroups(client)]);
      const listed = new Map<string, string>();
      for (const { displayName, emailAddress } of lists) {
        const path = `/places/${encodeURIComponent(emailAddress)}/${LIST}/rooms`;
        for (const room of await walk(client, path, Room)) listed.set(room.emailAddress.toLowerCase(), displayName);
      }
      return [...rooms.map((room) => asFound(room, listed)), ...groups];
    },
    busy: (calendarIds, span) => readBusy(client, calendarIds, span),
  };
}

function listRooms(client: Client): Promise<Room[]> {
  return walk(client, `/places/${ROOM}`, Room);
}

function listRoomLists(client: Client): Promise<RoomList[]> {
  return walk(client, `/places/${LIST}`, RoomList);
}

async function listGroups(client: Client): Promise<FoundCalendar[]> {
  try {
    const groups = await walk(client, "/groups?$select=id,displayName,mail", Group);
    return groups.flatMap(({ mail, displayName }) => (mail ? [{ id: mail, name: displayName, kind: "group" }] : []));
  } catch (error) {
    // Rooms can be set up without: who may read places need not read groups.
    if (isError(error, "PROVIDER_FORBIDDEN")) return [];
    throw error;
  }
}

function asFound({ emailAddress, displayName, capacity }: Room, listed: ReadonlyMap<string, string>): FoundCalendar {
  const list = listed.get(emailAddress.toLowerCase());
  return {
    ...{ id: emailAddress, name: displayName, kind: "room" },
    ...(list === undefined ? {} : { list }),
    ...(capacity == null ? {} : { capacity }),
  };
}

/** All pages of a list. A row that is none is left out: a room without an address cannot be connected anyway. */
async function walk<T>(client: Client, from: string, row: { safeParse(item: unknown): Parsed<T> }): Promise<T[]> {
  const call = { does: `listing ${from.split("?")[0]}` };
  const rows: T[] = [];
  let path: string | undefined = from;
  for (let pages = 0; path !== undefined; pages++) {
    if (pages === MAX_PAGES) throw brokenAnswer(call.does, `it has more than ${MAX_PAGES} pages`);
    const page: GraphList = await client.call(call, { method: "GET", path }, (data) => asList(data, call.does));
    for (const item of page.value) {
      const parsed = row.safeParse(item);
      if (parsed.success) rows.push(parsed.data);
    }
    const link: string | null | undefined = page["@odata.nextLink"];
    path = link == null ? undefined : pathOfLink(link);
    if (link != null && path === undefined) throw brokenAnswer(call.does, "its next page lies elsewhere");
  }
  return rows;
}

type Parsed<T> = { readonly success: true; readonly data: T } | { readonly success: false };

function asList(data: unknown, does: string): GraphList {
  const list = GraphList.safeParse(data);
  if (!list.success) throw brokenAnswer(does, "it is no list");
  return list.data;
}

/** When each is taken, by `getSchedule`: also by events that nobody may read. Undefined: this one cannot be told. */
async function readBusy(
  client: Client,
  calendarIds: readonly string[],
  span: Extract<Span, { kind: "timed" }>,
): Promise<ReadonlyMap<string, readonly BusyTime[] | undefined>> {
  const found = new Map<string, readonly BusyTime[] | undefined>();
  for (let from = 0; from < calendarIds.length; from += MAX_SCHEDULES) {
    const schedules = calendarIds.slice(from, from + MAX_SCHEDULES);
    const [first = ""] = schedules;
    const does = `reading when ${schedules.length} calendars are taken`;
    const body = { schedules, startTime: atUtc(span.start), endTime: atUtc(span.end), availabilityViewInterval: 30 };
    const path = `/users/${encodeURIComponent(first)}/calendar/getSchedule`;
    const answer = await client.call({ does }, { method: "POST", path, mailbox: first, body }, (data) => {
      const read = Schedules.safeParse(data);
      if (!read.success) throw brokenAnswer(does, "it holds no schedules");
      return read.data.value;
    });
    for (const { scheduleId, error, scheduleItems } of answer) {
      const items = (scheduleItems ?? []).filter(({ status }) => !FREE.has(status));
      const busy = items.map(({ start, end }) => ({ start: instantOf(start.dateTime), end: instantOf(end.dateTime) }));
      found.set(scheduleId, error == null ? busy : undefined);
    }
  }
  return found;
}

function atUtc(at: string) {
  return { dateTime: at.slice(0, 19), timeZone: "UTC" };
}

/** Asked for in UTC (`PREFER`), so without an offset. */
function instantOf(dateTime: string): string {
  return new Date(`${dateTime.slice(0, 19)}Z`).toISOString();
}
