import { describe, expect, test } from "vitest";
import { loadFunctions, readFunctions } from "../../scripts/local/function-folders.ts";
import { openCoverage } from "../../scripts/sim/coverage.ts";
import { namedDirected } from "../../scripts/sim/directed.ts";
import { FAULT_NAMES } from "../../scripts/sim/faults.ts";
import { playHistory } from "../../scripts/sim/play-history.ts";
import { offeredBy, writeHistory } from "../../scripts/sim/write-history.ts";

// Other calendars and sources under the same simulator: a few histories of each pair, and what only they can show.

const functions = readFunctions(process.cwd());
await loadFunctions(process.cwd(), functions);

const PAIRS = [
  { calendar: "outlook", source: "booking-api" },
  { calendar: "outlook", source: "uschedule" },
  { calendar: "google-calendar", source: "booking-api" },
  { calendar: "google-calendar", source: "osm" },
] as const;

describe.each(PAIRS)("$calendar and $source", (pair) => {
  test.each([11, 12, 13])("keep in step through history %i", async (seed) => {
    const history = writeHistory({ ...pair, seed, steps: 40, troubles: FAULT_NAMES });

    const { complaints } = await playHistory(history, { functions, coverage: openCoverage() });

    expect(complaints).toEqual([]);
  });

  test("nobody does in a history what neither side offers", () => {
    const { steps } = writeHistory({ ...pair, seed: 14, steps: 400, troubles: [] });

    const offered = offeredBy(pair);

    expect(steps.filter(({ deed }) => !offered.has(deed))).toEqual([]);
  });

  test.each(
    namedDirected(pair).filter(({ cells }) => cells.includes("same × moved") || cells.includes("changed × moved")),
  )("$name", async ({ history }) => {
    const { complaints } = await playHistory(history, { functions, coverage: openCoverage() });

    expect(complaints).toEqual([]);
  });
});
