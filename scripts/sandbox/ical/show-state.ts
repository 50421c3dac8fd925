import type { World } from "../world.ts";
import { allFeeds, entriesOf } from "./shelves.ts";

/** Every listing as it truly is, what is cancelled included. */
export function showHosts(world: World): Record<string, unknown> {
  return { feeds: allFeeds(world).map((feed) => ({ ...feed, entries: entriesOf(world).all(feed.name) })) };
}
