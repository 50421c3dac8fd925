import { describe, expect, test } from "vitest";
import type { History, Step } from "../../scripts/sim/history.ts";
import { shrink } from "../../scripts/sim/shrink.ts";

function step(deed: string, faults: Record<string, string> = {}): Step {
  return { deed, pick: 0, slot: 0, other: 0, gapMs: 1_234, chance: 1, fault: 0, faults };
}

function historyOf(steps: Step[]): History {
  return {
    ...{ seed: 1, calendar: "google-calendar", source: "uschedule", zone: "Europe/London" },
    start: "2027-01-11T08:00:00.000Z",
    policy: { merge: "ask", breakerCount: 1_000 },
    skew: { instances: [0, 200], providers: -100 },
    troubles: [],
    steps,
  };
}

describe("shrinking", () => {
  test("leaves the steps, faults and words of policy that the failure needs, and no others", async () => {
    const noise = Array.from({ length: 20 }, (_, index) => step(`noise-${index}`, { "3": "call:cut" }));
    const history = historyOf([
      ...noise.slice(0, 10),
      step("book", { "1": "call:timeout-after", "2": "read:unavailable" }),
      ...noise.slice(10),
      step("drag"),
    ]);
    const fails = async ({ steps, policy }: History) => {
      const book = steps.findIndex(({ deed }) => deed === "book");
      const drag = steps.findIndex(({ deed }) => deed === "drag");
      return book >= 0 && drag > book && steps[book]?.faults?.["1"] !== undefined && policy["merge"] === "ask";
    };

    const small = await shrink(history, fails, 500);

    expect(small.steps.map(({ deed, faults }) => [deed, faults])).toEqual([
      ["book", { "1": "call:timeout-after" }],
      ["drag", {}],
    ]);
    expect(small.policy).toEqual({ merge: "ask" });
    expect(small.skew).toEqual({ instances: [0], providers: 0 });
  });

  test("stops after so many plays with the best so far", async () => {
    let plays = 0;
    const fails = async () => {
      plays += 1;
      return true;
    };

    const small = await shrink(historyOf(Array.from({ length: 64 }, () => step("wait"))), fails, 3);

    expect(plays).toBe(3);
    expect(small.steps.length).toBeLessThan(64);
  });
});
