import { type BackfillRow, listBackfill } from "../../shared/flows/backfill.ts";
import type { World } from "../../shared/flows/world.ts";

const EVERY_MS = 3_000;

/** Says how far the first connections are, while any is under way; answers how to stop that. */
export function followBackfill(world: World, say: (text: string) => void): () => void {
  let said = "";
  const timer = setInterval(() => void tell().catch(() => undefined), EVERY_MS);
  const tell = async () => {
    const rows = await runningRows(world);
    const line = rows.map(textOf).join("   ");
    if (line !== "" && line !== said) say(`          first connections: ${line}`);
    said = line;
  };
  timer.unref();
  return () => clearInterval(timer);
}

async function runningRows(world: World): Promise<BackfillRow[]> {
  const all = Object.entries(world.config.workspaces).map(([ws, workspace]) => listBackfill(world, ws, workspace));
  return (await Promise.all(all)).flat().filter(({ state }) => state === "running");
}

function textOf({ resource, done, total }: BackfillRow): string {
  return `${resource} ${done} of ${total}`;
}
