import { useEffect, useState } from "preact/hooks";
import type { FeedItem } from "./answers.ts";
import { addressOf } from "./ask.ts";

export interface Feed {
  readonly items: readonly FeedItem[];
  readonly connected: boolean;
  /** Counts up whenever something changed: pages read again. */
  readonly beat: number;
}

const KEPT = 60;
/** Changes come in bursts: one look for all of one. */
const SETTLE_MS = 250;
/** What no change of a booking tells: alerts, health. */
const ANYWAY_MS = 15_000;

/** The live feed of the workspace; the browser goes on from the last event by itself when the stream ends. */
export function useFeed(ws: string): Feed {
  const [feed, setFeed] = useState<Feed>({ items: [], connected: false, beat: 0 });
  useEffect(() => {
    if (ws === "") return;
    setFeed(({ beat }) => ({ items: [], connected: false, beat: beat + 1 }));
    const beatOn = () => setFeed((before) => ({ ...before, beat: before.beat + 1 }));
    let settling: ReturnType<typeof setTimeout> | undefined;
    const source = new EventSource(addressOf("feed"));
    source.onopen = () => setFeed((before) => ({ ...before, connected: true }));
    source.onerror = () => setFeed((before) => ({ ...before, connected: false }));
    source.onmessage = ({ data }) => {
      const item: FeedItem = JSON.parse(data);
      setFeed((before) => ({ ...before, items: withItem(before.items, item) }));
      clearTimeout(settling);
      settling = setTimeout(beatOn, SETTLE_MS);
    };
    const anyway = setInterval(beatOn, ANYWAY_MS);
    return () => {
      source.close();
      clearTimeout(settling);
      clearInterval(anyway);
    };
  }, [ws]);
  return feed;
}

/** The newest first, each change once, and of one that was written in steps the last. */
function withItem(items: readonly FeedItem[], item: FeedItem): readonly FeedItem[] {
  const same = (other: FeedItem) =>
    other.id === item.id ||
    (other.bookingKey === item.bookingKey &&
      other.resource === item.resource &&
      other.rule === item.rule &&
      Math.abs(Date.parse(other.at) - Date.parse(item.at)) < 2_000);
  return [item, ...items.filter((other) => !same(other))].slice(0, KEPT);
}
