import { expect, test } from "vitest";
import { dice, KINDS, liveWith } from "../../../scripts/bench/year/live.ts";
import { fakeMemory } from "../../fakes/source-memory.ts";

/** `npm run bench -- year` reads each kind for a year, with several seeds. */
const DAYS = 30;

test.each(KINDS)(
  "S17 S53: of a feed that tells $tells and renews its UIDs with $uids, read hourly, nothing is cancelled wrongfully, and every cancellation is found in time",
  { timeout: 120_000 },
  async (kind) => {
    const year = await liveWith({ ...kind, random: dice(1) }, DAYS, fakeMemory());

    expect(year.stays).toBeGreaterThan(DAYS / 6);
    expect(year.found).toBeGreaterThan(DAYS / 20);
    expect(year).toMatchObject({ wrongful: [], late: [], twice: [] });
  },
);
