import { z } from "zod";

/**
 * One history as data: what people do, what happens around them, how long between, and the luck of each step.
 * The same history always plays the same. `--replay FILE` reads this.
 */
export const Step = z.strictObject({
  /** `book`, `drag`, `expire-cursors` …; see `people.ts` and `weather.ts`. */
  deed: z.string(),
  /** Which booking or event, 0 to 1 of those there are then. */
  pick: z.number().min(0).max(1),
  /** When: half hours from the history's first evening. */
  slot: z.number().int(),
  /** A second choice: the guest, the resource, the length. */
  other: z.number().int(),
  /** What becomes of the notifications of this deed; see the sandbox's `notify-*` faults. */
  notice: z.string().exactOptional(),
  /** Virtual milliseconds until the next step. */
  gapMs: z.number().int().min(0),
  /** Seed of this step's delays and of its faults. */
  chance: z.number().int(),
  /** Probability that one crossing (call, read, commit, publish, delivery) during the gap has a fault. */
  fault: z.number().min(0).max(1),
  /** Only crossings whose place says this have one: `DELETE`, `sync`. Left out: all. */
  where: z.string().exactOptional(),
  /** Faults by the crossing's number within the step, in place of chance: what a shrunk history has. */
  faults: z.record(z.string(), z.string()).exactOptional(),
});
export type Step = z.infer<typeof Step>;

export const History = z.strictObject({
  seed: z.number().int(),
  /** Registry folders: one calendar and one booking source. */
  calendar: z.string(),
  source: z.string(),
  zone: z.string(),
  /** Where virtual time begins, ISO instant. */
  start: z.iso.datetime(),
  policy: z.record(z.string(), z.unknown()),
  /** How fast the clocks are: ours by instance, and the providers'. Milliseconds. */
  skew: z.strictObject({ instances: z.array(z.number().int()).min(1), providers: z.number().int() }),
  /** Names of the fault kinds that may happen; empty: a calm world. */
  troubles: z.array(z.string()),
  /** What people did before Lockstep first looked: what stands on a calendar then may be adopted. */
  before: z.array(Step).exactOptional(),
  steps: z.array(Step),
});
export type History = z.infer<typeof History>;
