import type { FeedRow } from "../../scripts/sandbox/ical/rows.ts";
import { putFeed } from "../../scripts/sandbox/ical/shelves.ts";
import type { BookingSource } from "../../shared/ports/booking-source.ts";
import { ical } from "../../shared/providers/ical/index.ts";
import { type Span, sameSpan } from "../../shared/sync/time.ts";
import { openStage, type Stage } from "../providers/stage.ts";
import { type SourceBench, WINDOW } from "./source-bench.ts";
import type { Trouble } from "./trouble.ts";

const FAULTS: Readonly<Record<Trouble, string>> = {
  unauthorized: "status=401",
  forbidden: "status=403",
  "rate-limited": "rate-limit",
  unavailable: "status=503",
  "no-answer": "timeout-before",
  nonsense: "html",
};

/** Longer than a reading is taken for the present. */
const LATER_MS = 61_000;
const ROOMS = ["Boat house", "Old mill"] as const;

/** Two homes with a feed each, hired by the hour so that times are kept; every change is seen by the next look. */
export function openIcalBench(): SourceBench & { readonly stage: Stage } {
  const stage = openStage();
  const feeds = { boat: ROOMS[0], mill: ROOMS[1] };
  const names = Object.keys(feeds);
  for (const name of names) stage.sandbox.arrange(({ world }) => putFeed(world, feedOf(name)));
  const settings = ical.settings.parse({
    feeds: Object.fromEntries(
      Object.entries(feeds).map(([name, property]) => [name, { property, platform: "vrbo", times: "exact" }]),
    ),
    minutesBetween: 0,
  });
  const source = ical.connect(stage.connection("ical", settings));
  const where = new Map<string, string>();
  const act = async (action: string, body: object) => {
    const answer = await stage.arrange(`ical/${action}`, body);
    stage.clock.advance(LATER_MS);
    return String(answer["id"]);
  };
  const at = (room: string) => names[(ROOMS as readonly string[]).indexOf(room)] ?? "";
  const entry = (id: string) => ({ feed: where.get(id)?.split("/")[0], id: where.get(id)?.split("/")[1] });
  return {
    stage,
    source,
    rooms: ROOMS,
    kind: "booking",
    changesRooms: false,
    outside: {
      async book({ room, span, customer, notes = "" }) {
        const feed = at(room);
        const made = await act("book", { feed, ...timesOf(span), guest: customer, notes });
        const id = await findId(source, span);
        where.set(id, `${feed}/${made}`);
        return id;
      },
      async change(id, { room, span, notes }) {
        if (room !== undefined) throw new Error("a stay of another home is another stay");
        await act("edit", { ...entry(id), ...(span && timesOf(span)), ...(notes !== undefined && { notes }) });
      },
      cancel: async (id) => void (await act("cancel", entry(id))),
      erase: async (id) => void (await act("remove", entry(id))),
      async fail(trouble, times) {
        await stage.sandbox.fetch("http://sandbox/sandbox/faults", { method: "DELETE" });
        if (times > 0) await stage.fail({ api: "ical", kinds: [FAULTS[trouble]], times });
        stage.clock.advance(LATER_MS);
      },
      loseAnswer: () => Promise.reject(new Error("nothing is written to a feed")),
      addBadRow: () => stage.fail({ api: "ical", path: "/ical/boat.ics", kinds: ["bad-row"], times: null }),
    },
    checkouts: undefined,
    advance: stage.clock.advance,
    close: stage.close,
  };
}

function feedOf(name: string): FeedRow {
  return {
    ...{ name, host: "vrbo", uids: "stable", cancelled: "stays", daysBack: 0 },
    ...{ windowDays: null, noticeDays: 0, imports: [] },
  };
}

function timesOf({ start, end }: Span): object {
  return { start: start.slice(0, 10), end: end.slice(0, 10), startTime: start, endTime: end };
}

/** What the next look calls the stay of these times. */
async function findId(source: BookingSource, span: Span): Promise<string> {
  const { bookings } = await source.list(WINDOW);
  const found = bookings.find((each) => sameSpan(each.span, span));
  if (found === undefined) throw new Error("the feed does not show it");
  return found.id;
}
