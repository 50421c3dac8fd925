import { type ErrorCode, LockstepError } from "../../errors.ts";

/** A call that did not succeed. Without a status nothing came back in time. */
export interface Failure {
  readonly status?: number;
  readonly reason?: string;
  readonly retryAfterMs?: number;
}

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: "PROVIDER_UNAUTHORIZED",
  403: "PROVIDER_FORBIDDEN",
  // Of a record, its own envelope says that it is gone; any other 404 is a wrong address or a gateway in trouble.
  404: "PROVIDER_UNAVAILABLE",
  408: "PROVIDER_UNAVAILABLE",
  429: "PROVIDER_RATE_LIMITED",
};

/** The error that the port documents for this failure. */
export function toError({ status, reason, retryAfterMs }: Failure, what: string): LockstepError {
  const provider = [status ?? "no answer", reason].filter((part) => part !== undefined).join(" ");
  return new LockstepError(codeOf(status), {
    detail: `OSM: ${what} failed (${provider}).`,
    provider,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function codeOf(status: number | undefined): ErrorCode {
  if (status === undefined || status < 400 || status >= 500) return "PROVIDER_UNAVAILABLE";
  return BY_STATUS[status] ?? "PROVIDER_REFUSED";
}

/** A 200 that is no answer: HTML, a cut body, `status` false, another shape (law 2, S56). */
export function brokenAnswer(what: string, why: string): LockstepError {
  return new LockstepError("PROVIDER_UNAVAILABLE", {
    detail: `OSM: the answer to ${what} cannot be used: ${why}.`,
    provider: "200 broken answer",
  });
}
