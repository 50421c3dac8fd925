import { expect, test } from "vitest";
import { ReplayWindow } from "../../shared/edge/replay-window.ts";

const NOW = "2027-01-10T08:00:00.000Z";

test("S33: a delivery is known for ten minutes", () => {
  const window = new ReplayWindow();

  window.remember("a", NOW);

  expect(window.has("a", "2027-01-10T08:10:00.000Z")).toBe(true);
  expect(window.has("a", "2027-01-10T08:10:00.001Z")).toBe(false);
  expect(window.has("b", NOW)).toBe(false);
});

test("it never grows beyond its limit, and forgets the oldest first", () => {
  const window = new ReplayWindow();

  for (let index = 0; index <= 10_000; index++) window.remember(String(index), NOW);

  expect(["0", "1", "10000"].map((id) => window.has(id, NOW))).toEqual([false, true, true]);
});
