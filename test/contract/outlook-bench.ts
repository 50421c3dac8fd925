import { outlook } from "../../shared/providers/outlook/index.ts";
import { openStage, type Stage } from "../providers/stage.ts";
import type { CalendarBench } from "./calendar.ts";
import type { Trouble } from "./trouble.ts";

const ROOM = "room-1@sandbox";

const FAULTS: Readonly<Record<Trouble, string>> = {
  unauthorized: "expire-token",
  forbidden: "status=403",
  "rate-limited": "throttle",
  unavailable: "status=503",
  "no-answer": "timeout-before",
  nonsense: "html",
};

/** Outlook on the sandbox's Graph. */
export function openOutlookBench(): CalendarBench & { readonly stage: Stage } {
  const stage = openStage();
  const calendar = outlook.connect(stage.connection("graph", outlook.settings.parse({})));
  const person = async (action: string, body: object) => void (await stage.arrange(`graph/${action}`, body));
  return {
    stage,
    calendar,
    calendarId: ROOM,
    outside: {
      retitle: (id, subject) => person("edit", { room: ROOM, id, subject }),
      remove: (id) => person("delete", { room: ROOM, id }),
      expireCursors: () => person("expire-delta", { room: ROOM }),
      // The app's right to this mailbox is taken away: Graph tells of no lesser one.
      takeWriteAccess: () => stage.fail({ api: "graph", kinds: ["no-access"], times: null }),
      async fail(trouble, times) {
        await stage.sandbox.fetch("http://sandbox/sandbox/faults", { method: "DELETE" });
        if (times > 0) await stage.fail({ api: "graph", kinds: [FAULTS[trouble]], times });
      },
      loseAnswer: () => stage.fail({ api: "graph", kinds: ["timeout-after"] }),
      refusePush: () => stage.fail({ api: "graph", kinds: ["subscription-refused"], times: null }),
    },
    close: stage.close,
  };
}
