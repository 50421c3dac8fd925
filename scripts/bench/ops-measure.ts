import { type Budget, type Cost, findExcess } from "./cost.ts";
import { OPS_BUDGETS, type OpsRow } from "./ops-budgets.ts";
import { SCENES, type Scene } from "./ops-rows.ts";
import { openOpsStudio } from "./ops-studio.ts";

export interface OpsResult {
  readonly row: OpsRow;
  readonly cost: Cost;
  readonly budget: Budget;
  /** What is over budget, `reads 5 > 2`; empty where all is within. */
  readonly excess: readonly string[];
}

/** Measures every row. Throws where a row was not measured. */
export async function measureOps(): Promise<OpsResult[]> {
  const costs: Partial<Record<OpsRow, Cost>> = {};
  for (const scene of SCENES) Object.assign(costs, await play(scene));
  // Proof: the keys of an object literal that is declared by them.
  return (Object.keys(OPS_BUDGETS) as OpsRow[]).map((row) => {
    const cost = costs[row];
    if (cost === undefined) throw new Error(`No scene measures "${row}".`);
    const budget: Budget = OPS_BUDGETS[row];
    return { row, cost, budget, excess: findExcess(cost, budget) };
  });
}

async function play(scene: Scene): Promise<Partial<Record<OpsRow, Cost>>> {
  const studio = await openOpsStudio();
  try {
    return await scene(studio);
  } finally {
    await studio.close();
  }
}
