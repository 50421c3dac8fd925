import type { World } from "../../shared/flows/world.ts";
import { later } from "../../shared/sync/time.ts";
import type { Finding } from "./finding.ts";
import { illness } from "./remedies.ts";

const DAY_MS = 86_400_000;
/** A week shows most rooms' names; a source's own limits stand far above one such call. */
const DAYS = 7;

/** Whether each booking source answers, tells all of a week, and names the rooms that the configuration names. */
export async function checkSources(world: World): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [ws, { sources, resources }] of Object.entries(world.config.workspaces)) {
    for (const source of Object.keys(sources)) {
      const names = Object.values(resources).flatMap((each) => (each.source === source ? [each.sourceName] : []));
      findings.push(await checkSource(world, ws, source, names));
    }
  }
  return findings;
}

async function checkSource(world: World, ws: string, source: string, names: readonly string[]): Promise<Finding> {
  const about = `source ${ws}/${source}`;
  try {
    const from = world.clock.now();
    const { bookings, bad, complete } = await world.source(ws, source).list({ from, to: later(from, DAYS * DAY_MS) });
    const remedy = "The log lines of source-poll name the rows and days.";
    if (!complete) return { kind: "odd", about, says: "its list of the next week is not complete", remedy };
    if (bad.length > 0) return { kind: "odd", about, says: `${bad.length} of its rows cannot be read`, remedy };
    const strangers = new Set(bookings.flatMap(({ resources }) => resources).filter((name) => !names.includes(name)));
    if (bookings.length > 0 && bookings.every(({ resources }) => resources.every((name) => strangers.has(name)))) {
      const known = `The configuration's sourceName must be one of: ${[...strangers].slice(0, 10).join(", ")}.`;
      return { kind: "ill", about, says: "none of its bookings is in a room of the configuration", remedy: known };
    }
    return { kind: "well", about, says: `it answers; ${bookings.length} bookings in the next week` };
  } catch (error) {
    return illness(about, error);
  }
}
