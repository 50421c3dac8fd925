import { type Instant, later } from "../../sync/time.ts";

/**
 * The hour's calls of one account, shared by all instances: what OSM told last, and how many of what remains each
 * instance may still make without asking again. A grant counts as spent, so that all of them together stay below
 * the limit though each writes only now and then.
 */
export interface Budget {
  readonly limit?: number;
  readonly remaining?: number;
  readonly toldAt?: Instant;
  readonly resetsAt?: Instant;
  readonly grants: Readonly<Record<string, Grant>>;
  readonly pausedUntil?: Instant;
  readonly blockedAt?: Instant;
}

export interface Grant {
  readonly calls: number;
  /** Unspent by then, it is given up. */
  readonly until: Instant;
}

/** What OSM said last to one instance. */
export interface LastTold {
  readonly limit: number;
  readonly remaining: number;
  readonly at: Instant;
  readonly resetsAt: Instant;
}

export const EMPTY: Budget = { grants: {} };

/** Calls granted at once: one write for so many. */
export const GRANT_CALLS = 25;
const GRANT_MS = 10 * 60_000;
const HOUR_MS = 3_600_000;
const SAME_HOUR_MS = 10_000;
/** Left for other programs of the same person, and for mistakes in our count. */
const SPARE_SHARE = 0.05;
const MIN_SPARE = 10;
/** What can wait leaves this share to what cannot. */
const WAITING_SHARE = 0.5;

export function spareOf(limit: number): number {
  return Math.max(MIN_SPARE, Math.ceil(limit * SPARE_SHARE));
}

/** True where a call that can wait should: the hour's second half is for the listings. */
export function isShort(
  { limit, remaining, resetsAt }: Pick<LastTold, "limit" | "remaining" | "resetsAt">,
  now: Instant,
) {
  return now < resetsAt && remaining <= limit * WAITING_SHARE;
}

/** The budget with what an instance was told: within one hour the least that anybody was told, else the newest. */
export function withTold(budget: Budget, told: LastTold | undefined): Budget {
  if (told === undefined) return budget;
  const { limit, remaining, at, resetsAt } = told;
  const { remaining: before = remaining, toldAt = at } = budget;
  if (isSameHour(budget.resetsAt, resetsAt)) {
    return { ...budget, limit, remaining: Math.min(before, remaining), toldAt: toldAt > at ? toldAt : at };
  }
  return toldAt > at ? budget : { ...budget, limit, remaining, toldAt: at, resetsAt };
}

/** Told in whole seconds left, one hour's end moves a little with each answer. */
function isSameHour(one: Instant | undefined, other: Instant): boolean {
  return one !== undefined && Math.abs(Date.parse(one) - Date.parse(other)) <= SAME_HOUR_MS;
}

export type Asked =
  | { readonly granted: true; readonly budget: Budget; readonly grant: Grant }
  /** The limit is near: nobody calls before then (S45). */
  | { readonly granted: false; readonly until: Instant };

/** A grant for one instance, in the place of the one it has. */
export function ask(budget: Budget, holder: string, now: Instant): Asked {
  const standing = Object.entries(budget.grants).filter(([who, { until }]) => who !== holder && now < until);
  const promised = standing.reduce((sum, [, { calls }]) => sum + calls, 0);
  const isOver = budget.resetsAt === undefined || budget.resetsAt <= now;
  const known = isOver ? budget.limit : budget.remaining;
  const left = known === undefined ? GRANT_CALLS : known - promised - spareOf(budget.limit ?? known);
  if (left < 1)
    return { granted: false, until: isOver ? later(now, HOUR_MS / 60) : (budget.resetsAt ?? later(now, HOUR_MS)) };
  const grant = { calls: Math.min(GRANT_CALLS, left), until: later(now, GRANT_MS) };
  return { granted: true, grant, budget: { ...budget, grants: { ...Object.fromEntries(standing), [holder]: grant } } };
}
