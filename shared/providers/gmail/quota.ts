import { LockstepError } from "../../errors.ts";
import type { Clock } from "../../ports/clock.ts";

const WINDOW_MS = 60_000;

/** Counts units before they are spent; throws PROVIDER_RATE_LIMITED with when there is room again. */
export type Spend = (units: number) => void;

/**
 * Google counts units a minute and user, and punishes whoever runs into the limit; so we stop before it. Only one
 * worker reads a mailbox at a time, so counting in its memory is enough; what another one spent shows as 403 or 429.
 */
export function openQuota(clock: Clock, unitsPerMinute: number): Spend {
  let spent: { readonly at: number; readonly units: number }[] = [];
  return (units) => {
    const now = Date.parse(clock.now());
    spent = spent.filter(({ at }) => at > now - WINDOW_MS);
    const total = spent.reduce((sum, each) => sum + each.units, 0);
    const [oldest] = spent;
    if (oldest !== undefined && total + units > unitsPerMinute) {
      throw new LockstepError("PROVIDER_RATE_LIMITED", {
        detail: `Gmail: ${total} of ${unitsPerMinute} units of this minute are spent; the rest follows.`,
        provider: "own quota",
        retryAfterMs: oldest.at + WINDOW_MS - now,
      });
    }
    spent.push({ at: now, units });
  };
}
