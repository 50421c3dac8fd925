import type { World } from "../world.ts";

const DAY_MS = 86_400_000;

/** Today's date plus so many days, by the host's clock, which is UTC. */
export function dayFromNow(world: World, days = 0): string {
  return new Date(world.now() + days * DAY_MS).toISOString().slice(0, 10);
}

export function dayLater(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
