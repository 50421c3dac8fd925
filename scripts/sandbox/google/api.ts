import type { SimulatedApi, WantedError } from "../simulated-api.ts";
import type { Reply } from "../wire.ts";
import { GOOGLE_ACTIONS } from "./control.ts";
import { googleError, rateLimited } from "./errors.ts";
import { answerGoogle, googleOperation } from "./google-calendar.ts";
import { showGoogle } from "./show-state.ts";

/** Google retries on these alone (API_FACTS §1); any other refusal is final. */
const RETRIED = new Set([500, 502, 503, 504]);

const REASONS: Readonly<Record<number, string>> = {
  400: "badRequest",
  401: "authError",
  403: "forbidden",
  404: "notFound",
  409: "duplicate",
  410: "deleted",
  412: "conditionNotMet",
  429: "rateLimitExceeded",
};

/** Google Calendar v3. */
export const GOOGLE: SimulatedApi = {
  name: "google",
  title: "Google Calendar",
  answer: answerGoogle,
  operation: ({ method, path }) => googleOperation(method, path),
  errorReply,
  rateLimited,
  actions: GOOGLE_ACTIONS,
  showState: showGoogle,
  remarks({ query }) {
    const sendUpdates = query.get("sendUpdates");
    return sendUpdates === null ? {} : { sendUpdates };
  },
  notices: { settles: (status) => !RETRIED.has(status) },
};

function errorReply({ status, headers, ...error }: WantedError): Reply {
  const reason = error.reason ?? REASONS[status] ?? "backendError";
  const domain = /limit|quota/i.test(reason) ? ({ domain: "usageLimits" } as const) : {};
  return googleError(status, { reason, message: `Sandbox: ${reason}`, ...domain }, headers);
}
