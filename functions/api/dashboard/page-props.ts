import type { Feed } from "./use-feed.ts";

/** What every page is given. */
export interface PageProps {
  readonly feed: Feed;
  /** What the address names behind the page. */
  readonly about: string;
}

export const PAGE_NAMES = ["today", "week", "reviews", "holds", "health", "dead-letters", "explain"] as const;
export type PageName = (typeof PAGE_NAMES)[number];
