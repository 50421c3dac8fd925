import type { Clock } from "../../shared/ports/clock.ts";

/** A clock that stands until it is moved, or somebody sleeps. */
export function stillClock(start: string): Clock & { advance(ms: number): void } {
  let at = Date.parse(start);
  const advance = (ms: number) => {
    at += ms;
  };
  return { now: () => new Date(at).toISOString(), sleep: async (ms) => advance(ms), advance };
}
