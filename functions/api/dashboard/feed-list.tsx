import type { FeedItem } from "./answers.ts";
import { useNow } from "./hooks.ts";
import { Badge, Empty, Why } from "./pieces.tsx";
import type { Feed } from "./use-feed.ts";
import { ago } from "./when.ts";

/** What is being synced, as it happens. */
export function FeedList({ feed }: { readonly feed: Feed }) {
  const now = useNow();
  return (
    <section class="feed" aria-labelledby="feed-title">
      <h2 id="feed-title">Live</h2>
      {feed.items.length === 0 && <Empty>Nothing changed in the last half hour.</Empty>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keys */}
      <ol class="scroll" tabIndex={0} aria-label="What changed, the newest first">
        {feed.items.map((item) => (
          <li key={item.id}>
            <p>
              <Badge state={item.error === null ? wordOf(item) : "parked"} /> {item.resource}{" "}
              <Why of={item.bookingKey}>{item.title === "" ? item.bookingKey : item.title}</Why>
            </p>
            <p class="hint">
              {ago(item.at, now)} · {item.error === null ? doneText(item) : item.error.detail}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function wordOf({ status }: FeedItem): string {
  return status === "active" ? "in-step" : status;
}

function doneText({ effects, sentence }: FeedItem): string {
  const done = effects.map(({ effect, answer }) => `${effect.replaceAll("-", " ")}: ${answer}`).join(", ");
  return done === "" ? (sentence ?? "") : done;
}
