import { type ErrorCode, LockstepError } from "../../errors.ts";
import type { Clock } from "../../ports/clock.ts";
import { networkReason } from "../network-reason.ts";
import { readRetryAfter } from "../retry.ts";
import { GraphFailure } from "./schema.ts";

/** What became of a call that did not succeed. Without a status nothing came back in time. */
export interface Failure {
  readonly status?: number;
  /** Graph's own code, e.g. `ErrorItemNotFound`. */
  readonly reason?: string;
  readonly retryAfterMs?: number;
}

/** A call, for the error's text: `changing event X on calendar Y`. */
export interface Call {
  readonly does: string;
  /** What a failure means here, where that is not the usual. */
  readonly means?: (failure: Failure) => ErrorCode | undefined;
}

const USUAL: Readonly<Record<number, ErrorCode>> = {
  401: "PROVIDER_UNAUTHORIZED",
  403: "PROVIDER_FORBIDDEN",
  // Absent or invisible, mailbox or event: neither proves anything (R10).
  404: "PROVIDER_FORBIDDEN",
  408: "PROVIDER_UNAVAILABLE",
  409: "PROVIDER_UNAVAILABLE",
  410: "PROVIDER_UNAVAILABLE",
  412: "EVENT_CHANGED",
  423: "PROVIDER_UNAVAILABLE",
  429: "PROVIDER_RATE_LIMITED",
};

/** A 404 with one of these is about the mailbox; then nothing is known of the event (law 2). */
const MAILBOX_CODES = new Set([
  "ErrorInvalidMailbox",
  "ErrorInvalidUser",
  "ErrorMailboxNotEnabledForRESTAPI",
  "ErrorNonExistentMailbox",
  "MailboxNotEnabledForRESTAPI",
  "MailboxNotFound",
  "Request_ResourceNotFound",
  "ResourceNotFound",
]);

/** Delta tokens that Graph no longer knows: with 410, or some other 4xx (API_FACTS §3). */
const RESET_CODES = new Set(["syncstatenotfound", "syncstateinvalid", "resyncrequired"]);

/** True where the mailbox answered that it has no such event; an id of another shape is none of its. */
export function isNoEvent({ status, reason }: Failure): boolean {
  if (status === 400) return reason === "ErrorInvalidIdMalformed";
  return (status === 404 || status === 410) && !MAILBOX_CODES.has(reason ?? "");
}

export function isExpiredCursor({ status, reason }: Failure): boolean {
  if (status === 410) return true;
  return status !== undefined && status >= 400 && status < 500 && RESET_CODES.has((reason ?? "").toLowerCase());
}

/** Reads what came back, except for messages and headers that hold guest data. */
export function failureOf(status: number, body: unknown, retryAfter: string | null, clock: Clock): Failure {
  const parsed = GraphFailure.safeParse(body);
  const error = parsed.success ? parsed.data.error : undefined;
  const reason = typeof error === "string" ? error : error?.code;
  const retryAfterMs = readRetryAfter(retryAfter, clock);
  return {
    status,
    ...(reason !== undefined && /^[\w.]{1,80}$/.test(reason) && { reason }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** The error that the port documents for this failure. */
export function toError(failure: Failure, call: Call): LockstepError {
  const { status, reason, retryAfterMs } = failure;
  const provider = [status ?? "no answer", reason].filter((part) => part !== undefined).join(" ");
  return new LockstepError(codeOf(failure, call), {
    detail: `Microsoft Graph: ${call.does} failed (${provider}).`,
    provider,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** An answer that is no answer: HTML, a cut body, a list without its link (law 2). */
export function brokenAnswer(does: string, what: string): LockstepError {
  return new LockstepError("PROVIDER_UNAVAILABLE", {
    detail: `Microsoft Graph: the answer to ${does} cannot be used: ${what}.`,
    provider: "200 broken answer",
  });
}

/** What the network says of a call without an answer. */
export function networkFailure(error: unknown): Failure {
  return { reason: networkReason(error) };
}

function codeOf(failure: Failure, call: Call): ErrorCode {
  const { status } = failure;
  const special = call.means?.(failure);
  if (special !== undefined) return special;
  // A redirect is followed nowhere: the token stays with Graph.
  if (status === undefined || status >= 500 || status < 400) return "PROVIDER_UNAVAILABLE";
  return USUAL[status] ?? "PROVIDER_REFUSED";
}
