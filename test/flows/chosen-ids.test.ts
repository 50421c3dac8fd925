import { describe, expect, test } from "vitest";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { withChosenIds } from "../fakes/choosing-ids.ts";
import { playHistory } from "./history.ts";

const providers = withChosenIds(PROVIDERS);

/** The same histories as elsewhere, over calendars that choose the ids of events (decision 055). */
const only = process.env["LOCKSTEP_SEED"];
const from = Number(only ?? process.env["LOCKSTEP_FIRST_SEED"] ?? 1);
const many = only === undefined ? Number(process.env["LOCKSTEP_SEEDS"] ?? 20) : 1;
const seeds = Array.from({ length: many }, (_, index) => from + index);

describe("both sides agree after any history where the provider chooses ids", () => {
  test.each(seeds)("seed %i", async (seed) => {
    const told: string[] = [];

    const complaints = await playHistory(seed, { steps: 30, tell: (line) => told.push(line), providers });

    if (only !== undefined) process.stdout.write(`${told.join("\n")}\n`);
    expect(complaints, `seed ${seed}`).toEqual([]);
  });
});
