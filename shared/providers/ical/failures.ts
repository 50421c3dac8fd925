import { type ErrorCode, LockstepError } from "../../errors.ts";
import type { Clock } from "../../ports/clock.ts";
import { networkReason } from "../network-reason.ts";
import { readRetryAfter } from "../retry.ts";
import { type Got, NotPublic, TooLarge } from "./guarded-get.ts";

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: "PROVIDER_UNAUTHORIZED",
  403: "PROVIDER_FORBIDDEN",
  429: "PROVIDER_RATE_LIMITED",
};

/** The error that the port documents for an answer that is no calendar. Names the feed, never its address. */
export function statusError(feed: string, { status, header }: Got, clock: Clock): LockstepError {
  const retryAfterMs = readRetryAfter(header("retry-after"), clock);
  const isGone = status === 404 || status === 410;
  const hint = isGone ? " Its host may have given it a new address: put that into the secret." : "";
  return new LockstepError(BY_STATUS[status] ?? "PROVIDER_UNAVAILABLE", {
    detail: `Feed ${feed} answered ${status}.${hint}`,
    provider: String(status),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** A success that is no calendar: a web page, nothing, half a file (law 2, S02). */
export function brokenFeed(feed: string, why: string): LockstepError {
  return new LockstepError("PROVIDER_UNAVAILABLE", {
    detail: `Feed ${feed} cannot be used: ${why}.`,
    provider: "200 broken answer",
  });
}

/** No answer at all. The cause is left out: its text may hold the address. */
export function networkError(feed: string, error: unknown): LockstepError {
  if (error instanceof LockstepError) return error;
  if (error instanceof TooLarge) return brokenFeed(feed, "it is larger than any home's calendar");
  if (error instanceof NotPublic) {
    return new LockstepError("CONFIG_INVALID", { detail: `The address of feed ${feed} leads into a private network.` });
  }
  const reason = networkReason(error);
  return new LockstepError("PROVIDER_UNAVAILABLE", {
    detail: `Feed ${feed} did not answer (${reason}).`,
    provider: `no answer ${reason}`,
  });
}
