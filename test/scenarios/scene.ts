import { expect } from "vitest";
import type { AlertDoc } from "../../shared/flows/documents.ts";
import { BAY_1, BAY_2, type Json, type Studio } from "../flows/studio.ts";

/** What the scenario tests share: faults, looking at the providers past every fault, and time. */

const WRITES = new Set([
  ...["events.insert", "events.patch", "events.update", "events.delete", "events.move"],
  ...["bookit", "cancelappointment"],
]);

/** An order of the sandbox's `/sandbox/faults`. */
export interface FaultOrder {
  readonly api: "google" | "uschedule" | "osm";
  readonly kinds: readonly string[];
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
  readonly skip?: number;
  readonly times?: number;
}

export async function breakCalls(studio: Studio, ...rules: readonly FaultOrder[]): Promise<void> {
  await studio.call("POST", "/sandbox/faults", { rules });
}

export async function mendCalls(studio: Studio): Promise<void> {
  await studio.call("DELETE", "/sandbox/faults");
}

/** Writes that took effect since `providerCalls` was asked last, people's included; forgets them. */
export function writesSince(studio: Studio): string[] {
  const made = studio.sandbox.log.calls().filter(({ operation, status }) => WRITES.has(operation) && status < 300);
  studio.sandbox.log.reset();
  return made.filter(({ status }) => status !== 0).map(({ operation }) => operation);
}

/** Attempts to write, whatever became of them, with their status. */
export function attemptsSince(studio: Studio): string[] {
  const made = studio.sandbox.log.calls().filter(({ operation }) => WRITES.has(operation));
  studio.sandbox.log.reset();
  return made.map(({ operation, status }) => `${operation} ${status}`);
}

/** An event as Google stores it, tombstones included: the truth behind every fault. */
export type StoredEvent = Json & { readonly id: string; readonly status: string };

export async function storedEvents(studio: Studio, calendarId: string): Promise<StoredEvent[]> {
  // Proof: so the sandbox shows its state (`scripts/sandbox/show-state.ts`).
  const { google } = (await studio.call("GET", "/sandbox/state")) as {
    google: { calendars: { id: string; events: StoredEvent[] }[] };
  };
  return google.calendars.find(({ id }) => id === calendarId)?.events ?? [];
}

/** Live events of both bays, behind every fault. */
export async function liveEvents(studio: Studio): Promise<StoredEvent[]> {
  const both = [...(await storedEvents(studio, BAY_1)), ...(await storedEvents(studio, BAY_2))];
  return both.filter(({ status }) => status !== "cancelled");
}

export async function openAlerts(studio: Studio): Promise<AlertDoc[]> {
  const alerts = await studio.store.query<AlertDoc>({ collection: "alerts" });
  return alerts.map(({ data }) => data).filter(({ status }) => status === "open");
}

/** Time passes, in steps, and every scheduler has its turn after each. */
export async function letPass(studio: Studio, minutes: number, turns = 1): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    studio.clock.advance(minutes * 60_000);
    await studio.turnSchedulers();
  }
}

/** Law 7: further cycles write nothing, neither at a provider nor in the store. */
export async function expectStill(studio: Studio): Promise<void> {
  await studio.turnSchedulers();
  studio.providerCalls();
  const before = studio.counts.writes;
  await studio.turnSchedulers();
  await studio.turnSchedulers();
  expect(writesSince(studio)).toEqual([]);
  expect(studio.counts.writes - before).toBe(0);
}

/** An hour of one of the days from 2027-01-12 on, as USchedule writes it. */
export function hourAt(index: number): string {
  const day = 12 + Math.floor(index / 12);
  const hour = 8 + (index % 12);
  return `2027-01-${day}T${String(hour).padStart(2, "0")}:00:00`;
}

/** Books one hour after the other, nobody notified; all of it is on the calendars afterwards. */
export async function bookMany(studio: Studio, count: number, bays: readonly (1 | 2)[] = [1]): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const bay = bays[index % bays.length] ?? 1;
    const order = { ResourceName: `Bay ${bay}`, StartTime: hourAt(Math.floor(index / bays.length)), ServiceLength: 60 };
    ids.push(await bookUntold(studio, { ...order, CustomerName: `Guest ${index + 1}` }));
  }
  await studio.poll();
  await studio.turnSchedulers();
  expect(await liveEvents(studio)).toHaveLength(count);
  studio.providerCalls();
  return ids;
}

/** Staff books, and no webhook tells of it. */
export async function bookUntold(studio: Studio, order: Json): Promise<string> {
  const booked = await studio.call("POST", "/sandbox/uschedule/book", order, { "x-sandbox-fault": "notify-lost" });
  return String(booked["Id"]);
}

/** Something staff do, of which no webhook tells. */
export function staffUntold(studio: Studio, action: string, body: Json): Promise<Json> {
  return studio.call("POST", `/sandbox/uschedule/${action}`, body, { "x-sandbox-fault": "notify-lost" });
}

/** The appointment that a stored event names. */
export function namedBy(event: StoredEvent): string | undefined {
  // Proof: extended properties are objects of texts (`scripts/sandbox/google/rows.ts`).
  const properties = event["extendedProperties"] as { private?: Record<string, string> } | undefined;
  return properties?.private?.["uscheduleAppointmentId"];
}
