import type { Instant } from "../../sync/time.ts";
import type { World } from "../world.ts";

/** When this instance last had a whole answer of a source's directory: in the store that stands every 15 minutes only. */
const fetched = new WeakMap<World["config"], Map<string, Instant>>();

export function fetchedByUs(world: World, ws: string, source: string): Instant | undefined {
  return fetched.get(world.config)?.get(`${ws}/${source}`);
}

export function noteFetched(world: World, ws: string, source: string, at: Instant): void {
  const known = fetched.get(world.config) ?? new Map<string, Instant>();
  fetched.set(world.config, known.set(`${ws}/${source}`, at));
}
