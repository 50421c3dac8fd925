import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { freePort, type LockstepProcess, removeFolder, startLockstep, tempFolder } from "./lockstep-process.ts";
import { BAYS, localTime, mirrored, openStudio, startOf } from "./studio.ts";
import { openTownHall, type RoomEvent, type Row } from "./town-hall.ts";

const running: LockstepProcess[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.kill()));
  for (const folder of folders.splice(0)) removeFolder(folder);
});

async function start(options: Parameters<typeof startLockstep>[0] = {}): Promise<LockstepProcess> {
  const lockstep = await startLockstep(options);
  running.push(lockstep);
  folders.push(lockstep.data);
  return lockstep;
}

/** A start that is expected to end by itself, through the launcher as npm does it. */
function run(...args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["scripts/run.mjs", "scripts/local/start.ts", ...args]);
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += String(chunk);
    });
    child.stderr.on("data", (chunk) => {
      output += String(chunk);
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

describe("npm start", () => {
  test("stopped by Ctrl-C and started again on the same data, it goes on: nothing is made twice", async () => {
    const ports = { port: await freePort(), sandboxPort: await freePort() };
    const first = await start(ports);
    const studio = openStudio(first);
    const before = await vi.waitFor(async () => {
      const events = (await studio.events()).filter((event) => mirrored(event) !== undefined);
      expect(events).toHaveLength(12);
      return events;
    }, 10_000);
    expect(await first.stop()).toBe(0);

    await start({ ...ports, data: first.data });
    const { AppointmentID } = await studio.book(BAYS[0], localTime(30, 9), "Nia Later");
    await vi.waitFor(async () => {
      const made = (await studio.events()).filter((event) => mirrored(event) === String(AppointmentID));
      expect(made.map(startOf)).toEqual([localTime(30, 9)]);
    }, 10_000);

    const after = (await studio.events()).filter((event) => mirrored(event) !== String(AppointmentID));
    expect(after.filter((event) => mirrored(event) !== undefined)).toEqual(before);
  });

  test("killed with kill -9, sandbox and all, and started again: every booking has its one event", async () => {
    const ports = { port: await freePort(), sandboxPort: await freePort() };
    const first = await start(ports);
    const studio = openStudio(first);
    const booked = await Promise.all(
      Array.from({ length: 10 }, (_, hour) =>
        studio.book(BAYS[hour % 2 === 0 ? 0 : 1], localTime(31, 8 + hour), `Pat ${hour}`),
      ),
    );

    await first.kill();
    await start({ ...ports, data: first.data });

    await vi.waitFor(async () => {
      const events = await studio.events();
      const counts = booked.map(
        ({ AppointmentID }) => events.filter((each) => mirrored(each) === String(AppointmentID)).length,
      );
      expect(counts).toEqual(booked.map(() => 1));
    }, 20_000);
  });

  test("a second process on the same data folder is refused and told who has it", async () => {
    const first = await start();

    const second = await run("--port", "0", "--sandbox-port", "0", "--data", first.data);

    expect(second.code).toBe(1);
    expect(second.output).toContain(`in use by process ${first.pid}`);
  });

  test("a port in use is said with the option that changes it", async () => {
    const first = await start();
    const data = tempFolder();
    folders.push(data);

    const second = await run("--port", new URL(first.url).port, "--sandbox-port", "0", "--data", data);

    expect(second.code).toBe(1);
    expect(second.output).toContain("npm start -- --port N");
  });

  test("an unknown option is refused before anything is opened", async () => {
    const result = await run("--prot", "80");

    expect(result).toMatchObject({ code: 1, output: expect.stringContaining("Unknown option '--prot'") });
  });

  test("a mistake in the configuration names its file and line", async () => {
    const data = tempFolder();
    folders.push(data);
    const file = join(data, "studio.config.yaml");
    const demo = readFileSync("scripts/local/demo.config.yaml", "utf8");
    writeFileSync(file, demo.replace("timeZone: Europe/London", "timeZone: Europe/Londn"));

    const result = await run("--config", file, "--port", "0", "--sandbox-port", "0", "--data", data);

    expect(result.code).toBe(1);
    expect(result.output).toMatch(/studio\.config\.yaml:\d+: .*IANA time zone/);
  });

  test("without the sandbox, real providers without credentials are refused at once, by name", async () => {
    const data = tempFolder();
    folders.push(data);

    const result = await run("--sandbox", "none", "--port", "0", "--data", data);

    expect(result.code).toBe(1);
    expect(result.output).toContain("uschedule");
  });

  test("provider roots of the environment win over the sandbox", async () => {
    const other = await start();

    const lockstep = await start({
      env: {
        GOOGLE_API_ROOT: `${other.sandboxUrl}/google`,
        USCHEDULE_API_ROOT: `${other.sandboxUrl}/uschedule`,
        GRAPH_API_ROOT: `${other.sandboxUrl}/graph`,
        BOOKING_API_ROOT: `${other.sandboxUrl}/booking`,
      },
    });

    expect(lockstep.screen()).toContain(`${other.sandboxUrl}/uschedule`);
    expect(await openStudio(lockstep).calls()).toEqual([]);
  });
});

describe("the municipality of npm start", () => {
  test("comes up beside the studio: each reservation is on its rooms' calendars, named by kind and id, and follows both sides", async () => {
    const lockstep = await start();
    const hall = await openTownHall({ ...lockstep, ws: "town" });
    const shownOf = async (row: Row) =>
      (await hall.look()).events.filter((event) => !event.deleted && shows(event, row));
    const within = { timeout: 30_000, interval: 200 };

    const row = await vi.waitFor(async () => {
      const { rows, events } = await hall.look();
      const lines = (room: string, row: Row) => `${room} ${row.kind} ${row.id}`;
      const wanted = rows.flatMap((each) => each.resources.map((room) => lines(room, each)));
      const shown = events.flatMap((event) => {
        const named = rows.find((each) => shows(event, each));
        return named === undefined ? [] : [lines(event.room, named)];
      });
      expect(wanted.length).toBeGreaterThan(20);
      expect(shown.sort()).toEqual(wanted.sort());
      return rows.find(({ kind, resources }) => kind === "booking" && resources.length === 1) as Row;
    }, within);
    const [event] = await shownOf(row);
    if (event === undefined) throw new Error("the reservation is shown");

    await hall.desk("edit", { id: row.id, organiser: { name: "New Club", email: "new.club@town.example" } });
    await vi.waitFor(async () => expect((await shownOf(row))[0]?.title).toBe("Booking: New Club"), within);
    await hall.deleteEvent(event);
    await vi.waitFor(async () => {
      expect((await hall.look()).rows.find(({ id }) => id === row.id)?.active).toBe(false);
    }, within);
    expect(await hall.api(`explain/booking:${row.id}`)).toMatchObject({
      maps: [{ lastDecision: { rule: "event-deleted" } }],
    });
  });
});

function shows({ marks }: RoomEvent, { id, kind }: Row): boolean {
  return (
    marks["BookingSystemId"] === id && marks["BookingSystemType"] === kind && marks["BookingSystemManaged"] === "true"
  );
}

describe("the gateway of npm start", () => {
  test("internal functions refuse callers without the local issuer's token", async () => {
    const { url } = await start();

    const answers = await Promise.all(
      ["sync", "calendar-pull", "booking-inbox", "source-poll", "watch-renewal", "sweep", "dead-letter"].map(
        async (name) => {
          const answer = await fetch(`${url}/${name}`, { method: "POST", body: "{}" });
          return [name, answer.status];
        },
      ),
    );

    expect(answers).toEqual(answers.map(([name]) => [name, 401]));
  });

  test("requests without credentials act as the demo operator, wrong credentials are refused", async () => {
    const { url } = await start();

    const open = await fetch(`${url}/api/event-maps`);
    const wrong = await fetch(`${url}/api/event-maps`, { headers: { authorization: "Bearer lsk_wrong" } });

    expect([open.status, wrong.status]).toEqual([200, 401]);
  });
});
