import type { Instant } from "../sync/time.ts";

/** The only source of time. Simulations pass their own. */
export interface Clock {
  now(): Instant;
  /** Resolves after `ms` milliseconds of this clock. */
  sleep(ms: number): Promise<void>;
}

/** The only source of randomness: fresh, unguessable ids (lower case hex, 32 characters). */
export type NewId = () => string;

export const systemClock: Clock = {
  now: () => new Date().toISOString(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
