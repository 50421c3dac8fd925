import { type ErrorCode, LockstepError } from "../../errors.ts";

/** A call that did not succeed. Without a status nothing came back in time. */
export interface Failure {
  readonly status?: number;
  /** The problem's code, where the answer is a problem of the contract. */
  readonly code?: string;
  /** `timeout`, `ECONNREFUSED`, `too large`. */
  readonly reason?: string;
  readonly retryAfterMs?: number;
}

/** By the contract's own word for it … */
const BY_CODE: Readonly<Record<string, ErrorCode>> = {
  CURSOR_EXPIRED: "CURSOR_EXPIRED",
  SLOT_TAKEN: "SLOT_TAKEN",
  NOT_ACTIVE: "BOOKING_CHANGED",
  VERSION_CONFLICT: "BOOKING_CHANGED",
  UNKNOWN_RESOURCE: "UNKNOWN_RESOURCE",
};

/** … else by status: what stands in front of the system answers in its own words. */
const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: "PROVIDER_UNAUTHORIZED",
  403: "PROVIDER_FORBIDDEN",
  // A wrong address or a gateway in trouble; what it means of a reservation, its code says.
  404: "PROVIDER_UNAVAILABLE",
  408: "PROVIDER_UNAVAILABLE",
  410: "PROVIDER_UNAVAILABLE",
  412: "BOOKING_CHANGED",
  429: "PROVIDER_RATE_LIMITED",
};

/** The error that the port documents for this failure. `means` says where a code means something else here. */
export function toError(
  failure: Failure,
  what: string,
  means: Readonly<Record<string, ErrorCode>> = {},
): LockstepError {
  const { status, code = "", reason, retryAfterMs } = failure;
  const provider = [status ?? "no answer", code, reason].filter((part) => part !== undefined && part !== "").join(" ");
  return new LockstepError(means[code] ?? BY_CODE[code] ?? usualCode(status), {
    detail: `Booking system: ${what} failed (${provider}).`,
    provider,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** A 200 that is no answer: HTML, a cut body, an error inside, another shape (law 2, S56). */
export function brokenAnswer(what: string, why: string): LockstepError {
  return new LockstepError("PROVIDER_UNAVAILABLE", {
    detail: `Booking system: the answer to ${what} cannot be used: ${why}.`,
    provider: "200 broken answer",
  });
}

function usualCode(status: number | undefined): ErrorCode {
  if (status === undefined || status < 400 || status >= 500) return "PROVIDER_UNAVAILABLE";
  return BY_STATUS[status] ?? "PROVIDER_REFUSED";
}
