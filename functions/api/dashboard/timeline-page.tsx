import { useState } from "preact/hooks";
import type { TimelineAnswer } from "./answers.ts";
import { AtAGlance } from "./at-a-glance.tsx";
import { FeedList } from "./feed-list.tsx";
import { useLoad, useNarrow } from "./hooks.ts";
import type { PageProps } from "./page-props.ts";
import { Badge, Empty, Loading, Problem } from "./pieces.tsx";
import { TimelineList } from "./timeline-list.tsx";
import { TimelineView } from "./timeline-view.tsx";
import { TimelineWeek } from "./timeline-week.tsx";
import { daysFrom } from "./when.ts";

const STATES = ["in-step", "pending", "conflict", "held", "failed"] as const;

/** Both sides of every pair, room by room, today or seven days on, and what happens to them this moment. */
export function TimelinePage({ feed, days }: PageProps & { readonly days: 1 | 7 }) {
  const [offset, setOffset] = useState(0);
  const today = new Date();
  const first = new Date(today.getFullYear(), today.getMonth(), today.getDate() + offset * days);
  const { from, to } = daysFrom(first, days);
  const { data, error } = useLoad<TimelineAnswer>(`timeline?from=${from}&to=${to}`, feed.beat);
  const title = first.toLocaleDateString(undefined, { weekday: "long", day: "numeric", month: "long" });
  return (
    <>
      <div class="title">
        <h1>{days === 1 ? title : `Seven days from ${title}`}</h1>
        <div class="actions">
          <button type="button" onClick={() => setOffset(offset - 1)} aria-label="Earlier">
            ‹
          </button>
          <button type="button" onClick={() => setOffset(0)} disabled={offset === 0}>
            {days === 1 ? "Today" : "From today"}
          </button>
          <button type="button" onClick={() => setOffset(offset + 1)} aria-label="Later">
            ›
          </button>
        </div>
      </div>
      <AtAGlance beat={feed.beat} />
      <Problem error={error} />
      {data === undefined ? <Loading /> : data.items.length > 0 && <Totals data={data} />}
      <div class="beside">
        {data !== undefined && <Pairs {...{ data, first, days }} />}
        <FeedList feed={feed} />
      </div>
    </>
  );
}

function Pairs({ data, first, days }: { readonly data: TimelineAnswer; readonly first: Date; readonly days: 1 | 7 }) {
  const isNarrow = useNarrow();
  if (data.items.length === 0) return <NothingHere days={days} />;
  if (isNarrow) return <TimelineList {...{ data, first, days }} />;
  return days === 1 ? <TimelineView {...{ data, first }} /> : <TimelineWeek {...{ data, first }} />;
}

function NothingHere({ days }: { readonly days: 1 | 7 }) {
  return (
    <Empty>
      Nothing is booked {days === 1 ? "on this day. " : "in these days. "}
      {days === 1 && <a href="#/week">The next seven days</a>}
    </Empty>
  );
}

function Totals({ data }: { readonly data: TimelineAnswer }) {
  return (
    <ul class="totals" aria-label="How many are in which state">
      {STATES.map((state) => (
        <li key={state}>
          <Badge state={state} /> {data.items.filter((pair) => pair.state === state).length}
        </li>
      ))}
      {data.more && <li class="problem">There is more than one page holds.</li>}
    </ul>
  );
}
