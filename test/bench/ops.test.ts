import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import { type Budget, type Cost, countKinds, findExcess } from "../../scripts/bench/cost.ts";
import { OPS_BUDGETS } from "../../scripts/bench/ops-budgets.ts";
import { measureOps, type OpsResult } from "../../scripts/bench/ops-measure.ts";

describe("one change costs no more than its budget", () => {
  let results: OpsResult[] = [];
  beforeAll(async () => {
    results = await measureOps();
  });

  test.each(Object.keys(OPS_BUDGETS))("%s", (row) => {
    const measured = results.find((result) => result.row === row);

    expect(measured?.excess).toEqual([]);
  });

  test("what does something is seen to do it: nothing is measured past the studio", () => {
    const calls = (row: string) => results.find((result) => result.row === row)?.cost.operations;

    expect(calls("create")).toMatchObject({ "google events.insert": 1 });
    expect(calls("move")).toMatchObject({ "google events.patch": 1 });
    expect(calls("cancel")).toMatchObject({ "google events.delete": 1 });
    expect(calls("drag")).toMatchObject({ "uschedule bookit": 1, "uschedule cancelappointment": 1 });
    expect(calls("event deleted")).toMatchObject({ "uschedule cancelappointment": 1 });
    expect(calls("duplicate webhook, same delivery")).toEqual({});
  });
});

describe("over budget", () => {
  const budget: Budget = { publishes: 1, reads: 2, writes: 0, commits: 0, calls: { "booking read": 1 } };
  const within: Cost = { ...budget, operations: {} };

  test("as much as the budget is within it", () => {
    expect(findExcess(within, budget)).toEqual([]);
  });

  test("one read, write or call more is named with both numbers", () => {
    const cost: Cost = { ...within, reads: 3, writes: 1, calls: { "booking read": 2 } };

    expect(findExcess(cost, budget)).toEqual(["reads 3 > 2", "writes 1 > 0", "booking reads 2 > 1"]);
  });

  test("a call of a kind that the budget does not name is over it", () => {
    expect(findExcess({ ...within, calls: { "calendar write": 1 } }, budget)).toEqual(["calendar writes 1 > 0"]);
  });

  test("a call the bench has no kind for is refused, never left out", () => {
    expect(() => countKinds({ "google events.import": 1 })).toThrow("events.import");
  });
});

test("an unknown bench is answered with the list of those there are", () => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/bench/main.ts", "speed"], { encoding: "utf8" });

  expect(status).toBe(2);
  expect(stderr).toContain("There is no bench speed.");
  expect(stderr).toMatch(/^ {2}ops /m);
});
