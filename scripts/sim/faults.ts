import type { SandboxRequest } from "../sandbox/wire.ts";

/** What can go wrong where an instance waits for the world. */
export type Crossing = "call" | "read" | "commit" | "publish" | "deliver";

/** Faults by crossing, with how often each is chosen there. `call` faults but the last ones are the sandbox's own. */
export const FAULTS = {
  call: {
    "status=503": 3,
    "status=500": 1,
    "status-after=500": 2,
    "status=429;retry-after=2": 2,
    "status=429;retry-after=45": 1,
    "rate-limit": 1,
    "status=401": 1,
    "status=403": 1,
    "status=409": 1,
    "status=412": 1,
    "timeout-before": 3,
    "timeout-after": 5,
    cut: 1,
    garbled: 1,
    html: 1,
    "no-body": 1,
    truncate: 2,
    empty: 2,
    "bad-row": 1,
    "empty-page": 1,
    "expire-token": 1,
    "expire-sync-token": 2,
    "bare-get": 1,
    "free-busy": 1,
    "no-access": 1,
    "watch-refused": 1,
    "unclear-status": 1,
    "slot-taken": 1,
    "notify-lost": 2,
    "notify-double": 1,
    "notify-delay=20000": 1,
    "notify-reorder": 1,
    "arrives-late": 2,
    stall: 1,
    "die-before": 2,
    "die-after": 3,
  },
  read: { unavailable: 2, "die-before": 1, "slow-after": 1 },
  commit: { conflict: 2, "unavailable-before": 2, "unavailable-after": 3, "die-before": 2, "die-after": 3, stall: 1 },
  publish: { "unavailable-before": 2, "unavailable-after": 2, "die-before": 1, "die-after": 2 },
  deliver: { double: 3, late: 2, "lost-ack": 2 },
} as const satisfies Record<Crossing, Readonly<Record<string, number>>>;

/** Every fault as it is named outside: `call:timeout-after`. */
export const FAULT_NAMES: readonly string[] = Object.entries(FAULTS).flatMap(([crossing, kinds]) =>
  Object.keys(kinds).map((kind) => `${crossing}:${kind}`),
);

/** Those of `call` that this simulation does itself; the sandbox does the others. */
export const OWN_CALL_FAULTS: ReadonlySet<string> = new Set(["arrives-late", "stall", "die-before", "die-after"]);

/** Which fault a call cannot meaningfully have: a provider may fail, it does not lie about what it did. */
export function fits(fault: string, { method, path }: Pick<SandboxRequest, "method" | "path">): boolean {
  const google = path.startsWith("/google/");
  const write = method !== "GET" && !isListing(path);
  switch (fault) {
    case "status=409":
      return google && method === "POST" && path.endsWith("/events");
    case "status=412":
      return google && (method === "PATCH" || method === "DELETE");
    case "truncate":
    case "empty":
    case "bad-row":
      return isListing(path);
    case "empty-page":
    case "expire-sync-token":
      return google && isListing(path);
    case "bare-get":
    case "free-busy":
    case "no-access":
      return google;
    case "watch-refused":
      return path.endsWith("/watch");
    case "expire-token":
    case "unclear-status":
      return !google;
    case "slot-taken":
      return /bookit|getavailability/.test(path);
    case "notify-lost":
    case "notify-double":
    case "notify-delay=20000":
    case "notify-reorder":
      return write;
    default:
      return true;
  }
}

function isListing(path: string): boolean {
  return /\/events$|getapiappointments$/.test(path);
}
