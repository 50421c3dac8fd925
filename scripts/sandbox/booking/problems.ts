import { Refusal, type Reply } from "../wire.ts";

/** What a problem tells beside its code. */
export interface More {
  readonly currentVersion?: number;
  readonly conflicts?: readonly { readonly id: string; readonly resource: string }[];
}

const TITLES: Readonly<Record<string, string>> = {
  BAD_REQUEST: "The request cannot be understood.",
  UNAUTHORIZED: "The token is missing or not known.",
  FORBIDDEN: "This token may not do that.",
  RESERVATION_UNKNOWN: "There is no such reservation.",
  RESERVATION_DELETED: "The reservation was deleted.",
  RESOURCE_UNKNOWN: "There is no such room.",
  NOT_FOUND: "There is nothing at this address.",
  METHOD_NOT_ALLOWED: "This address does not take that method.",
  CURSOR_EXPIRED: "The cursor is too old: begin anew.",
  SLOT_TAKEN: "The time is taken.",
  NOT_ACTIVE: "The reservation is cancelled.",
  VERSION_CONFLICT: "The reservation changed.",
  VERSION_REQUIRED: "If-Match is missing.",
  CLOSED: "The room is closed then.",
  OUTSIDE_ALLOCATION: "The booking would leave its allocation.",
  UNKNOWN_RESOURCE: "There is no such room.",
  RESOURCE_INACTIVE: "The room takes no reservations.",
  TIME_NOT_ALLOWED: "There are no reservations of such a time.",
  KIND_NOT_ALLOWED: "Reservations of that kind are not made this way.",
  KEY_REUSED: "The key was used for another order.",
  RATE_LIMITED: "Too many calls.",
  UNAVAILABLE: "Not now.",
};

const USUAL: Readonly<Record<number, string>> = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  405: "METHOD_NOT_ALLOWED",
  409: "SLOT_TAKEN",
  410: "CURSOR_EXPIRED",
  412: "VERSION_CONFLICT",
  422: "TIME_NOT_ALLOWED",
  428: "VERSION_REQUIRED",
  429: "RATE_LIMITED",
};

/** An error as RFC 9457 has it; without a code the usual one of its status. */
export function problem(
  status: number,
  code: string = USUAL[status] ?? "UNAVAILABLE",
  more: More & { readonly detail?: string } = {},
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const body = { type: "about:blank", title: TITLES[code] ?? "It did not work.", status, code, ...more };
  return {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
    body: JSON.stringify(body),
  };
}

export function refuse(status: number, code: string, more: More & { readonly detail?: string } = {}): never {
  throw new Refusal(problem(status, code, more));
}

export function badRequest(detail: string): never {
  return refuse(400, "BAD_REQUEST", { detail });
}
