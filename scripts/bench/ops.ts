import { measureOps } from "./ops-measure.ts";
import { ACTIVE_MAPS } from "./ops-studio.ts";
import { drawTable } from "./ops-table.ts";

/** `npm run bench -- ops`: writes the table or, with `json`, one object. Answers whether all is within budget. */
export async function benchOps({ json }: { readonly json: boolean }): Promise<boolean> {
  const results = await measureOps();
  const withinBudget = results.every(({ excess }) => excess.length === 0);
  const head = { bench: "ops", measuredAt: new Date().toISOString(), node: process.version, activeMaps: ACTIVE_MAPS };
  const text = json ? JSON.stringify({ ...head, withinBudget, rows: results }) : drawTable(results);
  process.stdout.write(`${text}\n`);
  return withinBudget;
}
