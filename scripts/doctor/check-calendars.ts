import type { World } from "../../shared/flows/world.ts";
import { later } from "../../shared/sync/time.ts";
import type { Finding } from "./finding.ts";
import { illness } from "./remedies.ts";

const DAY_MS = 86_400_000;

/** Whether each calendar can be listed, and may be written to. Nothing is written. */
export async function checkCalendars(world: World): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [ws, { resources }] of Object.entries(world.config.workspaces)) {
    for (const [resource, { calendar }] of Object.entries(resources)) {
      findings.push(await checkCalendar(world, ws, `calendar ${calendar} of ${ws}/${resource}`, calendar));
    }
  }
  return findings;
}

async function checkCalendar(world: World, ws: string, about: string, calendarId: string): Promise<Finding> {
  try {
    const from = later(world.clock.now(), -DAY_MS);
    const { access } = await world.calendar(ws, calendarId).changes({ calendarId, from });
    if (access === "writer") return { kind: "well", about, says: "it can be read and written" };
    const remedy = `Give the account the right to make changes to events (${world.label(ws, { calendar: calendarId })}).`;
    return { kind: "ill", about, says: "it may be read, but not written", remedy };
  } catch (error) {
    return illness(about, error);
  }
}
