import { isError, type LockstepError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";

/** At most this many tries … */
const TRIES = 3;
/** … the last of them started within this long of the first. */
const TOTAL_MS = 8_000;
const FIRST_WAIT_MS = 500;

/**
 * Repeats `attempt` while it fails with PROVIDER_UNAVAILABLE or PROVIDER_RATE_LIMITED: truncated
 * exponential backoff with jitter, or as long as the provider asked for. What would take longer is
 * thrown on, and the item is parked (R6). Only for calls whose repetition does no harm.
 */
export async function retry<T>(clock: Clock, attempt: () => Promise<T>): Promise<T> {
  const started = Date.parse(clock.now());
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isError(error, "PROVIDER_UNAVAILABLE", "PROVIDER_RATE_LIMITED") || tried >= TRIES) throw error;
      const wait = waitAfter(tried, error, clock);
      if (Date.parse(clock.now()) - started + wait > TOTAL_MS) throw error;
      await clock.sleep(wait);
    }
  }
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

/** Milliseconds asked for by a `Retry-After` header: seconds, or an HTTP date. */
export function readRetryAfter(header: string | null, clock: Clock): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,7}$/.test(header.trim())) return Number(header.trim()) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.parse(clock.now()));
}
