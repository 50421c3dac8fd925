import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingHttpHeaders } from "node:http";

const running = new AsyncLocalStorage<string>();

/** Runs `work` so that every log line under it carries the trace id. */
export function withTrace<T>(trace: string, work: () => T): T {
  return running.run(trace, work);
}

/** The trace id of the request being answered, if any. */
export function currentTrace(): string | undefined {
  return running.getStore();
}

/** The caller's trace id (W3C `traceparent`, else Google's own header), 32 hex digits; undefined without one. */
export function traceIdOf(headers: IncomingHttpHeaders): string | undefined {
  const [, w3c] = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-/.exec(one(headers.traceparent)) ?? [];
  const [, google] = /^([0-9a-f]{32})(?:\/|$)/i.exec(one(headers["x-cloud-trace-context"])) ?? [];
  return w3c ?? google?.toLowerCase();
}

function one(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? "";
}
