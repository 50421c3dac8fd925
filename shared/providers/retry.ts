import { isError, LockstepError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";

/** At most this many tries … */
const TRIES = 3;
/** … the last of them started within this long of the first. */
const TOTAL_MS = 8_000;
const FIRST_WAIT_MS = 500;

/**
 * Repeats `attempt` while it fails with PROVIDER_UNAVAILABLE or PROVIDER_RATE_LIMITED: truncated
 * exponential backoff with jitter, or as long as the provider asked for. What would take longer is
 * thrown on, and the item is parked (R6). Only for calls whose repetition does no harm; what a later try is refused
 * says so (`repeated`).
 */
export async function retry<T>(clock: Clock, attempt: () => Promise<T>): Promise<T> {
  const started = Date.parse(clock.now());
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isError(error, "PROVIDER_UNAVAILABLE", "PROVIDER_RATE_LIMITED") || tried >= TRIES)
        throw tried > 1 ? asRepeated(error) : error;
      const wait = waitAfter(tried, error, clock);
      if (Date.parse(clock.now()) - started + wait > TOTAL_MS) throw error;
      await clock.sleep(wait);
    }
  }
}

/** A refusal may be of what an earlier try did, whose answer was lost. */
function asRepeated(error: unknown): unknown {
  if (!(error instanceof LockstepError)) return error;
  const { code, message: detail, cause, provider, retryAfterMs } = error;
  return new LockstepError(code, {
    ...{ detail, cause, repeated: true },
    ...(provider !== undefined && { provider }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/**
 * The jitter is the clock's own milliseconds: instances that fail together are apart in them, and a
 * simulation repeats them.
 */
function waitAfter(tried: number, error: LockstepError, clock: Clock): number {
  const jitter = (Date.parse(clock.now()) % 1000) / 1000;
  const backoff = FIRST_WAIT_MS * 2 ** (tried - 1) * (0.5 + jitter);
  return Math.max(Math.ceil(backoff), error.retryAfterMs ?? 0);
}

/** A pause longer than this is a mistake of whoever asked for it (law 12). */
const MAX_PAUSE_MS = 24 * 3_600_000;

/** Milliseconds asked for by a `Retry-After` header: seconds, or an HTTP date. At most a day. */
export function readRetryAfter(header: string | null, clock: Clock): number | undefined {
  if (header === null) return undefined;
  const asked = header.trim();
  const ms = /^\d{1,9}$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - Date.parse(clock.now());
  return Number.isNaN(ms) ? undefined : Math.min(MAX_PAUSE_MS, Math.max(0, ms));
}

/** Runs a call of one account, or throws PROVIDER_RATE_LIMITED without making it while the account pauses. */
export type Paused = <T>(call: () => Promise<T>) => Promise<T>;

/**
 * Once a provider named a time, no call of that account is made before it: what was asked of one booking
 * would else go on with the next (S44). Kept per instance; other accounts know nothing of it.
 */
export function openPause(clock: Clock, provider: string): Paused {
  let asked = { until: 0, by: "" };
  return async (call) => {
    const left = asked.until - Date.parse(clock.now());
    if (left > 0) {
      const detail = `${provider}: no call is made before ${new Date(asked.until).toISOString()}, as it asked (${asked.by}).`;
      throw new LockstepError("PROVIDER_RATE_LIMITED", { detail, provider: asked.by, retryAfterMs: left });
    }
    try {
      return await call();
    } catch (error) {
      if (isError(error, "PROVIDER_UNAVAILABLE", "PROVIDER_RATE_LIMITED") && error.retryAfterMs !== undefined) {
        const until = Date.parse(clock.now()) + error.retryAfterMs;
        if (until > asked.until) asked = { until, by: error.provider ?? error.code };
      }
      throw error;
    }
  };
}
