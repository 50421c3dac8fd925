import { type ErrorCode, LockstepError } from "../../errors.ts";

/** A call that did not succeed. Without a status nothing came back in time. */
export interface Failure {
  readonly status?: number;
  /** `timeout`, `ECONNREFUSED`, `broken answer`. */
  readonly reason?: string;
  readonly retryAfterMs?: number;
  /** The answer's text: for recognising a refusal, never for an error or a log. */
  readonly text: string;
}

const USUAL: Readonly<Record<number, ErrorCode>> = {
  401: "PROVIDER_UNAUTHORIZED",
  403: "PROVIDER_FORBIDDEN",
  // A wrong address or a gateway in trouble; what it means of a record, the caller says.
  404: "PROVIDER_UNAVAILABLE",
  408: "PROVIDER_UNAVAILABLE",
  429: "PROVIDER_RATE_LIMITED",
};

/** The error that the port documents for this failure. `means` says where it is not the usual one. */
export function toError(
  failure: Failure,
  method: string,
  means?: (failure: Failure) => ErrorCode | undefined,
): LockstepError {
  const { status, reason, retryAfterMs } = failure;
  const provider = [status ?? "no answer", reason].filter((part) => part !== undefined).join(" ");
  return new LockstepError(means?.(failure) ?? usualCode(status), {
    detail: `USchedule: ${method} failed (${provider}).`,
    provider,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** A 200 that is no answer: HTML, a cut body, another shape (law 2). */
export function brokenAnswer(method: string, what: string): LockstepError {
  return new LockstepError("PROVIDER_UNAVAILABLE", {
    detail: `USchedule: the answer to ${method} cannot be used: ${what}.`,
    provider: "200 broken answer",
  });
}

function usualCode(status: number | undefined): ErrorCode {
  if (status === undefined || status < 400 || status >= 500) return "PROVIDER_UNAVAILABLE";
  return USUAL[status] ?? "PROVIDER_REFUSED";
}
