import { canonicalStays, type FeedStays } from "../../stays/canonical.ts";
import type { Instant } from "../../sync/time.ts";
import type { FeedMemory, Known } from "./home-memory.ts";

/** One feed's memory under its name. */
interface Remembering {
  readonly feed: string;
  readonly memory: FeedMemory;
}

/** Whether the last reading of its feed had it. */
export function isPresent({ seenAt, gone }: Known, { readAt }: FeedMemory): boolean {
  return seenAt === readAt && gone === undefined;
}

export function presentStays({ feed, memory }: Remembering): FeedStays {
  return { feed, stays: memory.known.filter((stay) => isPresent(stay, memory)) };
}

/** The feeds with what follows from each other: which rows are another feed's stay, and under which id that goes on (S19). */
export function settleEchoes<Feed extends Remembering>(feeds: readonly Feed[], at: Instant): Feed[] {
  const { feeds: settled } = canonicalStays(feeds.map(presentStays), at);
  return feeds.map((feed, place) => {
    const present = [...(settled[place]?.stays ?? [])];
    const known = feed.memory.known.map((stay) => {
      if (!isPresent(stay, feed.memory)) return stay;
      const { echo: _before, ...rest } = stay;
      const { id = stay.id, echo } = present.shift() ?? {};
      return echo === undefined ? { ...rest, id } : { ...rest, id, echo };
    });
    return { ...feed, memory: { ...feed.memory, known } };
  });
}
