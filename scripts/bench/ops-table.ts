import { CALL_KINDS } from "./cost.ts";
import type { OpsResult } from "./ops-measure.ts";

const NUMBERS = ["publishes", "reads", "writes", "commits"] as const;

/** Measured / budget, one line for each change; what is over budget is said below. */
export function drawTable(results: readonly OpsResult[]): string {
  const lines = [["measured/budget", ...NUMBERS, "provider calls"], ...results.map(lineOf)];
  const widths = [...NUMBERS, ""].map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const drawn = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const over = results.flatMap(({ row, excess }) => excess.map((what) => `OVER  ${row}: ${what}`));
  const verdict = over.length === 0 ? [`All ${results.length} within budget.`] : over;
  return [...drawn, "", ...verdict].join("\n");
}

function lineOf({ row, cost, budget }: OpsResult): string[] {
  const calls = CALL_KINDS.filter((kind) => (cost.calls[kind] ?? budget.calls[kind] ?? 0) > 0).map(
    (kind) => `${kind} ${cost.calls[kind] ?? 0}/${budget.calls[kind] ?? 0}`,
  );
  return [row, ...NUMBERS.map((part) => `${cost[part]}/${budget[part]}`), calls.join(", ") || "none"];
}
