import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type BesideSandbox, startBesideSandbox } from "./beside-sandbox.ts";
import { Burst, randomOf } from "./burst.ts";

const KILLS = 20;
const CHANGES = 200;
const WRITES = /insert|patch|delete|bookit|cancelappointment/;
const seed = Number(process.env.LOCKSTEP_KILL_SEED ?? Math.floor(Math.random() * 1e9));

describe(`kill -9 during a burst of changes (LOCKSTEP_KILL_SEED=${seed})`, () => {
  const random = randomOf(seed);
  let beside: BesideSandbox;
  let burst: Burst;

  beforeAll(async () => {
    // A breaker that lets this many cancellations through.
    beside = await startBesideSandbox("{ breakerCount: 1000 }");
    burst = new Burst(beside.sandbox, random);
  });
  afterAll(() => beside.close());

  test("S13 S30: at twenty random moments; afterwards both sides agree, nothing is doubled or wrongly cancelled", async () => {
    for (let kill = 1; kill <= KILLS; kill++) {
      const changing = changeUntil(burst, (CHANGES * kill) / KILLS, random);
      await sleep(40 + random() * 700);
      await beside.lockstep().kill();
      await changing;
      await beside.restart();
    }

    // A rebooking that was cut off is taken over after half a minute, by the next sweep.
    await vi.waitFor(async () => expect(await burst.disagreements()).toEqual([]), { timeout: 100_000, interval: 500 });
    expect(burst.changes).toBe(CHANGES);
  }, 300_000);

  test("when the last cut-off rebooking is taken over, a whole cycle of every job writes nothing (law 7)", async () => {
    let writes: string[] = [];

    for (let cycle = 1; cycle <= 4; cycle++) {
      beside.sandbox.log.reset();
      await sleep(17_000);
      const operations = beside.sandbox.log.calls().map((call) => call.operation);
      expect(operations).toContain("events.list");
      writes = operations.filter((operation) => WRITES.test(operation));
      if (writes.length === 0) break;
    }

    expect(writes).toEqual([]);
    expect(await burst.disagreements()).toEqual([]);
  });
});

/** Makes changes, one after the other, until so many were made. */
async function changeUntil(burst: Burst, total: number, random: () => number): Promise<void> {
  while (burst.changes < total) {
    await burst.change();
    await sleep(random() * 60);
  }
}
