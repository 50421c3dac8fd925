import { googleCalendar } from "../../shared/providers/google-calendar/index.ts";
import { openStage, type Stage } from "../providers/stage.ts";
import type { CalendarBench } from "./calendar.ts";
import type { Trouble } from "./trouble.ts";

const BAY_1 = "loft-bay-1@sandbox";

const FAULTS: Readonly<Record<Trouble, string>> = {
  unauthorized: "expire-token",
  forbidden: "status=403;reason=forbidden",
  "rate-limited": "rate-limit",
  unavailable: "status=503",
  "no-answer": "timeout-before",
  nonsense: "html",
};

/** Google Calendar on the sandbox. */
export function openGoogleBench(): CalendarBench & { readonly stage: Stage } {
  const stage = openStage();
  const calendar = googleCalendar.connect(stage.connection("google", {}));
  const edit = (method: string, id: string, body?: object) =>
    stage.sandbox.fetch(`http://sandbox/google/calendar/v3/calendars/${encodeURIComponent(BAY_1)}/events/${id}`, {
      method,
      headers: { authorization: "Bearer staff" },
      ...(body && { body: JSON.stringify(body) }),
    });
  return {
    stage,
    calendar,
    calendarId: BAY_1,
    outside: {
      retitle: async (id, summary) => void (await edit("PATCH", id, { summary })),
      remove: async (id) => void (await edit("DELETE", id)),
      expireCursors: async () => void (await stage.arrange("google/expire-sync-tokens", {})),
      takeWriteAccess: async () =>
        void (await stage.arrange("google/calendars", { id: BAY_1, accessRole: "freeBusyReader" })),
      async fail(trouble, times) {
        await stage.sandbox.fetch("http://sandbox/sandbox/faults", { method: "DELETE" });
        if (times > 0) await stage.fail({ api: "google", kinds: [FAULTS[trouble]], times });
      },
      loseAnswer: () => stage.fail({ api: "google", kinds: ["timeout-after"] }),
      refusePush: () => stage.fail({ api: "google", kinds: ["watch-refused"], times: null }),
    },
    close: stage.close,
  };
}
