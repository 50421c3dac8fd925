import type { SimulatedApi, WantedError } from "../simulated-api.ts";
import type { Reply } from "../wire.ts";
import { GMAIL_ACTIONS } from "./control.ts";
import { gmailError } from "./errors.ts";
import { answerGmail, gmailOperation, rateLimited } from "./gmail.ts";
import { showGmail } from "./show-state.ts";

const REASONS: Readonly<Record<number, string>> = {
  400: "badRequest",
  401: "authError",
  403: "forbidden",
  404: "notFound",
  429: "rateLimitExceeded",
};

/** Gmail v1, with Google's sign-in pages and token endpoint in front of it. */
export const GMAIL: SimulatedApi = {
  name: "gmail",
  title: "Gmail",
  answer: answerGmail,
  operation: gmailOperation,
  errorReply,
  rateLimited,
  actions: GMAIL_ACTIONS,
  showState: showGmail,
  notices: { settles: (status) => status >= 200 && status < 300 },
};

function errorReply({ status, headers, reason = REASONS[status] ?? "backendError" }: WantedError): Reply {
  return gmailError(status, reason, `Sandbox: ${reason}`, headers);
}
