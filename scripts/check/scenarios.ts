import { testNames } from "./test-names.ts";
import type { Finding, Tree } from "./tree.ts";

/** The scenarios of SCENARIOS.md that the tests must cover by now; the list only grows. */
export const COVERED = [
  ...["S01", "S02", "S03", "S04", "S05", "S06", "S07", "S08", "S09", "S10", "S11", "S12", "S13", "S14", "S15"],
  ...["S16", "S17", "S18", "S19", "S20", "S21"],
  ...["S22", "S23", "S24", "S25", "S26", "S27", "S28", "S29", "S30", "S31", "S32", "S33", "S34", "S35", "S36"],
  ...["S37", "S38", "S39", "S40", "S41", "S42", "S43", "S44", "S45", "S46", "S47", "S48", "S49"],
  ...["S50", "S51", "S52", "S53", "S54"],
  ...["S55", "S56", "S58", "S59", "S60", "S61", "S62", "S63", "S64", "S65"],
];

const LAST_SCENARIO = 65;

/** Every scenario of the list is named by a test, and no test names one that does not exist. */
export function checkScenarios(tree: Tree): Finding[] {
  const named = testNames(tree).flatMap((test) =>
    [...test.name.matchAll(/\bS(\d\d)\b/g)].map((match) => ({ ...test, id: match[0] })),
  );
  const known = new Set(named.map((test) => test.id));
  const missing = COVERED.filter((id) => !known.has(id));
  const uncovered = missing.length === 0 ? [] : [uncoveredFinding(missing)];
  const unknown = named
    .filter((test) => Number(test.id.slice(1)) > LAST_SCENARIO || test.id === "S00")
    .map(({ file, line, id }) => ({ file, line, says: `${id} is no scenario`, remedy: "name one of S01 to S65" }));
  return [...uncovered, ...unknown];
}

function uncoveredFinding(ids: readonly string[]): Finding {
  const says = `no test names ${ids.join(", ")}`;
  return { file: "test", line: 1, says, remedy: `write each test and start its name with the id, e.g. "${ids[0]}: "` };
}
