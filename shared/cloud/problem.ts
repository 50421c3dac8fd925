import { ERRORS, type ErrorCode, LockstepError } from "../errors.ts";

/** An error as an API caller sees it: RFC 9457, with our stable code and what to do. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly remedy: string;
  /** Finds the log lines of this request. */
  readonly trace: string;
}

export const PROBLEM_TYPE = "application/problem+json";

/** Characters of a detail that leave: it may name what was sent, which may be of any length. */
const MAX_DETAIL = 1_000;

/** Errors whose details speak of our own surroundings: for the log, not for whoever calls a public address. */
const OURS: readonly ErrorCode[] = ["INTERNAL", "SECRET_MISSING", "CONFIG_INVALID"];

/**
 * What may leave: the words of our own errors, and of a defect only that it is one. `status` where the answer's
 * differs from the error's own.
 */
export function problemOf(error: unknown, trace: string, status?: number): Problem {
  const code = error instanceof LockstepError ? error.code : "INTERNAL";
  const kind = ERRORS[code];
  return {
    type: `urn:problem-type:lockstep:${code.toLowerCase().replaceAll("_", "-")}`,
    title: kind.meaning,
    status: status ?? kind.status,
    code,
    detail: detailOf(error),
    remedy: kind.remedy,
    trace,
  };
}

function detailOf(error: unknown): string {
  if (!(error instanceof LockstepError) || OURS.includes(error.code)) return "The log says more, by the trace id.";
  const { message } = error;
  return message.length <= MAX_DETAIL ? message : `${message.slice(0, MAX_DETAIL)}…`;
}
