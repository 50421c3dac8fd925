import type { RebookingSource } from "../../shared/ports/booking-source.ts";
import { uschedule } from "../../shared/providers/uschedule/index.ts";
import { toLocal } from "../../shared/providers/uschedule/times.ts";
import { lengthMs, type Span } from "../../shared/sync/time.ts";
import { openStage, type Stage, ZONE } from "../providers/stage.ts";
import { rebooking, type SourceBench } from "./source-bench.ts";
import type { Trouble } from "./trouble.ts";

const FAULTS: Readonly<Record<Trouble, string>> = {
  unauthorized: "status=401",
  forbidden: "status=403",
  "rate-limited": "rate-limit",
  unavailable: "status=503",
  "no-answer": "timeout-before",
  nonsense: "html",
};

/** USchedule on the sandbox. */
export function openUscheduleBench(): SourceBench & { readonly source: RebookingSource; readonly stage: Stage } {
  const stage = openStage();
  const source = rebooking({ source: uschedule.connect(stage.connection("uschedule", uschedule.settings.parse({}))) });
  const staff = async (action: string, body: object) => String((await stage.arrange(`uschedule/${action}`, body)).Id);
  const order = ({ room, span, customer }: { room: string; span: Span; customer: string }) => ({
    ResourceName: room,
    CustomerName: customer,
    ...times(span),
  });
  return {
    stage,
    source,
    rooms: ["Bay 1", "Bay 2"],
    changesRooms: true,
    kind: "booking",
    outside: {
      book: ({ notes = "", ...booking }) => staff("book", { ...order(booking), Notes: notes }),
      async change(id, { room, span, notes }) {
        const changes = {
          ...(room !== undefined && { ResourceName: room }),
          ...(span !== undefined && times(span)),
          ...(notes !== undefined && { Notes: notes }),
        };
        await staff("edit", { id, ...changes });
      },
      cancel: async (id) => void (await staff("cancel", { id })),
      erase: async (id) => void (await staff("remove", { id })),
      async fail(trouble, times) {
        await stage.sandbox.fetch("http://sandbox/sandbox/faults", { method: "DELETE" });
        if (times > 0) await stage.fail({ api: "uschedule", kinds: [FAULTS[trouble]], times });
      },
      loseAnswer: () => stage.fail({ api: "uschedule", kinds: ["timeout-after"] }),
      addBadRow: () => stage.fail({ api: "uschedule", path: "getapiappointments", kinds: ["bad-row"], times: null }),
    },
    checkouts: {
      checkOut: async (booking) => ({ id: await staff("checkout", order(booking)), holdMs: 15 * 60_000 }),
      pay: async (id) => void (await staff("pay", { id })),
    },
    advance: stage.clock.advance,
    close: stage.close,
  };
}

function times(span: Span): object {
  return { StartTime: toLocal(span.start, ZONE), ServiceLength: lengthMs(span) / 60_000 };
}
