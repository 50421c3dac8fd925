import { expect } from "vitest";
import { townConfig } from "../../scripts/sim/studio/studio-config.ts";
import { type Json, openRunningStudio, type Studio, WS } from "../flows/studio.ts";
import { work } from "./clockwork.ts";
import type { Scene } from "./every-step.ts";
import { drag, isOutlook, type Room, type ShownEvent, shownIn } from "./room-calendars.ts";
import { openWire, type Wire } from "./wire.ts";

/** A town's two rooms, kept in a system that is updated in place, on either calendar. Local times are UTC. */
export const ROOM_1 = 1;
export const ROOM_2 = 2;

export const CALENDARS = ["google-calendar", "outlook"] as const;
export type CalendarName = (typeof CALENDARS)[number];

/** One reservation at ten in room 1, on both sides. */
export interface Town extends Scene {
  readonly id: string;
  readonly eventId: string;
}

export interface TownOptions {
  readonly policy?: Record<string, unknown>;
  readonly rooms?: readonly string[];
  readonly calendar?: CalendarName;
  /** Of the calendars' account. */
  readonly settings?: Json;
  /** Of the rooms and of the booking system. Default: Oslo's. */
  readonly timeZone?: string;
  /** Stands between the wire and the sandbox. */
  readonly fetch?: (sandbox: typeof fetch) => typeof fetch;
}

export async function openTown(options: TownOptions = {}): Promise<Town> {
  const { policy = {}, rooms = ["room-1"], calendar = "google-calendar", timeZone, fetch: between } = options;
  const wire = openWire();
  const config = townConfig(policy, calendar);
  Object.assign(config.workspaces[WS]?.calendars["rooms"]?.settings ?? {}, options.settings);
  for (const room of Object.values(config.workspaces[WS]?.resources ?? {})) {
    if (timeZone !== undefined) room.timeZone = timeZone;
  }
  const studio = await openRunningStudio({
    config,
    fetch: (sandbox) => wire.fetch(between?.(sandbox) ?? sandbox),
    stores: wire.stores,
  });
  // Else a room would give away by itself what people put beside something.
  if (isOutlook(studio)) await studio.call("POST", "/sandbox/options", { roomOverlaps: "accept" });
  if (timeZone !== undefined) await studio.call("POST", "/sandbox/options", { bookingTimeZone: timeZone });
  const id = await reserve(studio, { resources: rooms });
  await work(studio, wire);
  const { id: eventId } = await eventOf(studio, ROOM_1, id);
  wire.calls();
  return { studio, wire, id, eventId };
}

/** At the town hall's desk. */
export function atDesk(studio: Studio, action: string, body: Json, fault = ""): Promise<Json> {
  return studio.call("POST", `/sandbox/booking/${action}`, body, fault === "" ? {} : { "x-sandbox-fault": fault });
}

export async function reserve(studio: Studio, more: Json = {}, fault = ""): Promise<string> {
  const ten = { start: "2027-01-12T10:00:00Z", end: "2027-01-12T11:00:00Z", title: "Choir", description: "Piano" };
  return String((await atDesk(studio, "book", { resources: ["room-1"], ...ten, ...more }, fault)).id);
}

/** A reservation as the booking system truly has it. */
export interface Row {
  readonly id: string;
  readonly version: number;
  readonly active: boolean;
  readonly resources: readonly string[];
  readonly startMs: number;
  readonly endMs: number;
  readonly title: string;
}

export async function rowOf(studio: Studio, id: string): Promise<Row> {
  // Proof: so the sandbox shows its state (`scripts/sandbox/booking/show-state.ts`).
  const { booking } = (await studio.call("GET", "/sandbox/state")) as { booking: { reservations: Row[] } };
  const row = booking.reservations.find((each) => each.id === id);
  if (row === undefined) throw new Error(`there is no reservation ${id}`);
  return row;
}

/** `room-1 2027-01-12T10:00:00 2027-01-12T11:00:00 Choir`: what takes place, by the booking system. */
async function reservedLines(studio: Studio): Promise<string[]> {
  const { booking } = (await studio.call("GET", "/sandbox/state")) as { booking: { reservations: Row[] } };
  return booking.reservations
    .filter(({ active }) => active)
    .flatMap((row) =>
      row.resources.map((room) => `${row.id} ${room} ${utc(row.startMs)} ${utc(row.endMs)} ${row.title}`),
    )
    .sort();
}

function utc(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}

async function shownLines(studio: Studio): Promise<string[]> {
  const lines: string[] = [];
  for (const room of [ROOM_1, ROOM_2] as const) {
    for (const event of await shownIn(studio, room)) {
      if (reservationOf(event) === undefined) continue;
      lines.push(`${reservationOf(event)} room-${room} ${event.start} ${event.end} ${event.title}`);
    }
  }
  return lines.sort();
}

export function reservationOf({ marks }: ShownEvent): string | undefined {
  return marks["bookingSystemId"];
}

/** Both sides say exactly this. */
export async function expectBoth(studio: Studio, lines: readonly string[]): Promise<void> {
  const said = { reserved: await reservedLines(studio), shown: await shownLines(studio) };
  expect(said).toEqual({ reserved: [...lines].sort(), shown: [...lines].sort() });
}

/** Throws unless the reservation has exactly one event there. */
export async function eventOf(studio: Studio, room: Room, id: string): Promise<ShownEvent> {
  const found = (await shownIn(studio, room)).filter((event) => reservationOf(event) === id);
  const [event] = found;
  if (event !== undefined && found.length === 1) return event;
  throw new Error(`${found.length} events of reservation ${id} in room ${room}, 1 expected`);
}

/** By a person, to three in the afternoon of the next day. */
export function dragToThree({ studio, eventId }: Town): Promise<unknown> {
  return drag(studio, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
}

/** Operations of the booking system among Lockstep's calls since this was asked last. */
export function askedOf(wire: Wire): string[] {
  return wire
    .calls()
    .map(({ operation }) => operation)
    .filter((operation) => /Reservation/.test(operation));
}
