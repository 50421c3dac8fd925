import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { cruise, type ICruiseResult, type IViolation } from "dependency-cruiser";
import { IMPORT_DIRECTIONS } from "./import-directions.ts";

const FOLDERS = ["functions", "shared", "scripts", "test"];

/** Lines for imports against the directions of DESIGN §4; empty where all is well. */
export async function checkImports(): Promise<string[]> {
  const { output } = await cruise(FOLDERS.filter(existsSync), {
    ruleSet: { forbidden: IMPORT_DIRECTIONS },
    validate: true,
    doNotFollow: { path: ["node_modules"] },
    exclude: { path: ["(^|/)fixtures/"] },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "require", "types", "default"],
    },
  });
  // Without an output type the result is the object itself, as the library documents.
  const result = output as ICruiseResult;
  return result.summary.violations.map(describe);
}

function describe(violation: IViolation): string {
  const path = violation.cycle === undefined ? violation.to : violation.cycle.map((step) => step.name).join(" -> ");
  const reason = IMPORT_DIRECTIONS.find((rule) => rule.name === violation.rule.name)?.comment ?? "";
  const target = violation.cycle?.[0]?.name ?? violation.to;
  return `${violation.from}:${importLine(violation.from, target)} imports ${path} (${violation.rule.name}). Remedy: ${reason}.`;
}

/** The line of the import; 1 where it is written in a way this does not find. */
function importLine(file: string, target: string): number {
  const name = target.includes("node_modules/") ? packageName(target) : basename(target);
  const lines = readFileSync(file, "utf8").split("\n");
  const found = lines.findIndex((line) => /\b(from|import)\b/.test(line) && line.includes(name));
  return found < 0 ? 1 : found + 1;
}

function packageName(path: string): string {
  const [first = "", second = ""] = (path.split("node_modules/").at(-1) ?? path).split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}
