import { expect, test } from "vitest";
import { loadFunctions, readFunctions } from "../../scripts/local/function-folders.ts";
import { openCoverage, reachableBeside, watchDecisions } from "../../scripts/sim/coverage.ts";
import { namedDirected } from "../../scripts/sim/directed.ts";
import { playHistory } from "../../scripts/sim/play-history.ts";
import { unreachableBeside } from "../../scripts/sim/unreachable.ts";

// What a directed history is for it must still do when the product takes its decisions in another order.

const functions = readFunctions(process.cwd());
await loadFunctions(process.cwd(), functions);
const PROVIDERS = { calendar: "google-calendar", source: "uschedule" };
const directed = namedDirected(PROVIDERS);
const all = openCoverage();

test.each(directed)("$name", async ({ history, cells }) => {
  const coverage = openCoverage();
  const { complaints } = await watchDecisions(coverage, () => playHistory(history, { functions, coverage }));
  all.add(coverage.data());
  expect(complaints).toEqual([]);
  expect(Object.keys(coverage.data().cells)).toEqual(expect.arrayContaining([...cells]));
});

test("together they are there for every cell that can be reached, and reach no other", () => {
  const declared = new Set(directed.flatMap(({ cells }) => cells));
  expect(reachableBeside(PROVIDERS).filter((cell) => !declared.has(cell))).toEqual([]);
  expect(unreachableBeside(PROVIDERS).filter(({ cell }) => all.data().cells[cell] !== undefined)).toEqual([]);
});
