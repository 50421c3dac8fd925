import { Temporal } from "temporal-polyfill";
import { type EventMap, mapRef } from "../../shared/flows/documents.ts";
import { eventIdFor } from "../../shared/flows/event-id.ts";
import type { World } from "../../shared/flows/world.ts";
import type { AppointmentRow } from "../sandbox/uschedule/rows.ts";
import { appointmentsOf, catalogueOf } from "../sandbox/uschedule/shelves.ts";
import { holdersOf, type Slot } from "../sandbox/uschedule/slots.ts";
import { letsToTry } from "./lets-to-try.ts";
import { mailsToTry } from "./mails-to-try.ts";
import { townToTry } from "./town-to-try.ts";
import type { Try, TryParts } from "./try.ts";

/** Commands that work as they stand, two or three for each customer, on bookings that are there now; none without a booking ahead. */
export async function thingsToTry(parts: TryParts): Promise<Try[]> {
  const example = await exampleOf(parts);
  const studio = example === undefined ? [] : [book(parts, example), drag(parts, example), explain(parts, example)];
  return [...studio, ...townToTry(parts), ...letsToTry(parts), ...mailsToTry(parts)];
}

interface Example {
  readonly ws: string;
  readonly source: string;
  readonly row: AppointmentRow;
  readonly bay: string;
  readonly timeZone: string;
  readonly calendarId: string;
  readonly eventId: string;
}

/** The first booking ahead that the configuration mirrors. */
async function exampleOf({ sandbox, world }: TryParts): Promise<Example | undefined> {
  const units = catalogueOf(sandbox.world).all("resourceunits");
  for (const row of comingUp(sandbox)) {
    const bay = units.find((unit) => unit.Id === row.ResourceUnitID)?.Name ?? "";
    for (const [ws, { resources }] of Object.entries(world.config.workspaces)) {
      const found = Object.entries(resources).find(([, each]) => each.sourceName === bay);
      if (found === undefined) continue;
      const [resource, { source, calendar: calendarId, timeZone }] = found;
      const eventId = await eventIdOf(world, ws, resource, `${source}:${row.AppointmentID}`, calendarId);
      return { ws, source, row, bay, timeZone, calendarId, eventId };
    }
  }
  return undefined;
}

/** The map's event, else the id that the first one will get. */
async function eventIdOf(world: World, ws: string, resource: string, key: string, calendarId: string): Promise<string> {
  const map = await world.store(ws).get<EventMap>(mapRef(key, resource));
  return map?.data.eventId || eventIdFor(ws, calendarId, key, 0);
}

function comingUp({ world }: TryParts["sandbox"]): AppointmentRow[] {
  const now = localNow(world.options().timeZone, world.now());
  return appointmentsOf(world)
    .all("appointments")
    .filter((row) => row.StatusID === 1 && row.StartTime > now)
    .sort((a, b) => (a.StartTime < b.StartTime ? -1 : 1));
}

function book({ sandbox }: TryParts, { row, bay }: Example): Try {
  const slot = freeSlot(sandbox, row);
  const body = { ResourceName: bay, StartTime: slot.StartTime, CustomerName: "Alex Kim" };
  return {
    says: `Book ${bay} in USchedule: an event appears on its calendar`,
    command: `curl -s http://localhost:${sandbox.port}/sandbox/uschedule/book -d '${JSON.stringify(body)}'`,
  };
}

function drag({ sandbox }: TryParts, { row, bay, timeZone, calendarId, eventId }: Example): Try {
  const slot = freeSlot(sandbox, {
    ...row,
    StartTime: later(row.StartTime, { days: 1 }),
    EndTime: later(row.EndTime, { days: 1 }),
  });
  const at = (dateTime: string) => ({ dateTime, timeZone });
  const url = `http://localhost:${sandbox.port}/google/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events/${eventId}`;
  const body = JSON.stringify({ start: at(slot.StartTime), end: at(slot.EndTime) });
  return {
    says: `Drag the event of appointment ${row.AppointmentID} on ${bay}'s calendar: the appointment moves`,
    command: `curl -s -X PATCH '${url}' -H 'Authorization: Bearer me' -d '${body}'`,
  };
}

function explain({ gatewayUrl }: TryParts, { source, row }: Example): Try {
  return {
    says: "Ask why it is as it is",
    command: `curl -s ${gatewayUrl}/api/explain/${source}:${row.AppointmentID}`,
  };
}

/** The next free time of the same length in the same bay, an hour later at a time. */
function freeSlot({ world }: TryParts["sandbox"], { ResourceUnitID, StartTime, EndTime }: Slot): Slot {
  let slot = { ResourceUnitID, StartTime, EndTime };
  while (holdersOf(world, slot).length > 0) {
    slot = {
      ResourceUnitID,
      StartTime: later(slot.StartTime, { hours: 1 }),
      EndTime: later(slot.EndTime, { hours: 1 }),
    };
  }
  return slot;
}

function later(local: string, by: Temporal.DurationLike): string {
  return Temporal.PlainDateTime.from(local).add(by).toString({ smallestUnit: "second" });
}

function localNow(timeZone: string, nowMs: number): string {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDateTime();
  return now.toString({ smallestUnit: "second" });
}
