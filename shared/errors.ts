/**
 * Every error Lockstep raises on purpose. `retry`: nack or park and try again; `drop`: nothing to
 * be done, log and acknowledge; `ask`: a person must act, acknowledge and show it.
 */
export type Disposition = "retry" | "drop" | "ask";

interface ErrorKind {
  readonly disposition: Disposition;
  /** HTTP status where the error reaches an API caller. */
  readonly status: number;
  readonly meaning: string;
  /** What the person who gets it does. */
  readonly remedy: string;
}

export const ERRORS = {
  STORE_UNAVAILABLE: {
    disposition: "retry",
    status: 503,
    meaning: "The document store did not answer, or its answer is unknown.",
    remedy: "Nothing: the message is delivered again. If it lasts, look at the store's own status.",
  },
  STORE_CONFLICT: {
    disposition: "retry",
    status: 409,
    meaning: "A document changed between read and write; normal when two deliveries race.",
    remedy: "Nothing: the work is done again on the new state.",
  },
  BUS_UNAVAILABLE: {
    disposition: "retry",
    status: 503,
    meaning: "The message bus did not take a message.",
    remedy: "Nothing: the sender tries again. If it lasts, look at Pub/Sub's status and quota.",
  },
  SECRET_MISSING: {
    disposition: "ask",
    status: 500,
    meaning: "A credential is not where it should be.",
    remedy: "Store the named secret in Secret Manager, or in the local secrets file.",
  },
  CONFIG_INVALID: {
    disposition: "ask",
    status: 500,
    meaning: "The configuration cannot be used.",
    remedy: "Mend the named line.",
  },
  PROVIDER_UNAVAILABLE: {
    disposition: "retry",
    status: 502,
    meaning: "A calendar or booking system failed, timed out or answered nonsense.",
    remedy: "Nothing at first: the item is parked and tried again. If it lasts, look at the provider.",
  },
  PROVIDER_RATE_LIMITED: {
    disposition: "retry",
    status: 503,
    meaning: "A provider asked for fewer calls.",
    remedy: "Nothing: calls pause for the time it named.",
  },
  PROVIDER_UNAUTHORIZED: {
    disposition: "retry",
    status: 502,
    meaning: "A provider refused our credentials. Nothing is cancelled meanwhile.",
    remedy: "Renew the credential; parked items go on by themselves.",
  },
  PROVIDER_FORBIDDEN: {
    disposition: "retry",
    status: 502,
    meaning: "Our account may not do this there, e.g. the calendar is no longer shared with write access.",
    remedy:
      "Give our account back the right it lacks there (calendars: 'make changes to events'); parked items go on by themselves.",
  },
  PROVIDER_BLOCKED: {
    disposition: "retry",
    status: 503,
    meaning: "A provider has blocked our account: no call is made until a person lifts that here.",
    remedy:
      "Settle it with the provider first, then POST /api/sources/{source}/unblock; parked items go on by themselves.",
  },
  OSM_TOKEN_EXPIRED: {
    disposition: "ask",
    status: 401,
    meaning: "Online Scout Manager no longer takes our token. Your own API key is good.",
    remedy: "Authorise Lockstep at Online Scout Manager again; bookings known so far stay as they are.",
  },
  PROVIDER_REFUSED: {
    disposition: "ask",
    status: 502,
    meaning: "A provider refuses this item as it is (400): trying again will not help.",
    remedy: "Look at the reason; mend the booking or the event.",
  },
  CURSOR_EXPIRED: {
    disposition: "retry",
    status: 410,
    meaning: "A sync token is no longer accepted; normal now and then.",
    remedy: "Nothing: everything is listed again.",
  },
  EVENT_EXISTS: {
    disposition: "retry",
    status: 409,
    meaning: "The event id is taken; normal after a crash between insert and commit.",
    remedy: "Nothing: the event is read and adopted, or the next id is used.",
  },
  EVENT_CHANGED: {
    disposition: "retry",
    status: 412,
    meaning: "The event changed since it was read; normal when somebody edits at the same moment.",
    remedy: "Nothing: both sides are read again.",
  },
  EVENT_MISSING: {
    disposition: "retry",
    status: 404,
    meaning: "The event to change is not there.",
    remedy: "Nothing: both sides are read again.",
  },
  EVENT_VANISHED: {
    disposition: "retry",
    status: 404,
    meaning: "The event cannot be read, not even as a deleted one, on a calendar that keeps those.",
    remedy: "Nothing: it is looked for again after a while; still like that, it counts as deleted.",
  },
  BOOKING_CHANGED: {
    disposition: "retry",
    status: 412,
    meaning: "The booking changed since it was read; normal when somebody edits at the same moment.",
    remedy: "Nothing: both sides are read again.",
  },
  WATCH_REFUSED: {
    disposition: "ask",
    status: 502,
    meaning: "The calendar will not push to our address; changes are polled instead.",
    remedy: "Check that the public address is https with a trusted certificate and verified domain.",
  },
  SLOT_TAKEN: {
    disposition: "ask",
    status: 409,
    meaning: "The booking system has no room at the new time.",
    remedy: "Choose another time; the event was put back.",
  },
  NEEDS_RECONNECT: {
    disposition: "ask",
    status: 409,
    meaning: "The permission to read a mailbox was revoked, ran out or was never given (invalid_grant).",
    remedy: "Connect the mailbox again: GET /api/connections/{id}/gmail/start. What waited goes on by itself.",
  },
  LABEL_NOT_FOUND: {
    disposition: "ask",
    status: 422,
    meaning: "The mailbox has no label of exactly that name; it may have been renamed or deleted.",
    remedy: "Create or rename the label in Gmail, or save its name: PATCH /api/connections/{id}.",
  },
  LABEL_NOT_CONFIGURED: {
    disposition: "ask",
    status: 422,
    meaning: "The connection does not say which label to read.",
    remedy: "Save reservation_label first: PATCH /api/connections/{id}.",
  },
  LABEL_CONFLICT: {
    disposition: "ask",
    status: 409,
    meaning: "Two connections of the workspace would read the same label.",
    remedy: "Give each connection a label of its own: PATCH /api/connections/{id}, null for none.",
  },
  SYNC_IN_PROGRESS: {
    disposition: "drop",
    status: 409,
    meaning: "This connection is being read already.",
    remedy: "Wait for it: GET /api/connections/{id}/health says when it ended.",
  },
  UNAUTHENTICATED: {
    disposition: "drop",
    status: 401,
    meaning: "The request carries no valid credential.",
    remedy: "Send an API key or token that is valid here.",
  },
  FORBIDDEN: {
    disposition: "drop",
    status: 403,
    meaning: "The credential is valid but not for this workspace or action.",
    remedy: "Use a key of that workspace with the scope named.",
  },
  FOREIGN_CALLER: {
    disposition: "drop",
    status: 403,
    meaning: "The local run was asked by a web page of another site, or under a name that is not its own.",
    remedy: "Call it from this machine as http://localhost and its port, outside of other sites' pages.",
  },
  BAD_SIGNATURE: {
    disposition: "drop",
    status: 401,
    meaning: "A webhook or push is not signed as agreed, or too old.",
    remedy: "Check the shared secret and the sender's clock (5 minutes).",
  },
  INVALID_REQUEST: {
    disposition: "drop",
    status: 400,
    meaning: "The request cannot be understood.",
    remedy: "Mend the part named in the detail.",
  },
  UNKNOWN_RESOURCE: {
    disposition: "ask",
    status: 422,
    meaning: "A booking names a bay, room or property that no resource in the configuration has.",
    remedy: "Add the resource to lockstep.config.yaml, or mend the name in the booking system.",
  },
  PAYLOAD_TOO_LARGE: {
    disposition: "drop",
    status: 413,
    meaning: "The body is larger than this edge takes.",
    remedy: "Send less.",
  },
  NOT_FOUND: {
    disposition: "drop",
    status: 404,
    meaning: "There is no such thing here.",
    remedy: "Check the address and the id.",
  },
  METHOD_NOT_ALLOWED: {
    disposition: "drop",
    status: 405,
    meaning: "This address does not take that method.",
    remedy: "Use the method named in Allow.",
  },
  INVALID_STATE: {
    disposition: "drop",
    status: 409,
    meaning: "The thing is no longer in a state where this can be done.",
    remedy: "Read it again and decide anew.",
  },
  INTERNAL: {
    disposition: "retry",
    status: 500,
    meaning: "A defect in Lockstep.",
    remedy: "Report it with the trace id.",
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

export interface ErrorContext {
  /** What happened, to which booking, calendar or file; safe to show: no secrets, no guest data. */
  readonly detail: string;
  readonly cause?: unknown;
  /** How long to wait before the next try, where the other side said so. */
  readonly retryAfterMs?: number;
  /** The provider's own status and reason, e.g. `403 rateLimitExceeded`; redacted. */
  readonly provider?: string;
  /** An earlier try of the same call got no clear answer, and may have taken effect. */
  readonly repeated?: boolean;
}

/** The one error class; everything about a kind is in `ERRORS`. */
export class LockstepError extends Error {
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;
  readonly provider: string | undefined;
  readonly repeated: boolean;

  constructor(code: ErrorCode, context: ErrorContext) {
    super(context.detail, context.cause === undefined ? {} : { cause: context.cause });
    this.name = "LockstepError";
    this.code = code;
    this.retryAfterMs = context.retryAfterMs;
    this.provider = context.provider;
    this.repeated = context.repeated ?? false;
  }

  get disposition(): Disposition {
    return ERRORS[this.code].disposition;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** True where `error` is one of ours with one of these codes. */
export function isError<C extends ErrorCode>(
  error: unknown,
  ...codes: C[]
): error is LockstepError & { readonly code: C } {
  return error instanceof LockstepError && codes.some((code) => code === error.code);
}

/** True where our own store or bus failed: the only failures that nack a message (R6). */
export function isOurOwnFailure(error: unknown): boolean {
  return isError(error, "STORE_CONFLICT", "STORE_UNAVAILABLE", "BUS_UNAVAILABLE");
}
