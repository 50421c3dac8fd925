import type { Fault, FaultSet } from "./fault-kinds.ts";
import type { SimulatedApi } from "./simulated-api.ts";
import type { Reply } from "./wire.ts";

const PAGE =
  "<!doctype html><html><head><title>Service notice</title></head><body><h1>We will be back soon</h1></body></html>";

/** The answer of a fault that keeps the call from happening; undefined where it happens. */
export function replyInstead(faults: FaultSet, api: SimulatedApi): Reply | undefined {
  const status = faults.list.find(({ kind }) => kind === "status");
  if (status !== undefined) return errorReply(api, status);
  if (faults.has("rate-limit")) return api.rateLimited();
  if (!faults.has("html")) return undefined;
  return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: PAGE };
}

/** What a fault makes of the answer to a call that took effect. */
export function spoil(faults: FaultSet, api: SimulatedApi, reply: Reply): Reply {
  const after = faults.list.find(({ kind }) => kind === "status-after");
  if (after !== undefined) return errorReply(api, after);
  if (faults.has("garbled")) return { ...reply, status: 200, body: `${reply.body.slice(0, 20)}\u0000}{` };
  return faults.has("no-body") ? { ...reply, status: 200, body: "" } : reply;
}

function errorReply(api: SimulatedApi, { value, params }: Fault): Reply {
  const wait = params["retry-after"];
  const reason = params.reason === undefined ? {} : { reason: params.reason };
  return api.errorReply({
    status: Number(value ?? 500),
    ...reason,
    headers: wait === undefined ? {} : { "retry-after": wait },
  });
}
