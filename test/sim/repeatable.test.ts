import { beforeAll, describe, expect, test } from "vitest";
import { type Functions, loadFunctions, readFunctions } from "../../scripts/local/function-folders.ts";
import { openCoverage } from "../../scripts/sim/coverage.ts";
import { FAULT_NAMES } from "../../scripts/sim/faults.ts";
import type { History } from "../../scripts/sim/history.ts";
import { playHistory } from "../../scripts/sim/play-history.ts";
import { writeHistory } from "../../scripts/sim/write-history.ts";

const WISH = { steps: 40, calendar: "google-calendar", source: "uschedule", troubles: FAULT_NAMES };

describe("a history is repeatable", () => {
  let functions: Functions;
  beforeAll(async () => {
    functions = readFunctions(process.cwd());
    await loadFunctions(process.cwd(), functions);
  }, 60_000);

  async function tellingOf(history: History): Promise<{ told: string[]; explicit: History }> {
    const told: string[] = [];
    const coverage = openCoverage();
    const { explicit } = await playHistory(history, { functions, coverage, tell: (line) => told.push(line) });
    return { told, explicit };
  }

  test("the same seed tells the same, word by word", async () => {
    const first = await tellingOf(writeHistory({ ...WISH, seed: 11 }));

    const second = await tellingOf(writeHistory({ ...WISH, seed: 11 }));

    expect(first.told.length).toBeGreaterThan(50);
    expect(second.told).toEqual(first.told);
  });

  test("with its faults written down it tells the same again, as --replay does", async () => {
    const { told, explicit } = await tellingOf(writeHistory({ ...WISH, seed: 12 }));

    const replayed = await tellingOf(JSON.parse(JSON.stringify(explicit)));

    expect(explicit.steps.some(({ faults }) => Object.keys(faults ?? {}).length > 0)).toBe(true);
    expect(replayed.told).toEqual(told);
  });

  test("another seed tells something else", async () => {
    const first = await tellingOf(writeHistory({ ...WISH, seed: 13 }));

    const second = await tellingOf(writeHistory({ ...WISH, seed: 14 }));

    expect(second.told).not.toEqual(first.told);
  });
});
