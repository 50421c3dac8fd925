import { expect } from "vitest";
import { OUTLOOK_1, OUTLOOK_2, townConfig } from "../../scripts/sim/studio/studio-config.ts";
import type { Provider } from "../../shared/ports/provider.ts";
import { BAY_1, BAY_2, type Json, openRunningStudio, openStudio, type Studio } from "../flows/studio.ts";
import { work } from "./clockwork.ts";
import type { Scene } from "./every-step.ts";
import type { CalendarName, Row } from "./town.ts";
import { openWire } from "./wire.ts";

/** A meeting as the calendar truly has it, whichever calendar that is. */
export interface Meeting {
  readonly id: string;
  readonly calendarId: string;
  readonly start: string;
  readonly title: string;
  /** The reservation that its marker names. */
  readonly names?: string;
}

interface Wish {
  readonly room?: 1 | 2;
  /** Hour of the 12th of January 2027, UTC, two digits. */
  readonly hour?: string;
  readonly title?: string;
  readonly text?: string;
  /** As the calendar has it, over what is said above. */
  readonly more?: Json;
}

/** People at their calendar. */
export interface Desk {
  invite(wish?: Wish): Promise<string>;
  drag(id: string, hour: string, room?: 1 | 2): Promise<unknown>;
  retitle(id: string, title: string): Promise<unknown>;
  remove(id: string): Promise<unknown>;
  /** From room 1 to room 2. */
  carryOver(id: string): Promise<unknown>;
  meetings(): Promise<Meeting[]>;
}

/** Two rooms of a town, in which what people put on a calendar becomes a reservation. */
export interface Rooms extends Scene, Desk {
  readonly calendars: readonly [string, string];
}

interface RoomsOptions {
  /** False: nothing is connected yet. */
  readonly isConnected?: boolean;
  readonly policy?: Json;
  readonly fetch?: (sandbox: typeof fetch) => typeof fetch;
  readonly providers?: Readonly<Record<string, Provider>>;
}

export async function openRooms(
  calendar: CalendarName,
  { policy = {}, fetch, isConnected = true, ...world }: RoomsOptions = {},
): Promise<Rooms> {
  const wire = openWire();
  const open = isConnected ? openRunningStudio : openStudio;
  const studio = await open({
    config: townConfig({ imports: "always", ...policy }, calendar),
    fetch: (sandbox) => wire.fetch(fetch?.(sandbox) ?? sandbox),
    stores: wire.stores,
    ...world,
  });
  wire.calls();
  return calendar === "outlook"
    ? { studio, wire, calendars: [OUTLOOK_1, OUTLOOK_2], ...atOutlook(studio) }
    : { studio, wire, calendars: [BAY_1, BAY_2], ...atGoogle(studio) };
}

/** The same with one meeting at ten in room 1 that is a reservation already. */
export async function openImported(calendar: CalendarName, options: RoomsOptions = {}) {
  const rooms = await openRooms(calendar, options);
  const eventId = await rooms.invite();
  await work(rooms.studio, rooms.wire);
  const [row] = await reservations(rooms.studio);
  if (row === undefined) throw new Error("the meeting did not become a reservation");
  rooms.wire.calls();
  return { ...rooms, eventId, id: row.id };
}

function atOutlook(studio: Studio): Desk {
  const person = (action: string, body: Json) => studio.call("POST", `/sandbox/graph/${action}`, body);
  const rooms = [OUTLOOK_1, OUTLOOK_2] as const;
  const at = (hour: string) => ({
    ...{ start: `2027-01-12T${hour}:00:00`, end: `2027-01-12T${next(hour)}:00:00`, timeZone: "UTC" },
  });
  return {
    async invite({ room = 1, hour = "10", title = "Budget", text = "Bring the plan", more = {} } = {}) {
      const organizer = { name: "Anna Berg", address: "anna.berg@town.example" };
      const wish = { room: rooms[room - 1], organizer, subject: title, text, ...at(hour), ...more };
      return String((await person("book", wish)).immutableId);
    },
    drag: (id, hour, room = 1) => person("drag", { room: rooms[room - 1], id, ...at(hour) }),
    retitle: (id, subject) => person("edit", { room: OUTLOOK_1, id, subject }),
    remove: (id) => person("delete", { room: OUTLOOK_1, id }),
    carryOver: (id) => person("move", { room: OUTLOOK_1, id, to: OUTLOOK_2 }),
    async meetings() {
      const found: Meeting[] = [];
      for (const calendarId of rooms) {
        // Proof: a list of Graph's, of which only these fields are used.
        const { value } = (await studio.call("GET", viewOf(calendarId), undefined, IMMUTABLE)) as {
          value: GraphItem[];
        };
        for (const item of value) {
          const names = item.singleValueExtendedProperties?.[0]?.value;
          found.push({
            ...{ id: item.id, calendarId, start: item.start.dateTime.slice(0, 16), title: item.subject },
            ...(names === undefined ? {} : { names }),
          });
        }
      }
      return found;
    },
  };
}

interface GraphItem {
  readonly id: string;
  readonly subject: string;
  readonly start: { readonly dateTime: string };
  readonly singleValueExtendedProperties?: { readonly value: string }[];
}

const IMMUTABLE = { prefer: 'IdType="ImmutableId"' };
const NAMES_BOOKING = "String {8f2d6c1e-5b7a-4e0d-9c43-1a6e7d2b9f50} Name bookingSystemId";

function viewOf(calendarId: string): string {
  const expand = encodeURIComponent(`singleValueExtendedProperties($filter=id eq '${NAMES_BOOKING}')`);
  const span = "startDateTime=2027-01-11T00:00:00Z&endDateTime=2027-01-20T00:00:00Z";
  return `/graph/v1.0/users/${encodeURIComponent(calendarId)}/calendarView?${span}&$top=100&$expand=${expand}`;
}

function atGoogle(studio: Studio): Desk {
  const rooms = [BAY_1, BAY_2] as const;
  const path = (calendarId: string, id = "") =>
    `/google/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events${id === "" ? "" : `/${id}`}`;
  const at = (hour: string) => ({
    start: { dateTime: `2027-01-12T${hour}:00:00Z` },
    end: { dateTime: `2027-01-12T${next(hour)}:00:00Z` },
  });
  return {
    async invite({ room = 1, hour = "10", title = "Budget", text = "Bring the plan", more = {} } = {}) {
      const wish = { summary: title, description: text, ...at(hour), ...more };
      return String((await studio.call("POST", path(rooms[room - 1] ?? BAY_1), wish)).id);
    },
    drag: (id, hour, room = 1) => studio.call("PATCH", path(rooms[room - 1] ?? BAY_1, id), at(hour)),
    retitle: (id, summary) => studio.call("PATCH", path(BAY_1, id), { summary }),
    remove: (id) => studio.deleteEvent(BAY_1, id),
    carryOver: (id) => studio.call("POST", `${path(BAY_1, id)}/move?destination=${encodeURIComponent(BAY_2)}`),
    async meetings() {
      const found: Meeting[] = [];
      for (const calendarId of rooms) {
        for (const event of await studio.events(calendarId)) {
          const names = event.extendedProperties?.private?.bookingSystemId;
          const start = new Date(event.start.dateTime ?? `${event.start.date}T00:00:00Z`).toISOString().slice(0, 16);
          const said = { id: event.id, calendarId, start, title: event.summary ?? "" };
          found.push({ ...said, ...(names === undefined ? {} : { names }) });
        }
      }
      return found;
    },
  };
}

function next(hour: string): string {
  return String(Number(hour) + 1).padStart(2, "0");
}

/** Reservations that take place, as the booking system truly has them. */
export async function reservations(studio: Studio): Promise<Row[]> {
  // Proof: so the sandbox shows its state (`scripts/sandbox/booking/show-state.ts`).
  const { booking } = (await studio.call("GET", "/sandbox/state")) as { booking: { reservations: Row[] } };
  return booking.reservations.filter(({ active }) => active);
}

/** `10:00 Budget = 3001`: what the calendars show, and which reservation each meeting names; then what is reserved. */
export async function expectRooms(rooms: Rooms, shown: readonly string[], reserved: readonly string[]): Promise<void> {
  const meetings = (await rooms.meetings()).map(({ start, title, names }) => `${start.slice(11)} ${title} = ${names}`);
  const rows = (await reservations(rooms.studio)).map(
    ({ id, startMs, title }) => `${id} ${new Date(startMs).toISOString().slice(11, 16)} ${title}`,
  );
  expect({ shown: meetings.sort(), reserved: rows.sort() }).toEqual({
    shown: [...shown].sort(),
    reserved: [...reserved].sort(),
  });
}
