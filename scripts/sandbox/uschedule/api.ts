import type { SimulatedApi } from "../simulated-api.ts";
import { json } from "../wire.ts";
import { showUschedule } from "./show-state.ts";
import { STAFF_ACTIONS } from "./staff.ts";
import { answerUschedule, forgetLogin, uscheduleOperation } from "./uschedule.ts";
import { signWebhook } from "./webhooks.ts";

/** USchedule, with webhooks of the sandbox's own. */
export const USCHEDULE: SimulatedApi = {
  name: "uschedule",
  title: "USchedule",
  answer: answerUschedule,
  operation: ({ path }) => uscheduleOperation(path),
  prepare(call) {
    if (call.faults.has("expire-token")) forgetLogin(call);
  },
  errorReply: ({ status, headers }) => json(status, { Message: `Error ${status}.` }, headers),
  rateLimited: () => json(429, { Message: "Too many requests." }, { "retry-after": "1" }),
  actions: STAFF_ACTIONS,
  showState: showUschedule,
  notices: { seal: signWebhook, settles: (status) => status >= 200 && status < 300 },
};
