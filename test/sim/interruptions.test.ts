import { describe, expect, test } from "vitest";
import { loadFunctions, readFunctions } from "../../scripts/local/function-folders.ts";
import { openCoverage } from "../../scripts/sim/coverage.ts";
import {
  breaksAt,
  brokenStep,
  interrupted,
  type Met,
  REMOVALS,
  type Removal,
} from "../../scripts/sim/directed/interruptions.ts";
import { playHistory } from "../../scripts/sim/play-history.ts";

// Not by luck: each removal broken off at each of its writes, in each way, with each deed of people before it is taken up.

const functions = readFunctions(process.cwd());
await loadFunctions(process.cwd(), functions);
const PROVIDERS = { calendar: "google-calendar", source: "uschedule" };

async function crossingsOf(removal: Removal): Promise<Met[]> {
  const met: Met[] = [];
  await playHistory(interrupted(removal, PROVIDERS), {
    ...{ functions, coverage: openCoverage() },
    pass: (step, at, crossing, place) => {
      if (step === brokenStep(removal)) met.push({ at, crossing, place });
    },
  });
  return met;
}

describe.each(REMOVALS)("$name, its worker is broken off, and people go on", (removal) => {
  const cases = removal.meanwhile.map((deeds) => ({
    told: deeds.map(({ deed }) => deed).join(", "),
    meanwhile: deeds,
  }));
  test.each(cases)(
    "$told",
    async ({ meanwhile }) => {
      const wrong: unknown[] = [];
      const breaks = breaksAt(await crossingsOf(removal));

      for (const faults of breaks) {
        const history = interrupted(removal, PROVIDERS, faults, meanwhile);
        const { complaints } = await playHistory(history, { functions, coverage: openCoverage() });
        if (complaints.length > 0) wrong.push({ faults, complaints });
      }

      expect(breaks.length).toBeGreaterThan(3);
      expect(wrong).toEqual([]);
    },
    60_000,
  );
});
