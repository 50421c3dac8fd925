import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { roomsOf } from "../../scripts/sandbox/booking/shelves.ts";
import { putMailbox, putRoomList } from "../../scripts/sandbox/graph/mailboxes.ts";
import { type RunningSandbox, startSandbox } from "../../scripts/sandbox/sandbox.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { freePort, type LockstepProcess, removeFolder, startLockstep, tempFolder } from "./lockstep-process.ts";
import { mailboxOf, takesMeetings, ZONE } from "./town-hall.ts";

export const WS = "municipality";

/** A municipality's two systems, and Lockstep beside them once it is started. */
export interface BesideTown {
  readonly sandboxUrl: string;
  readonly rooms: readonly string[];
  /** Where Lockstep will be. */
  readonly url: string;
  start(): Promise<LockstepProcess>;
  close(): Promise<void>;
}

/** Opens the systems with so many rooms, all empty. Lockstep is not there yet: people work without it first. */
export async function openBesideTown(count: number): Promise<BesideTown> {
  const rooms = Array.from({ length: count }, (_, at) => `hall-${at + 1}`);
  const data = tempFolder();
  const sandbox = await startSandbox({
    ...{ clock: systemClock, port: 0 },
    newId: () => crypto.randomUUID().replaceAll("-", ""),
  });
  build(sandbox, rooms);
  const sandboxUrl = `http://localhost:${sandbox.port}`;
  const port = await freePort();
  const url = `http://localhost:${port}`;
  let lockstep: LockstepProcess | undefined;
  return {
    ...{ sandboxUrl, rooms, url },
    async start() {
      const args = ["--sandbox", "none", "--config", writeConfig(data, rooms)];
      const env = { GRAPH_API_ROOT: `${sandboxUrl}/graph`, BOOKING_API_ROOT: `${sandboxUrl}/booking` };
      lockstep = await startLockstep({ port, data, args, env });
      const bookingWebhook = { url: `${url}/booking-webhook/${WS}/booking`, secret: webhookSecret(data) };
      sandbox.arrange(({ world }) => world.setOptions({ ...world.options(), bookingWebhook }));
      return lockstep;
    },
    async close() {
      await lockstep?.kill();
      await sandbox.close();
      removeFolder(data);
    },
  };
}

function build(sandbox: RunningSandbox, rooms: readonly string[]): void {
  sandbox.arrange(({ world }) => {
    putRoomList(world, "town@sandbox", "Town");
    for (const [at, room] of rooms.entries()) {
      const seats = { capacity: 10 + at, building: "Town", list: "town@sandbox" };
      putMailbox(world, { email: mailboxOf(room), displayName: `Hall ${at + 1}`, timeZone: ZONE, room: seats });
      const row = { id: room, name: `Hall ${at + 1}`, timeZone: ZONE, capacity: seats.capacity, active: true };
      roomsOf(world).put("rooms", room, row);
    }
  });
}

/** One workspace with a template of its own for each kind, as the demo's (`town-books.ts` knows what they say). */
function writeConfig(folder: string, rooms: readonly string[]): string {
  const file = join(folder, "municipality.config.yaml");
  const words = {
    title: { event: "Event: {customer}", booking: "Booking: {customer}", allocation: "Allocation: {customer}" },
    description: {
      event: "{title}\n{notes}\nOrganiser: {customer} {email}",
      booking: "{title}\n{notes}\nGroup contact: {customer} {email}",
      allocation: "Standing allocation of {customer}\nContact: {email}",
    },
    properties: { BookingSystemType: "{kind}" },
  };
  const place = { source: "booking", timeZone: ZONE, ...words };
  const resources = rooms.map((room) => {
    const policy = takesMeetings(room) ? { policy: { imports: "always" } } : {};
    return [room, { ...place, ...policy, sourceName: room, calendar: mailboxOf(room) }];
  });
  const workspace = {
    sources: { booking: { provider: "booking-api", settings: {} } },
    calendars: { outlook: { provider: "outlook", settings: {} } },
    marker: { bookingId: "BookingSystemId", managed: "BookingSystemManaged" },
    resources: Object.fromEntries(resources),
  };
  writeFileSync(file, stringify({ workspaces: { [WS]: workspace } }, { aliasDuplicateObjects: false }));
  return file;
}

function webhookSecret(folder: string): string {
  const text = readFileSync(join(folder, "secrets.json"), "utf8");
  return z.record(z.string(), z.string()).parse(JSON.parse(text))[`webhook-${WS}-booking`] ?? "";
}
