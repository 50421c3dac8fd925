import { type ErrorCode, LockstepError } from "../../errors.ts";
import { networkReason } from "../network-reason.ts";

/** A statement that did not succeed. Without a state the server said nothing of it. */
export interface Failure {
  /** PostgreSQL's five characters for what is wrong, `42501`. */
  readonly state?: string;
  /** `ECONNREFUSED`, `timeout`; the table of ours that is missing. */
  readonly reason?: string;
}

const FOLDER = "shared/providers/portico";
const OWN_TABLE = "lockstep_import";

const STATE = /^(?=.*\d)[0-9A-Z]{5}$/;
const NO_TLS = "no TLS there";

/** By PostgreSQL's state … */
const BY_STATE: Readonly<Record<string, ErrorCode>> = {
  "42501": "PROVIDER_FORBIDDEN",
  // Our own table or one of theirs is not there, or not as the provider knows it: once somebody has mended that, items go on.
  "42P01": "PROVIDER_FORBIDDEN",
  "42703": "PROVIDER_FORBIDDEN",
  "3D000": "PROVIDER_FORBIDDEN",
  "53300": "PROVIDER_RATE_LIMITED",
  // Somebody else made the same at the same moment: looked at again, it is there.
  "23505": "PROVIDER_UNAVAILABLE",
};

/** … else by its first two: who we are, what we sent, what a rule of the tables forbids. */
const BY_CLASS: Readonly<Record<string, ErrorCode>> = {
  "22": "PROVIDER_REFUSED",
  "23": "PROVIDER_REFUSED",
  "28": "PROVIDER_UNAUTHORIZED",
};

/** What the client library threw. Its text, which may quote values, is looked at and left behind. */
export function readFailure(error: unknown): Failure {
  if (error instanceof Error && "code" in error && typeof error.code === "string" && STATE.test(error.code)) {
    const isOurs = error.code === "42P01" && error.message.includes(OWN_TABLE);
    return { state: error.code, ...(isOurs ? { reason: OWN_TABLE } : {}) };
  }
  if (!(error instanceof Error)) return { reason: "network" };
  if (error.message.includes("does not support SSL")) return { reason: NO_TLS };
  return { reason: /timeout/i.test(error.message) ? "timeout" : networkReason(error) };
}

/** The error that the port documents for this failure. */
export function toError(failure: Failure, what: string): LockstepError {
  const { state, reason } = failure;
  const provider = state ?? reason ?? "no answer";
  const code = (state && (BY_STATE[state] ?? BY_CLASS[state.slice(0, 2)])) || "PROVIDER_UNAVAILABLE";
  return new LockstepError(code, { detail: `Portico: ${what} failed (${provider}).${remedyOf(failure)}`, provider });
}

/** PROVIDER_REFUSED, for a reason of our own. */
export function refused(why: string): LockstepError {
  return new LockstepError("PROVIDER_REFUSED", { detail: `Portico: ${why}.` });
}

function remedyOf({ state, reason }: Failure): string {
  if (reason === OWN_TABLE)
    return ` The table ${OWN_TABLE} is missing: run ${FOLDER}/lockstep-import.sql on the database.`;
  if (state === "42501") return ` Give the role what ${FOLDER}/grants.sql says.`;
  return reason === NO_TLS ? " Turn TLS on there, or set `tls: off` where the way is safe." : "";
}
