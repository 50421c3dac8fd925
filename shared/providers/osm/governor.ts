import { isError, LockstepError } from "../../errors.ts";
import type { GovernorState, SourceGovernor } from "../../ports/booking-directory.ts";
import type { Clock } from "../../ports/clock.ts";
import type { SourceMemory } from "../../ports/source-memory.ts";
import { type Instant, later } from "../../sync/time.ts";
import { ask, type Budget, EMPTY, type Grant, isShort, type LastTold, spareOf, withTold } from "./budget.ts";
import type { Answer } from "./transport.ts";

/** What another instance wrote is seen this soon. */
const CACHE_MS = 1_000;
const MAX_RACES = 5;
/** Asked for fewer calls without a time. */
const DEFAULT_PAUSE_MS = 60_000;
const DOC = "budget";

export interface Governor extends SourceGovernor {
  /**
   * Makes the call, or throws without making it: PROVIDER_BLOCKED until a person lifts that, PROVIDER_RATE_LIMITED
   * where a pause lasts or the hour's limit is near (S45). A call that `mayWait` is refused at half of the limit.
   */
  run(call: () => Promise<Answer>, mayWait: boolean): Promise<Answer>;
}

interface Read {
  readonly budget: Budget;
  readonly version: string | undefined;
  readonly at: Instant;
}

export function openGovernor(clock: Clock, memory: SourceMemory): Governor {
  let known: Read | undefined;
  let told: LastTold | undefined;
  let grant: Grant | undefined;
  let reading: Promise<Read> | undefined;
  let asking: Promise<void> = Promise.resolve();

  async function fetchBudget(): Promise<Read> {
    const stored = await memory.read<Budget>(DOC);
    known = { budget: stored?.data ?? EMPTY, version: stored?.version, at: clock.now() };
    return known;
  }

  /** Several calls at once read it once. */
  function load(fresh = false): Promise<Budget> {
    if (!fresh && known !== undefined && clock.now() < later(known.at, CACHE_MS)) return Promise.resolve(known.budget);
    reading ??= fetchBudget().finally(() => {
      reading = undefined;
    });
    return reading.then(({ budget }) => budget);
  }

  /** Writes what `change` makes of it; read anew where another instance was faster. Undefined leaves it as it is. */
  async function save(change: (budget: Budget) => Budget | undefined): Promise<void> {
    for (let races = 0; ; races++) {
      const { budget, version } = await fetchBudget();
      const next = change(budget);
      if (next === undefined) return;
      try {
        known = { budget: next, version: await memory.save(DOC, next, version), at: clock.now() };
        return;
      } catch (error) {
        if (!isError(error, "STORE_CONFLICT") || races >= MAX_RACES) throw error;
      }
    }
  }

  async function refill(): Promise<void> {
    if (hasGrant()) return;
    await save((budget) => {
      const asked = ask(withTold(budget, told), memory.holder(), clock.now());
      if (!asked.granted) throw paused(asked.until, "its limit is near");
      grant = asked.grant;
      return asked.budget;
    });
  }

  function hasGrant(): boolean {
    return grant !== undefined && grant.calls > 0 && clock.now() < grant.until;
  }

  function paused(until: Instant, why: string): LockstepError {
    const retryAfterMs = Math.max(1, Date.parse(until) - Date.parse(clock.now()));
    const detail = `OSM: no call is made before ${until}: ${why}.`;
    return new LockstepError("PROVIDER_RATE_LIMITED", { detail, provider: "paused by Lockstep", retryAfterMs });
  }

  function check(budget: Budget, mayWait: boolean): void {
    const now = clock.now();
    if (budget.blockedAt !== undefined) throw blockedSince(budget.blockedAt);
    if (budget.pausedUntil !== undefined && now < budget.pausedUntil)
      throw paused(budget.pausedUntil, "it asked for fewer");
    if (told === undefined || told.resetsAt <= now) return;
    if (told.remaining <= spareOf(told.limit)) throw paused(told.resetsAt, "its limit is near");
    if (mayWait && isShort(told, now)) throw paused(told.resetsAt, "what is left is for the listings");
  }

  async function admit(mayWait: boolean): Promise<void> {
    check(await load(), mayWait);
    if (!hasGrant()) {
      asking = asking.catch(() => {}).then(refill);
      await asking;
    }
    if (grant !== undefined) grant = { ...grant, calls: grant.calls - 1 };
    if (told !== undefined) told = { ...told, remaining: told.remaining - 1 };
  }

  async function learn(answer: Answer): Promise<void> {
    const { limit, remaining, resetsInMs, blocked } = answer.told;
    const now = clock.now();
    if (limit !== undefined && remaining !== undefined && resetsInMs !== undefined) {
      const least = told !== undefined && now < told.resetsAt ? Math.min(told.remaining, remaining) : remaining;
      told = { limit, remaining: least, at: now, resetsAt: later(now, resetsInMs) };
    }
    if (blocked) await save((budget) => (budget.blockedAt === undefined ? { ...budget, blockedAt: now } : undefined));
    if (answer.ok || answer.status !== 429) return;
    const until = later(now, answer.retryAfterMs ?? DEFAULT_PAUSE_MS);
    await save((budget) => ((budget.pausedUntil ?? "") >= until ? undefined : { ...budget, pausedUntil: until }));
  }

  return {
    async run(call, mayWait) {
      await admit(mayWait);
      const answer = await call();
      await learn(answer);
      if (answer.told.blocked) throw blockedSince(clock.now());
      return answer;
    },
    async show(): Promise<GovernorState> {
      const { grants: _grants, toldAt: _at, ...state } = withTold(await load(true), told);
      return state;
    },
    async lift() {
      let lifted = false;
      await save(({ blockedAt, ...budget }) => {
        lifted = blockedAt !== undefined;
        return lifted ? budget : undefined;
      });
      return lifted;
    },
  };
}

function blockedSince(at: Instant): LockstepError {
  const detail = `OSM has blocked our account (X-Blocked, ${at}): no call is made until a person lifts that.`;
  return new LockstepError("PROVIDER_BLOCKED", { detail, provider: "X-Blocked" });
}
