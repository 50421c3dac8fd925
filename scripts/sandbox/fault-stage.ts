import type { Fault, FaultSet } from "./fault-kinds.ts";
import { googleError, rateLimited } from "./google/errors.ts";
import { json, type Reply } from "./wire.ts";

export type Api = "google" | "uschedule";

const PAGE =
  "<!doctype html><html><head><title>Service notice</title></head><body><h1>We will be back soon</h1></body></html>";

/** The answer of a fault that keeps the call from happening; undefined where it happens. */
export function replyInstead(faults: FaultSet, api: Api): Reply | undefined {
  const status = faults.list.find(({ kind }) => kind === "status");
  if (status !== undefined) return errorReply(api, status);
  if (faults.has("rate-limit")) {
    return api === "google" ? rateLimited() : json(429, { Message: "Too many requests." }, { "retry-after": "1" });
  }
  if (!faults.has("html")) return undefined;
  return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: PAGE };
}

/** What a fault makes of the answer to a call that took effect. */
export function spoil(faults: FaultSet, api: Api, reply: Reply): Reply {
  const after = faults.list.find(({ kind }) => kind === "status-after");
  if (after !== undefined) return errorReply(api, after);
  if (faults.has("garbled")) return { ...reply, status: 200, body: `${reply.body.slice(0, 20)}\u0000}{` };
  return faults.has("no-body") ? { ...reply, status: 200, body: "" } : reply;
}

function errorReply(api: Api, fault: Fault): Reply {
  const status = Number(fault.value ?? 500);
  const wait = fault.params["retry-after"];
  const headers = wait === undefined ? {} : { "retry-after": wait };
  if (api === "uschedule") return json(status, { Message: `Error ${status}.` }, headers);
  const reason = fault.params.reason ?? googleReason(status);
  const limited = /limit|quota/i.test(reason);
  return googleError(
    status,
    { reason, message: `Sandbox: ${reason}`, ...(limited ? { domain: "usageLimits" } : {}) },
    headers,
  );
}

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

function googleReason(status: number): string {
  return REASONS[status] ?? "backendError";
}
