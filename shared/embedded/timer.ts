import type { Clock } from "../ports/clock.ts";
import type { Instant } from "../sync/time.ts";

/** Time for the embedded bus: what it is, and a call at a later moment that can be called off. */
export interface Timer {
  now(): Instant;
  /** Runs `run` once after `ms` milliseconds, unless the answered function is called before. */
  after(ms: number, run: () => void): () => void;
}

export const systemTimer: Timer = {
  now: () => new Date().toISOString(),
  after(ms, run) {
    const handle = setTimeout(run, ms);
    return () => clearTimeout(handle);
  },
};

/** A timer on any clock, e.g. a simulated one; what was called off still sleeps, then does nothing. */
export function timerOf(clock: Clock): Timer {
  return {
    now: () => clock.now(),
    after(ms, run) {
      let off = false;
      void clock.sleep(ms).then(() => {
        if (!off) run();
      });
      return () => {
        off = true;
      };
    },
  };
}
