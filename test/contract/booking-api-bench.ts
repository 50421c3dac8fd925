import { seedRooms } from "../../scripts/sandbox/seed-demo.ts";
import type { BookingSource } from "../../shared/ports/booking-source.ts";
import { bookingApi } from "../../shared/providers/booking-api/index.ts";
import type { Span } from "../../shared/sync/time.ts";
import { openStage, type Stage } from "../providers/stage.ts";
import type { SourceBench } from "./source-bench.ts";
import type { Trouble } from "./trouble.ts";

const FAULTS: Readonly<Record<Trouble, string>> = {
  unauthorized: "status=401",
  forbidden: "status=403",
  "rate-limited": "rate-limit",
  unavailable: "status=503",
  "no-answer": "timeout-before",
  nonsense: "error-in-200",
};

/** What this source can do, all of it. */
export type TownSource = Extract<BookingSource, { moves: "update"; cancels: true; creates: true }>;

function townSource(source: BookingSource): TownSource {
  if (source.moves === "update" && source.cancels && source.creates) return source;
  throw new Error("booking-api updates, cancels and creates");
}

/** A booking system of the contract on the sandbox; `settings` beside the defaults. */
export function openBookingApiBench(
  settings: object = {},
): SourceBench & { readonly source: TownSource; readonly stage: Stage } {
  const stage = openStage();
  seedRooms(stage.sandbox);
  const source = townSource(bookingApi.connect(stage.connection("booking", bookingApi.settings.parse(settings))));
  const desk = async (action: string, body: object) => String((await stage.arrange(`booking/${action}`, body)).id);
  return {
    stage,
    source,
    rooms: ["room-1", "room-2"],
    changesRooms: true,
    kind: "booking",
    outside: {
      book: ({ room, span, customer, notes = "" }) =>
        desk("book", { resources: room, ...ends(span), organiser: { name: customer }, description: notes }),
      async change(id, { room, span, notes }) {
        const changes = {
          ...(room !== undefined && { resources: room }),
          ...(span !== undefined && ends(span)),
          ...(notes !== undefined && { description: notes }),
        };
        await desk("edit", { id, ...changes });
      },
      cancel: async (id) => void (await desk("cancel", { id })),
      erase: async (id) => void (await desk("remove", { id })),
      async fail(trouble, times) {
        await stage.sandbox.fetch("http://sandbox/sandbox/faults", { method: "DELETE" });
        if (times > 0) await stage.fail({ api: "booking", kinds: [FAULTS[trouble]], times });
      },
      knowsItsCallers: true,
      loseAnswer: () => stage.fail({ api: "booking", kinds: ["timeout-after"] }),
      addBadRow: () =>
        stage.fail({ api: "booking", method: "GET", path: "/reservations", kinds: ["bad-row"], times: null }),
    },
    checkouts: undefined,
    advance: stage.clock.advance,
    close: stage.close,
  };
}

function ends({ start, end }: Span): { start: string; end: string } {
  return { start, end };
}
