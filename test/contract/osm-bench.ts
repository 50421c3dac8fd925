import { Temporal } from "temporal-polyfill";
import { osm } from "../../shared/providers/osm/index.ts";
import type { Span } from "../../shared/sync/time.ts";
import { openStage, type Stage, ZONE } from "../providers/stage.ts";
import type { SourceBench } from "./source-bench.ts";
import type { Trouble } from "./trouble.ts";

const FAULTS: Readonly<Record<Trouble, string>> = {
  unauthorized: "status=401",
  forbidden: "status=403",
  "rate-limited": "rate-limit",
  unavailable: "status=503",
  "no-answer": "timeout-before",
  nonsense: "html",
};

/** OSM on the sandbox; whatever is booked is read again with every listing. */
export function openOsmBench(settings: object = {}): SourceBench & { readonly stage: Stage } {
  const stage = openStage();
  const given = osm.settings.parse({ campsiteId: 1, sectionId: 4242, itemsMinutes: 0, ...settings });
  const source = osm.connect(stage.connection("osm", given));
  const warden = async (action: string, body: object) => String((await stage.arrange(`osm/${action}`, body))["id"]);
  return {
    stage,
    source,
    rooms: ["301", "302"],
    kind: "booking",
    lacksNotes: true,
    changesRooms: true,
    outside: {
      book: ({ room, span, customer }) => warden("book", { group: customer, ...timesOf(span, Number(room)) }),
      async change(id, { room, span, notes }) {
        const row = await rowOf(stage, id);
        const item = room === undefined ? (row.items[0]?.campsite_item_id ?? 301) : Number(room);
        const kept = row.items.map((each) => ({ item, start: each.start_timestamp, end: each.end_timestamp }));
        const placed = span === undefined ? { items: kept } : timesOf(span, item);
        await warden("edit", { id, ...placed, ...(notes === undefined ? {} : { participants: notes.length + 30 }) });
      },
      cancel: async (id) => void (await warden("cancel", { id })),
      erase: async (id) => void (await warden("remove", { id })),
      async fail(trouble, times) {
        await stage.sandbox.fetch("http://sandbox/sandbox/faults", { method: "DELETE" });
        if (times > 0) await stage.fail({ api: "osm", kinds: [FAULTS[trouble]], times });
        // A refused login is not tried again for five minutes.
        if (times === 0) stage.clock.advance(5 * 60_000);
      },
      loseAnswer: () => stage.fail({ api: "osm", kinds: ["timeout-after"] }),
      addBadRow: () =>
        stage.fail({ api: "osm", path: "^/osm/v3/campsites/1/bookings$", kinds: ["bad-row"], times: null }),
    },
    checkouts: undefined,
    advance: stage.clock.advance,
    close: stage.close,
  };
}

interface Row {
  readonly id: number;
  readonly items: readonly {
    readonly campsite_item_id: number;
    readonly start_timestamp: string;
    readonly end_timestamp: string;
  }[];
}

async function rowOf(stage: Stage, id: string): Promise<Row> {
  const state = await (await stage.sandbox.fetch("http://sandbox/sandbox/state")).json();
  // Proof: so the sandbox shows its state (`scripts/sandbox/osm/show-state.ts`).
  const { osm: shown } = state as { osm: { bookings: Row[] } };
  const row = shown.bookings.find((each) => String(each.id) === id);
  if (row === undefined) throw new Error(`there is no booking ${id}`);
  return row;
}

/** One item for exactly that time, and the days it touches. */
function timesOf(span: Span, item: number): object {
  const [start, end] = [wallOf(span.start), wallOf(span.end)];
  return { start: start.slice(0, 10), end: end.slice(0, 10), items: [{ item, start, end }] };
}

function wallOf(at: string): string {
  const wall = Temporal.Instant.from(at).toZonedDateTimeISO(ZONE).toPlainDateTime();
  return wall.toString({ smallestUnit: "second" }).replace("T", " ");
}
