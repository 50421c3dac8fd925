import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Config } from "../../shared/config.ts";
import { openSqliteStores } from "../../shared/embedded/sqlite-store.ts";
import { renewWatches } from "../../shared/flows/renew-watches.ts";
import type { DocumentStore, Write } from "../../shared/ports/store.ts";
import { putCalendar } from "../sandbox/google/calendars.ts";
import { type SimulatedStudio, simulateStudio } from "../sim/studio/studio.ts";
import { BAY_1, BAY_2, TIME_ZONE, WS } from "../sim/studio/studio-config.ts";
import { copiesOf, type Pattern, patternOf } from "./booking-pattern.ts";
import { countedBus } from "./counted-bus.ts";
import { stillClock } from "./still-clock.ts";

/** Rooms of the installation; the bookings that stand are spread over them evenly. */
const ROOMS = 500;
const WRITES_AT_ONCE = 400;
const MINUTE_MS = 60_000;
const START = "2027-01-11T08:00:00.000Z";

/** A studio of 500 rooms in which this many bookings stand, on SQLite in a folder of its own. */
export interface ScaleStudio {
  readonly bookings: number;
  /** A guest books, is moved and cancels: three changes, each worked off with its echo. Minute 0 to 599 of a day. */
  changes(day: number, minute: number): Promise<void>;
  close(): Promise<void>;
}

export async function openScaleStudio(bookings: number): Promise<ScaleStudio> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-scale-"));
  const clock = stillClock(START);
  const stores = openSqliteStores(join(folder, "store.sqlite"), clock);
  const studio = simulateStudio({ clock, stores, bus: countedBus(), config: configOfAll() });
  studio.sandbox.arrange(({ world }) => {
    for (const { calendar } of otherRooms()) putCalendar(world, { id: calendar, summary: calendar });
  });
  await renewWatches(studio.world);
  while (await studio.deliver());
  const id = await studio.book(1, "2027-01-12T18:00:00");
  await studio.settle();
  const { id: eventId } = await studio.eventOf(BAY_1, id);
  const store = stores.workspace(WS);
  await fill(store, await patternOf(store, { id, eventId, calendar: BAY_1, resource: "bay-1" }), bookings);
  return {
    bookings,
    async changes(day, minute) {
      clock.advance(MINUTE_MS);
      await change(studio, day, minute);
    },
    async close() {
      await stores.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function change(studio: SimulatedStudio, day: number, minute: number): Promise<void> {
  const id = await studio.book(1, localTime(day, minute));
  await studio.settle();
  await studio.staff("edit", { id, StartTime: localTime(day, minute + 1) });
  await studio.settle();
  await studio.staff("cancel", { id });
  await studio.settle();
}

function localTime(day: number, minute: number): string {
  return new Date(Date.UTC(2027, 1, day, 8, minute)).toISOString().slice(0, 19);
}

function configOfAll(): Config {
  const bays = [
    { id: "bay-1", sourceName: "Bay 1", calendar: BAY_1 },
    { id: "bay-2", sourceName: "Bay 2", calendar: BAY_2 },
  ];
  const resources = [...bays, ...otherRooms()].map(({ id, ...room }) => [
    id,
    { ...room, source: "uschedule", timeZone: TIME_ZONE },
  ]);
  return Config.parse({
    workspaces: {
      [WS]: {
        sources: { uschedule: { provider: "uschedule", settings: {} } },
        calendars: { google: { provider: "google-calendar", settings: {} } },
        resources: Object.fromEntries(resources),
      },
    },
  });
}

function otherRooms() {
  return Array.from({ length: ROOMS - 2 }, (_, n) => ({
    id: `room-${n + 3}`,
    sourceName: `Room ${n + 3}`,
    calendar: `room-${n + 3}@sandbox`,
  }));
}

/** The same booking again and again: in another room, with ids of its own. */
async function fill(store: DocumentStore, pattern: Pattern, bookings: number): Promise<void> {
  const rooms = [{ id: "bay-1", calendar: BAY_1 }, { id: "bay-2", calendar: BAY_2 }, ...otherRooms()];
  let writes: Write[] = [];
  for (let n = 0; n < bookings; n++) {
    const room = rooms[n % ROOMS];
    if (room === undefined) continue;
    const [id, eventId] = [String(1_000_000 + n), `lockstepcopy${n}`];
    writes.push(...copiesOf(pattern, { id, eventId, calendar: room.calendar, resource: room.id }));
    if (writes.length >= WRITES_AT_ONCE || n === bookings - 1) {
      await store.commit(writes);
      writes = [];
    }
  }
}
