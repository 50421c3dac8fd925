import { expect, test } from "vitest";
import { reckonMonths, ticksADay } from "../../scripts/bench/cloud-cost.ts";
import { billOf, totalOf } from "../../scripts/bench/month.ts";

const NOTHING = {
  ...{ requests: 0, vcpuSeconds: 0, gibSeconds: 0, reads: 0, writes: 0, deletes: 0 },
  ...{ publishes: 0, secretReads: 0, logBytes: 0 },
};
const NONE = { jobs: 0, secretVersions: 0 };

test("what is inside the free tiers costs nothing, and a document more costs its price", () => {
  const free = { ...NOTHING, requests: 60_000, vcpuSeconds: 6_000, reads: 50_000, writes: 20_000 };

  expect(totalOf(billOf(free, { jobs: 3, secretVersions: 6 }))).toBe(0);
  expect(billOf({ ...free, reads: 150_000 }, NONE).firestore).toBeCloseTo(30 * 0.06, 6);
  expect(billOf(free, { jobs: 5, secretVersions: 7 })).toMatchObject({ scheduler: 0.2, secrets: 0.06 });
});

test("a small venue stays inside the free tiers, 50 rooms with 1,000 changes a day less than five", async () => {
  const months = await reckonMonths();

  for (const { customer, total, atMost } of months) {
    if (atMost !== undefined) expect(total, customer).toBeLessThanOrEqual(atMost);
  }
  expect(months.map(({ changesADay }) => changesADay)).toEqual([50, 1_000, 10_000]);
});

test("ticks are counted from the cron lines, and a line of another form is not guessed at", () => {
  expect(ticksADay("*/5 * * * *")).toBe(288);
  expect(() => ticksADay("0 9 * * 1")).toThrow(/cannot count/);
});
