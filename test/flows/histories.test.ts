import { describe, expect, test } from "vitest";
import { playHistory } from "./history.ts";

/**
 * Generated histories over the real flows, providers and sandbox: people change both sides while
 * messages are lost, doubled and out of order, calls fail before or after taking effect, commits fail
 * and workers die. Afterwards the world calms down and both sides must agree. A failure names its seed:
 * `LOCKSTEP_SEED=<seed> vitest run test/flows/histories.test.ts` plays it again, alone and with its steps.
 */
const only = process.env["LOCKSTEP_SEED"];
const from = Number(only ?? process.env["LOCKSTEP_FIRST_SEED"] ?? 1);
const many = only === undefined ? Number(process.env["LOCKSTEP_SEEDS"] ?? 120) : 1;
const seeds = Array.from({ length: many }, (_, index) => from + index);

describe("both sides agree after any history", () => {
  test.each(seeds)("seed %i", async (seed) => {
    const told: string[] = [];

    const complaints = await playHistory(seed, { steps: 30, tell: (line) => told.push(line) });

    if (only !== undefined) process.stdout.write(`${told.join("\n")}\n`);
    expect(complaints, `seed ${seed}`).toEqual([]);
  });
});
