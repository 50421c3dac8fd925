import { type ErrorCode, LockstepError } from "../../errors.ts";
import type { Clock } from "../../ports/clock.ts";
import { networkReason } from "../network-reason.ts";
import { readRetryAfter } from "../retry.ts";
import { GmailFailure } from "./schema.ts";

/** What became of a call that did not succeed. Without a status nothing came back in time. */
export interface Failure {
  readonly status?: number;
  readonly reason?: string;
  readonly retryAfterMs?: number;
}

/** A call, for the error's text: `reading message 18f2`. */
export interface Call {
  readonly does: string;
  /** Quota units (API_FACTS §2). */
  readonly units: number;
  /** What a failure means here, where that is not the usual. */
  readonly means?: (failure: Failure) => ErrorCode | undefined;
}

const RATE_REASONS = new Set(["rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "quotaExceeded"]);

const USUAL: Readonly<Record<number, ErrorCode>> = {
  401: "PROVIDER_UNAUTHORIZED",
  403: "PROVIDER_FORBIDDEN",
  404: "NOT_FOUND",
  408: "PROVIDER_UNAVAILABLE",
  429: "PROVIDER_RATE_LIMITED",
};

/** Reads an error of the client library; bodies and headers stay behind. */
export function readFailure(error: unknown, clock: Clock): Failure {
  const response = error instanceof Error && "response" in error ? error.response : undefined;
  if (!(response instanceof Response)) return { reason: networkReason(error) };
  const body = GmailFailure.safeParse("data" in response ? response.data : undefined);
  const reason = body.success ? body.data.error.errors?.[0]?.reason : undefined;
  const retryAfterMs = readRetryAfter(response.headers.get("retry-after"), clock);
  return {
    status: response.status,
    ...(reason !== undefined && { reason }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** The error that the port documents for this failure. */
export function toError(failure: Failure, call: Call): LockstepError {
  const { status, reason, retryAfterMs } = failure;
  const provider = [status ?? "no answer", reason].filter((part) => part !== undefined).join(" ");
  return new LockstepError(codeOf(failure, call), {
    detail: `Gmail: ${call.does} failed (${provider}).`,
    provider,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** An answer that is no answer: HTML, a cut body, a page without its history id (law 2). */
export function brokenAnswer(does: string): LockstepError {
  return new LockstepError("PROVIDER_UNAVAILABLE", {
    detail: `Gmail: the answer to ${does} cannot be used.`,
    provider: "200 broken answer",
  });
}

function codeOf(failure: Failure, call: Call): ErrorCode {
  const { status, reason } = failure;
  const special = call.means?.(failure);
  if (special !== undefined) return special;
  if (status === undefined || status >= 500) return "PROVIDER_UNAVAILABLE";
  if (status === 403 && reason !== undefined && RATE_REASONS.has(reason)) return "PROVIDER_RATE_LIMITED";
  return USUAL[status] ?? "PROVIDER_REFUSED";
}
