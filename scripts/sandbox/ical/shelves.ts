import type { Shelf } from "../shelf.ts";
import type { World } from "../world.ts";
import type { EntryRow, FeedRow } from "./rows.ts";

const FEEDS = "feeds";

/** Entries stand in the group of their feed. */
export function entriesOf({ cabinet }: World): Shelf<EntryRow> {
  return cabinet.shelf("ical-entries");
}

export function feedNamed({ cabinet }: World, name: string): FeedRow | undefined {
  return cabinet.shelf<FeedRow>("ical-feeds").get(FEEDS, name);
}

export function putFeed({ cabinet }: World, feed: FeedRow): void {
  cabinet.shelf<FeedRow>("ical-feeds").put(FEEDS, feed.name, feed);
}

export function allFeeds({ cabinet }: World): FeedRow[] {
  return cabinet.shelf<FeedRow>("ical-feeds").all(FEEDS);
}
