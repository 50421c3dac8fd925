import type { Outside, SimulatedApi } from "../simulated-api.ts";
import type { Call } from "../world.ts";
import { GRAPH_ACTIONS } from "./control.ts";
import { observeAnswer } from "./endpoints.ts";
import { graphError, throttled } from "./errors.ts";
import { answerGraph, graphOperation } from "./graph.ts";
import { shakeHands } from "./handshake.ts";
import { beginCall } from "./limits.ts";
import { joinItems } from "./notify.ts";
import { showGraph } from "./show-state.ts";
import { forgetToken } from "./token.ts";

/** Items in one message to an address. */
const TOGETHER = 20;
/** Tried for four hours (API_FACTS §3): 5 s, doubled up to half an hour. */
const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 1_800_000;
const MAX_ATTEMPTS = 17;

const CODES: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "InvalidAuthenticationToken",
  403: "ErrorAccessDenied",
  404: "ErrorItemNotFound",
  409: "ErrorIrresolvableConflict",
  410: "syncStateNotFound",
  412: "ErrorIrresolvableConflict",
  429: "ApplicationThrottled",
  500: "InternalServerError",
  503: "ServiceUnavailable",
};

/** Microsoft Graph v1.0: rooms and their calendars. */
export const GRAPH: SimulatedApi = {
  name: "graph",
  title: "Microsoft Graph",
  answer: answerGraph,
  operation: graphOperation,
  begin: beginCall,
  approach,
  prepare(call) {
    if (call.faults.has("expire-token")) forgetToken(call);
  },
  errorReply({ status, reason, headers }) {
    const code = reason ?? CODES[status] ?? "UnknownError";
    return graphError(status, code, `Sandbox: ${code}`, headers);
  },
  rateLimited: () => throttled("1"),
  actions: GRAPH_ACTIONS,
  showState: showGraph,
  notices: {
    together: { most: TOGETHER, join: joinItems },
    settles: (status) => status >= 200 && status < 300,
    waitMs: (attempts) =>
      attempts >= MAX_ATTEMPTS ? undefined : Math.min(FIRST_WAIT_MS * 2 ** (attempts - 1), LONGEST_WAIT_MS),
    observe: (world, { url }, tookMs) => observeAnswer(world, url, tookMs),
  },
};

/** The time a call takes, and the handshake of a subscription it would make. */
function approach(call: Call, outside: Outside): Promise<void> | undefined {
  const { graphLatencyMs } = call.world.options();
  const subscribes = graphOperation(call.request) === "subscriptions.create";
  return graphLatencyMs === 0 && !subscribes ? undefined : passTime(call, graphLatencyMs, subscribes, outside);
}

async function passTime(call: Call, ms: number, subscribes: boolean, outside: Outside): Promise<void> {
  if (ms > 0) await outside.wait(ms);
  if (subscribes && !call.faults.has("throttle")) await shakeHands(call, outside);
}
