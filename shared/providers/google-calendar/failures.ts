import { type ErrorCode, LockstepError } from "../../errors.ts";
import type { Clock } from "../../ports/clock.ts";
import { networkReason } from "../network-reason.ts";
import { readRetryAfter } from "../retry.ts";
import { GoogleFailure } from "./schema.ts";

/** What became of a call that did not succeed. Without a status nothing came back in time. */
export interface Failure {
  readonly status?: number;
  readonly reason?: string;
  readonly location?: string;
  readonly retryAfterMs?: number;
}

/** A call, for the error's text: `patch of event X on calendar Y`. */
export interface Call {
  readonly does: string;
  /** What a failure means here, where that is not the usual. */
  readonly means?: (failure: Failure) => ErrorCode | undefined;
}

const RATE_REASONS = new Set([
  "rateLimitExceeded",
  "userRateLimitExceeded",
  "quotaExceeded",
  "dailyLimitExceeded",
  "calendarUsageLimitsExceeded",
]);

const USUAL: Readonly<Record<number, ErrorCode>> = {
  401: "PROVIDER_UNAUTHORIZED",
  403: "PROVIDER_FORBIDDEN",
  // Absent or invisible: the two look the same (API_FACTS §1), and neither proves anything (R10).
  404: "PROVIDER_FORBIDDEN",
  408: "PROVIDER_UNAVAILABLE",
  409: "PROVIDER_UNAVAILABLE",
  410: "PROVIDER_UNAVAILABLE",
  412: "EVENT_CHANGED",
  429: "PROVIDER_RATE_LIMITED",
};

/** Reads an error of the client library; bodies and headers stay behind, they hold guest data. */
export function readFailure(error: unknown, clock: Clock): Failure {
  const response = responseOf(error);
  if (response === undefined) return { reason: networkReason(error) };
  const body = GoogleFailure.safeParse(response.data);
  const first = body.success ? body.data.error.errors?.[0] : undefined;
  const retryAfterMs = readRetryAfter(response.headers.get("retry-after"), clock);
  return {
    status: response.status,
    ...(first?.reason !== undefined && { reason: first.reason }),
    ...(first?.location !== undefined && { location: first.location }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** The error that the port documents for this failure. */
export function toError(failure: Failure, call: Call): LockstepError {
  const { status, reason, retryAfterMs } = failure;
  const provider = [status ?? "no answer", reason].filter((part) => part !== undefined).join(" ");
  return new LockstepError(codeOf(failure, call), {
    detail: `Google Calendar: ${call.does} failed (${provider}).`,
    provider,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** An answer that is no answer: HTML, a cut body, a list without its token (law 2). */
export function brokenAnswer(does: string, what: string): LockstepError {
  return new LockstepError("PROVIDER_UNAVAILABLE", {
    detail: `Google Calendar: the answer to ${does} cannot be used: ${what}.`,
    provider: "200 broken answer",
  });
}

/** Where success has no body, a page of HTML is somebody else's answer: nothing was done. */
export function requireEmpty(data: unknown, does: string): void {
  if (typeof data === "string" && data.trim() !== "") throw brokenAnswer(does, "it should be empty");
}

function codeOf(failure: Failure, call: Call): ErrorCode {
  const { status, reason } = failure;
  const special = call.means?.(failure);
  if (special !== undefined) return special;
  if (status === undefined || status >= 500) return "PROVIDER_UNAVAILABLE";
  if (status === 403 && reason !== undefined && RATE_REASONS.has(reason)) return "PROVIDER_RATE_LIMITED";
  return USUAL[status] ?? "PROVIDER_REFUSED";
}

function responseOf(error: unknown): { status: number; data: unknown; headers: Headers } | undefined {
  if (!(error instanceof Error) || !("response" in error)) return undefined;
  const response: unknown = error.response;
  if (!(response instanceof Response)) return undefined;
  return { status: response.status, data: "data" in response ? response.data : undefined, headers: response.headers };
}
