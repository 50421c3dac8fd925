import type { World } from "../../shared/flows/world.ts";
import { checkCalendars } from "./check-calendars.ts";
import { checkEdges } from "./check-edges.ts";
import { checkSecrets } from "./check-secrets.ts";
import { checkSources } from "./check-sources.ts";
import { checkWatches } from "./check-watches.ts";
import type { Finding } from "./finding.ts";

/** Looks at everything an installation rests on, and changes nothing. What is ill does not keep the rest from being looked at. */
export async function examine(world: World, transport: typeof fetch): Promise<Finding[]> {
  const secrets = await checkSecrets(world);
  const sources = await checkSources(world);
  const calendars = await checkCalendars(world);
  const watches = await checkWatches(world);
  const edges = world.publicUrl === "" ? [] : await checkEdges(world, transport);
  return [...secrets, ...sources, ...calendars, ...watches, ...edges];
}
