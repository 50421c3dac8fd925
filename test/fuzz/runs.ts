import * as fc from "fast-check";

/**
 * How much is tried: a fixed number from a fixed seed, so that `npm test` says the same every time.
 * `LOCKSTEP_FUZZ_RUNS=2000 LOCKSTEP_FUZZ_SEED=17 npm test -- test/fuzz` looks elsewhere, and longer.
 */
export const RUNS = Number(process.env["LOCKSTEP_FUZZ_RUNS"] ?? 30);
export const SEED = Number(process.env["LOCKSTEP_FUZZ_SEED"] ?? 20270110);

/** Long enough for a run of thousands, and for shrinking what it finds. */
export const TIMEOUT_MS = 60_000 + RUNS * 2_000;

interface Law<T> {
  readonly arbitrary: fc.Arbitrary<T>;
  /** Throws where the law is broken. */
  readonly holds: (value: T) => Promise<void>;
  /** The value as a person reads it. */
  readonly show: (value: T) => string;
  /** Part of `RUNS`, for edges whose every request does much; default 1. */
  readonly share?: number;
}

/** Tries a law on generated values; a failure names seed and shrunk value. */
export async function tryLaw<T>({ arbitrary, holds, show, share = 1 }: Law<T>): Promise<void> {
  const numRuns = Math.max(3, Math.round(RUNS * share));
  const run = await fc.check(fc.asyncProperty(arbitrary, holds), { numRuns, seed: SEED });
  if (!run.failed) return;
  const [value] = run.counterexample ?? [];
  const broken = run.errorInstance instanceof Error ? run.errorInstance.message : String(run.errorInstance);
  const again = `LOCKSTEP_FUZZ_SEED=${run.seed} LOCKSTEP_FUZZ_RUNS=${RUNS} vitest run --config test/vitest.config.ts test/fuzz`;
  const shrunk = value === undefined ? "" : `\n\n${show(value)}`;
  throw new Error(
    `${broken}\n\nfound after ${run.numRuns} runs, shrunk ${run.numShrinks} times; again with\n${again}${shrunk}\n`,
    { cause: run.errorInstance },
  );
}
