import { expect } from "vitest";
import { townConfig } from "../../scripts/sim/studio/studio-config.ts";
import { BAY_1, BAY_2, type GoogleEvent, type Json, openRunningStudio, type Studio } from "../flows/studio.ts";
import { work } from "./clockwork.ts";
import type { Scene } from "./every-step.ts";
import { wall } from "./sides.ts";
import { openWire, type Wire } from "./wire.ts";

/** A town's two rooms, kept in a system that is updated in place, on Google calendars. Local times are UTC. */
export const ROOM_1 = BAY_1;
export const ROOM_2 = BAY_2;

/** One reservation at ten in room 1, on both sides. */
export interface Town extends Scene {
  readonly id: string;
  readonly eventId: string;
}

export interface TownOptions {
  readonly policy?: Record<string, unknown>;
  readonly rooms?: readonly string[];
  /** Stands between the wire and the sandbox. */
  readonly fetch?: (sandbox: typeof fetch) => typeof fetch;
}

export async function openTown({ policy = {}, rooms = ["room-1"], fetch: between }: TownOptions = {}): Promise<Town> {
  const wire = openWire();
  const studio = await openRunningStudio({
    config: townConfig(policy),
    fetch: (sandbox) => wire.fetch(between?.(sandbox) ?? sandbox),
    stores: wire.stores,
  });
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
  for (const [room, calendarId] of [
    ["room-1", ROOM_1],
    ["room-2", ROOM_2],
  ] as const) {
    for (const event of await studio.events(calendarId)) {
      if (reservationOf(event) === undefined) continue;
      lines.push(`${reservationOf(event)} ${room} ${wall(event.start)} ${wall(event.end)} ${event.summary}`);
    }
  }
  return lines.sort();
}

export function reservationOf(event: GoogleEvent): string | undefined {
  return event.extendedProperties?.private?.["bookingSystemId"];
}

/** Both sides say exactly this. */
export async function expectBoth(studio: Studio, lines: readonly string[]): Promise<void> {
  const said = { reserved: await reservedLines(studio), shown: await shownLines(studio) };
  expect(said).toEqual({ reserved: [...lines].sort(), shown: [...lines].sort() });
}

/** Throws unless the reservation has exactly one event there. */
export async function eventOf(studio: Studio, calendarId: string, id: string): Promise<GoogleEvent> {
  const found = (await studio.events(calendarId)).filter((event) => reservationOf(event) === id);
  const [event] = found;
  if (event !== undefined && found.length === 1) return event;
  throw new Error(`${found.length} events of reservation ${id} on ${calendarId}, 1 expected`);
}

/** By a person, to three in the afternoon of the next day. */
export function dragToThree({ studio, eventId }: Town, calendarId: string = ROOM_1): Promise<GoogleEvent> {
  return studio.drag(calendarId, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
}

/** Operations of the booking system among Lockstep's calls since this was asked last. */
export function askedOf(wire: Wire): string[] {
  return wire
    .calls()
    .map(({ operation }) => operation)
    .filter((operation) => /Reservation/.test(operation));
}
