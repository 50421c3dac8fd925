import type { Clock } from "../../shared/ports/clock.ts";

/** A clock that stands still until somebody sleeps on it or moves it. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
  /** Every sleep so far, in milliseconds. */
  readonly slept: readonly number[];
}

export function manualClock(start = "2027-01-04T12:00:00.000Z"): ManualClock {
  let at = Date.parse(start);
  const slept: number[] = [];
  return {
    slept,
    now: () => new Date(at).toISOString(),
    sleep: async (ms) => {
      slept.push(ms);
      at += ms;
    },
    advance: (ms) => {
      at += ms;
    },
  };
}
