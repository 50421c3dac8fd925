import type { SandboxRequest } from "../sandbox/wire.ts";
import type { CanHave } from "./sides/side.ts";

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
    "expire-delta": 1,
    "expire-delta=resyncRequired": 1,
    "delta-repeat": 1,
    "delta-removed-outside": 2,
    "delta-restorable": 1,
    "batch-throttle=0": 1,
    "subscription-refused": 1,
    "subscription-slow": 1,
    "lifecycle=missed": 1,
    "lifecycle=subscriptionRemoved": 1,
    "lifecycle=reauthorizationRequired": 1,
    "first-page": 1,
    stale: 2,
    "expire-cursor": 1,
    "error-in-200": 1,
    "status-false": 1,
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

/** A provider may fail, it does not lie about what it did; and what not every provider does wrong, its side says of itself. */
const EVERYWHERE: ReadonlySet<string> = new Set([
  ...["status=503", "status=500", "status-after=500", "status=429;retry-after=2", "status=429;retry-after=45"],
  ...["rate-limit", "status=401", "status=403", "timeout-before", "timeout-after", "cut", "garbled", "html", "no-body"],
  ...OWN_CALL_FAULTS,
]);

/** True where this call, at a provider with these faults of its own, can have that fault. */
export function fits(fault: string, request: SandboxRequest, own: Readonly<Record<string, CanHave>>): boolean {
  return EVERYWHERE.has(fault) || own[fault]?.(request) === true;
}

/** True where a call at one of these providers can have it. */
export function isFaultOf(
  fault: string,
  ...providers: readonly { readonly faults: Readonly<Record<string, CanHave>> }[]
) {
  return EVERYWHERE.has(fault) || providers.some(({ faults }) => Object.hasOwn(faults, fault));
}
