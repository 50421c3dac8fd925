import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type RunningSandbox, startSandbox } from "../../scripts/sandbox/sandbox.ts";
import { seedStudio } from "../../scripts/sandbox/seed-demo.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { Burst, randomOf } from "./burst.ts";
import { freePort, type LockstepProcess, removeFolder, startLockstep, tempFolder } from "./lockstep-process.ts";
import { openStudio } from "./studio.ts";

const KILLS = 20;
const CHANGES = 200;
const WRITES = /insert|patch|delete|bookit|cancelappointment/;
const seed = Number(process.env.LOCKSTEP_KILL_SEED ?? Math.floor(Math.random() * 1e9));

describe(`kill -9 during a burst of changes (LOCKSTEP_KILL_SEED=${seed})`, () => {
  const data = tempFolder();
  const random = randomOf(seed);
  let sandbox: RunningSandbox;
  let lockstep: LockstepProcess;
  let start: () => Promise<LockstepProcess>;
  let burst: Burst;

  beforeAll(async () => {
    sandbox = await startSandbox({ clock: systemClock, newId: () => crypto.randomUUID().replaceAll("-", ""), port: 0 });
    seedStudio(sandbox);
    burst = new Burst(sandbox, random);
    const options = { port: await freePort(), data, args: ["--sandbox", "none", "--config", studioConfig(data)] };
    const root = `http://localhost:${sandbox.port}`;
    start = () =>
      startLockstep({
        ...options,
        env: { GOOGLE_API_ROOT: `${root}/google`, USCHEDULE_API_ROOT: `${root}/uschedule` },
      });
    lockstep = await start();
    const webhook = { url: `${lockstep.url}/booking-webhook/loft/uschedule`, secret: webhookSecret(data) };
    sandbox.arrange(({ world }) => world.setOptions({ ...world.options(), timeZone: "Europe/London", webhook }));
  });

  afterAll(async () => {
    await lockstep.kill();
    await sandbox.close();
    removeFolder(data);
  });

  test("S13 S30: at twenty random moments; afterwards both sides agree, nothing is doubled or wrongly cancelled", async () => {
    for (let kill = 1; kill <= KILLS; kill++) {
      const changing = changeUntil(burst, (CHANGES * kill) / KILLS, random);
      await sleep(40 + random() * 700);
      await lockstep.kill();
      await changing;
      lockstep = await start();
    }

    // A rebooking that was cut off is taken over after half a minute, by the next sweep.
    await vi.waitFor(async () => expect(await burst.disagreements()).toEqual([]), { timeout: 100_000, interval: 500 });
    expect(burst.changes).toBe(CHANGES);
    expect(
      await openStudio({ ...lockstep, sandboxUrl: `http://localhost:${sandbox.port}` }).api("holds"),
    ).toMatchObject({
      items: [],
    });
  }, 300_000);

  test("when the last cut-off rebooking is taken over, a whole cycle of every job writes nothing (law 7)", async () => {
    let writes: string[] = [];

    for (let cycle = 1; cycle <= 4; cycle++) {
      sandbox.log.reset();
      await sleep(17_000);
      const operations = sandbox.log.calls().map((call) => call.operation);
      expect(operations).toContain("events.list");
      writes = operations.filter((operation) => WRITES.test(operation));
      if (writes.length === 0) break;
    }

    expect(writes).toEqual([]);
    expect(await burst.disagreements()).toEqual([]);
  });
});

/** Makes changes, a few at a time, until so many were made. */
async function changeUntil(burst: Burst, total: number, random: () => number): Promise<void> {
  while (burst.changes < total) {
    await burst.change();
    await sleep(random() * 60);
  }
}

/** The demo's studio with a breaker that lets this many cancellations through. */
function studioConfig(folder: string): string {
  const file = join(folder, "studio.config.yaml");
  const demo = readFileSync("scripts/local/demo.config.yaml", "utf8");
  writeFileSync(file, demo.replace("  loft:\n", "  loft:\n    policy: { breakerCount: 1000 }\n"));
  return file;
}

function webhookSecret(folder: string): string {
  const secrets = z
    .record(z.string(), z.string())
    .parse(JSON.parse(readFileSync(join(folder, "secrets.json"), "utf8")));
  return secrets["webhook-loft-uschedule"] ?? "";
}
