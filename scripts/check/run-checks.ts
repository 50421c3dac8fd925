import { checkImports } from "./imports.ts";
import { describeFinding, STRUCTURE_CHECKS } from "./structure.ts";
import { checkStyle, checkTypes } from "./tools.ts";
import { readTree } from "./tree.ts";

export interface CheckResult {
  readonly name: string;
  /** Lines that say what is wrong; empty where all is well. */
  readonly problems: readonly string[];
  readonly ms: number;
}

/** All checks of the project, side by side: types, format and lint, import directions, structure. */
export async function runChecks(root: string): Promise<CheckResult[]> {
  const tree = readTree(root);
  const structure = Object.entries(STRUCTURE_CHECKS).map(([name, check]) =>
    timed(name, async () => check(tree).map(describeFinding)),
  );
  return Promise.all([
    timed("types", () => checkTypes(".")),
    timed("types of the core", () => checkTypes("shared/sync")),
    timed("types of the dashboard", () => checkTypes("functions/api/dashboard")),
    timed("format and lint", checkStyle),
    timed("import directions", checkImports),
    ...structure,
  ]);
}

async function timed(name: string, check: () => Promise<string[]>): Promise<CheckResult> {
  const start = performance.now();
  const problems = await check().catch((error: unknown) => [`The check itself failed: ${String(error)}`]);
  return { name, problems, ms: Math.round(performance.now() - start) };
}

/** One line for a check, and its problems below. */
export function describeResult(result: CheckResult): string {
  const mark = result.problems.length === 0 ? "ok  " : "FAIL";
  const head = `${mark}  ${result.name} (${result.ms} ms)`;
  return [head, ...result.problems.map((problem) => `      ${problem}`)].join("\n");
}
