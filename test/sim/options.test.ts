import { describe, expect, test } from "vitest";
import { FAULT_NAMES } from "../../scripts/sim/faults.ts";
import { readOptions } from "../../scripts/sim/options.ts";

const fresh = () => 42;

describe("the simulator's command line", () => {
  test("by default plays a hundred histories of sixty steps with all faults, from a fresh seed", () => {
    const options = readOptions([], fresh);

    expect(options).toMatchObject({ seed: 42, histories: 100, steps: 60, troubles: FAULT_NAMES, everyCell: false });
    expect(options).toMatchObject({ calendar: "google-calendar", source: "uschedule" });
  });

  test("has a seed for the commit that is played, the same whenever that is played again", () => {
    const [first, again] = [1, 2].map(() => readOptions(["--seed", "commit"], fresh).seed);

    expect(again).toBe(first);
    expect(first).toBeGreaterThan(0);
    expect(first).not.toBe(42);
  });

  test("takes faults by kind, by place, or none", () => {
    expect(readOptions(["--faults", "none"], fresh).troubles).toEqual([]);
    expect(readOptions(["--faults", "commit:die-after,read"], fresh).troubles).toEqual(
      FAULT_NAMES.filter((name) => name === "commit:die-after" || name.startsWith("read:")),
    );
  });

  test.each([
    [["--faults", "gremlins"], /there is no fault gremlins/],
    [["--providers", "google-calendar,outlook-express"], /--providers takes one of/],
    [["--histories", "many"], /--histories takes a whole number/],
    [["--wings", "2"], /wings/],
  ])("refuses %j and says why", (args, why) => {
    expect(() => readOptions(args, fresh)).toThrow(why);
  });
});
