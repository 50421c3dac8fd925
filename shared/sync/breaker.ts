import type { Policy } from "./policy.ts";
import { type Instant, later } from "./time.ts";

/** One cancellation or deletion that Lockstep derived and carried out. */
export interface Counted {
  readonly at: Instant;
  /** The map it concerned. */
  readonly key: string;
  /** Since when that map had its event. */
  readonly since: Instant;
}

export const WINDOW_MS = 3_600_000;

/** The largest number of entries kept; far above every limit that can be reached without a hold. */
export const MAX_COUNTED = 500;

/** What the breaker looks at for one calendar or one source (law 5, R7). */
export interface BreakerState {
  /** Future items there now, this one included. */
  readonly future: number;
  /** Carried out during the last hour. */
  readonly counted: readonly Counted[];
  /** Found gone or cancelled by the run that brought this observation. */
  readonly runAbsent: number;
  /** An open hold stops every further destructive decision there. */
  readonly openHold: boolean;
}

/** What is to be carried out: the map it concerns, and whether Lockstep derived it itself. */
interface Candidate {
  readonly key: string;
  readonly since: Instant;
  readonly derived: boolean;
}

/** False where `trips` is false however many items there are: then they need not be counted. */
export function mayTrip(state: Omit<BreakerState, "future">, item: Candidate, policy: Policy, now: Instant): boolean {
  if (state.openHold || state.runAbsent > policy.breakerCount) return true;
  if (!item.derived) return false;
  const recent = recentOthers(state.counted, item, now);
  return recent.length + 1 > policy.breakerCount || livedTogether(recent, item.since) >= 1;
}

/** True where carrying out one more must wait for a person. */
export function trips(state: BreakerState, item: Candidate, policy: Policy, now: Instant): boolean {
  if (state.openHold) return true;
  const recent = recentOthers(state.counted, item, now);
  const limit = Math.max(policy.breakerCount, ((state.future + recent.length) * policy.breakerPercent) / 100);
  if (state.runAbsent > limit) return true;
  if (!item.derived) return false;
  if (recent.length + 1 > limit) return true;
  return state.future <= 1 && livedTogether(recent, item.since) >= 1;
}

function recentOthers(counted: readonly Counted[], item: Candidate, now: Instant): readonly Counted[] {
  return withinWindow(counted, now).filter((entry) => entry.key !== item.key);
}

/** Those of the last hour; older ones no longer count. */
export function withinWindow(counted: readonly Counted[], now: Instant): readonly Counted[] {
  const from = later(now, -WINDOW_MS);
  return counted.filter((entry) => entry.at > from);
}

/** "All" means all that were there at one time: one-by-one use of an almost empty calendar is no mass deletion. */
function livedTogether(recent: readonly Counted[], since: Instant): number {
  return recent.filter((entry) => entry.at > since).length;
}
