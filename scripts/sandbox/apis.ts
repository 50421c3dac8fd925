import { BOOKING } from "./booking/api.ts";
import { GMAIL } from "./gmail/api.ts";
import { GOOGLE } from "./google/api.ts";
import { GRAPH } from "./graph/api.ts";
import { ICAL } from "./ical/api.ts";
import { OSM } from "./osm/api.ts";
import type { SimulatedApi } from "./simulated-api.ts";
import { USCHEDULE } from "./uschedule/api.ts";

/** Every simulated provider: a further one is a folder and a line. */
export const APIS: readonly SimulatedApi[] = [GOOGLE, USCHEDULE, GRAPH, BOOKING, ICAL, OSM, GMAIL];

/** The provider of that name; undefined where there is none. */
export function apiNamed(name: string): SimulatedApi | undefined {
  return APIS.find((api) => api.name === name);
}

/** The provider a path belongs to; undefined where it is the sandbox's own or nobody's. */
export function apiOfPath(path: string): SimulatedApi | undefined {
  return APIS.find((api) => path.startsWith(`/${api.name}/`));
}
