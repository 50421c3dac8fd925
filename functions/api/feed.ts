import { z } from "zod";
import type { EdgeAnswer } from "../../shared/cloud/edge-request.ts";
import { FEED_LIMIT, overlapping, readFeed } from "../../shared/flows/feed.ts";
import type { World } from "../../shared/flows/world.ts";
import { later } from "../../shared/sync/time.ts";
import { MapStatus } from "./answers/event-map.ts";
import { Failure, Instant } from "./answers/values.ts";
import { pageAnswer } from "./page.ts";
import { type RawCall, type Route, route } from "./route.ts";

/** How often the store is asked, and how long one stream lasts: shorter than the function may run. */
const BEAT_MS = 1_000;
const BEATS = 50;
/** Told to somebody who comes without a cursor. */
const BACK_MS = 30 * 60_000;
const EVENT_STREAM = "text/event-stream";

const FeedItem = z
  .object({
    id: z.string(),
    at: Instant,
    bookingKey: z.string(),
    resource: z.string(),
    status: MapStatus,
    title: z.string(),
    rule: z.string().nullable(),
    sentence: z.string().nullable(),
    saw: z.string().nullable(),
    effects: z.array(z.object({ effect: z.string(), answer: z.string() })),
    error: Failure.nullable(),
  })
  .meta({ id: "FeedItem", description: "What became of a booking on one resource." });

const After = z.iso.datetime({ precision: 3 });

const feed = route({
  ...{ method: "GET", pattern: "feed", scope: "read", alsoAs: EVENT_STREAM },
  summary: "What was decided or parked since a moment, oldest first; live where server-sent events are accepted.",
  description: "The stream ends after a minute; a browser goes on by itself, with `Last-Event-ID`.",
  query: z.object({ after: After.exactOptional().describe("The last `next`, or an item's `at`.") }),
  answer: pageAnswer(FeedItem),
  handle: ({ world, caller, query }) =>
    readFeed(world.store(caller.ws), query.after ?? later(world.clock.now(), -BACK_MS)),
});

export const FEED_ROUTES: readonly Route[] = [
  { ...feed, handle: async (call) => (wantsStream(call) ? streamFrom(call) : feed.handle(call)) },
];

function wantsStream({ headers }: RawCall): boolean {
  return headers.accept?.includes(EVENT_STREAM) ?? false;
}

function streamFrom({ world, caller, headers }: RawCall): EdgeAnswer {
  const last = After.safeParse(String(headers["last-event-id"] ?? "").split("~")[0]);
  const from = last.success ? last.data : later(world.clock.now(), -BACK_MS);
  return {
    status: 200,
    headers: { "content-type": EVENT_STREAM, "x-accel-buffering": "no" },
    stream: (write, closed) => tell(world, caller.ws, from, write, closed),
  };
}

/** Asks the store each second, whoever changed what; a change that became visible late is told all the same, once. */
async function tell(
  world: World,
  ws: string,
  from: string,
  write: (text: string) => void,
  closed: AbortSignal,
): Promise<void> {
  const told = new Set<string>();
  let after = from;
  write("retry: 1000\n\n");
  for (let beat = 0; beat < BEATS && !closed.aborted; beat++) {
    const { items, next } = await readFeed(world.store(ws), after);
    const fresh = items.filter(({ id }) => !told.has(id));
    for (const item of fresh) {
      told.add(item.id);
      write(`id: ${item.id.replaceAll(/[\r\n]/g, " ")}\ndata: ${JSON.stringify(item)}\n\n`);
    }
    if (fresh.length === 0) write(": nothing new\n\n");
    // A full page is followed at once; else the overlap is looked at again.
    after = items.length === FEED_LIMIT ? next : maxOf(after, overlapping(next));
    if (items.length < FEED_LIMIT) await world.clock.sleep(BEAT_MS);
  }
}

function maxOf(a: string, b: string): string {
  return a > b ? a : b;
}
