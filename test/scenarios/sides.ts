import { expect } from "vitest";
import type { AlertDoc } from "../../shared/flows/documents.ts";
import { explain } from "../../shared/flows/explain.ts";
import { BAY_1, BAY_2, type GoogleEvent, type Json, type Studio, WS } from "../flows/studio.ts";
import { pass } from "./clockwork.ts";
import type { Wire } from "./wire.ts";

/** One booking as both sides should tell it: `410001 bay 1 2027-01-12T10:00:00 2027-01-12T11:00:00`. */
export type Line = string;

/** What takes place by USchedule's own state: whatever holds a slot. */
export async function bookedLines(studio: Studio): Promise<Line[]> {
  const rows = await studio.appointments();
  return rows
    .filter((row) => row["holdsSlot"] === true)
    .map(lineOf)
    .sort();
}

function lineOf(row: Json): Line {
  const bay = String(row["ResourceName"]).replace("Bay ", "bay ");
  return `${row["AppointmentID"]} ${bay} ${row["StartTime"]} ${row["EndTime"]}`;
}

/** What Google's calendars show of ours, by their own state. */
export async function shownLines(studio: Studio): Promise<Line[]> {
  const lines: Line[] = [];
  for (const [bay, calendarId] of [
    ["bay 1", BAY_1],
    ["bay 2", BAY_2],
  ] as const) {
    for (const event of (await studio.events(calendarId)).filter(isManaged)) {
      lines.push(`${namedBy(event)} ${bay} ${wall(event.start)} ${wall(event.end)}`);
    }
  }
  return lines.sort();
}

export function isManaged(event: GoogleEvent): boolean {
  return event.extendedProperties?.private?.["loftSyncManaged"] === "true";
}

/** The booking an event names. */
export function namedBy(event: GoogleEvent): string {
  return event.extendedProperties?.private?.["uscheduleAppointmentId"] ?? "";
}

/** Local time on the wall, without its offset. */
export function wall(time: GoogleEvent["start"]): string {
  return time.date ?? (time.dateTime ?? "").slice(0, 19);
}

/** Both sides say exactly this, ids included. */
export async function expectBothSides(studio: Studio, lines: readonly Line[]): Promise<void> {
  expect({ booked: await bookedLines(studio), shown: await shownLines(studio) }).toEqual({
    booked: [...lines].sort(),
    shown: [...lines].sort(),
  });
}

/** Both sides say this whatever the bookings' ids are; the ids on both sides are the same. */
export async function expectTimes(studio: Studio, lines: readonly string[]): Promise<void> {
  const [booked, shown] = [await bookedLines(studio), await shownLines(studio)];
  expect({ booked: booked.map(withoutId).sort(), shown: shown.map(withoutId).sort() }).toEqual({
    booked: [...lines].sort(),
    shown: [...lines].sort(),
  });
  expect(shown).toEqual(booked);
}

export function withoutId(line: Line): string {
  return line.slice(line.indexOf(" ") + 1);
}

/** Law 7: a further turn of every scheduler writes nothing at a provider and changes no map. */
export async function expectCalm(studio: Studio, wire: Wire, minutes = 10): Promise<void> {
  const before = await studio.maps();
  wire.calls();
  await pass(studio, minutes, wire);
  expect(wire.writes()).toEqual([]);
  expect(await studio.maps()).toEqual(before);
}

export async function alertsOf(studio: Studio, status: AlertDoc["status"] = "open"): Promise<string[]> {
  const alerts = await studio.store.query<AlertDoc>({ collection: "alerts" });
  return alerts.filter(({ data }) => data.status === status).map(({ data }) => `${data.kind} ${data.subject}`);
}

/** Open review items by kind and booking. */
export async function openReviews(studio: Studio): Promise<string[]> {
  const reviews = await studio.reviews();
  return reviews.filter(({ status }) => status === "open").map(({ kind, key }) => `${kind} ${key ?? ""}`.trim());
}

/** A call of Google's events by a person; `rest` begins with `/` or `?`. */
export function onCalendar(
  studio: Studio,
  method: string,
  calendarId: string,
  rest: string,
  body?: unknown,
  fault = "",
): Promise<Json> {
  const path = `/google/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events${rest}`;
  return studio.call(method, path, body, fault === "" ? {} : { "x-sandbox-fault": fault });
}

/** Every value that did not prevail, as one call of explain shows it. */
export async function lostOf(studio: Studio, id: string): Promise<unknown[]> {
  const { maps } = await explain(studio.world, WS, id);
  return maps.flatMap(({ journal }) =>
    journal.flatMap((entry) =>
      (entry?.lost ?? []).map(({ side, field, value }) => [
        side,
        field,
        field === "span" ? value.span?.start : value[field],
      ]),
    ),
  );
}
