import type { History, Step } from "./history.ts";

/** Plays a history and says whether it still goes wrong in the same way. */
export type StillFails = (history: History) => Promise<boolean>;

/**
 * The smallest history found that still fails: fewer steps first, then fewer faults, then a calmer world. Stops after
 * `tries` plays, with the best so far.
 */
export async function shrink(history: History, stillFails: StillFails, tries: number): Promise<History> {
  const left = { tries };
  let best = history;
  const attempt = async (candidate: History): Promise<boolean> => {
    if (left.tries <= 0) return false;
    left.tries -= 1;
    if (!(await stillFails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let before = size(best) + 1; size(best) < before && left.tries > 0; ) {
    before = size(best);
    await dropChunks(() => best, attempt, stepsOf, withSteps);
    await dropChunks(() => best, attempt, faultsOf, withFaults);
    await calmWorld(() => best, attempt);
  }
  return best;
}

type Attempt = (candidate: History) => Promise<boolean>;

/** Leaves out half of the parts, then quarters, then single ones, as long as that still fails. */
async function dropChunks<Part>(
  best: () => History,
  attempt: Attempt,
  partsOf: (history: History) => readonly Part[],
  withParts: (history: History, parts: readonly Part[]) => History,
): Promise<void> {
  for (
    let length = Math.ceil(partsOf(best()).length / 2);
    length >= 1;
    length = length > 1 ? Math.ceil(length / 2) : 0
  ) {
    for (let at = partsOf(best()).length - length; at > -length; at -= length) {
      const parts = partsOf(best());
      const from = Math.max(0, at);
      const rest = [...parts.slice(0, from), ...parts.slice(from + length)];
      if (rest.length < parts.length) await attempt(withParts(best(), rest));
    }
  }
}

function stepsOf({ steps }: History): readonly Step[] {
  return steps;
}

function withSteps(history: History, steps: readonly Step[]): History {
  return { ...history, steps: [...steps] };
}

interface PlacedFault {
  readonly step: number;
  readonly at: string;
  readonly fault: string;
}

function faultsOf({ steps }: History): readonly PlacedFault[] {
  return steps.flatMap(({ faults = {} }, step) => Object.entries(faults).map(([at, fault]) => ({ step, at, fault })));
}

function withFaults(history: History, faults: readonly PlacedFault[]): History {
  const steps = history.steps.map((step, index) => ({
    ...step,
    faults: Object.fromEntries(faults.filter((each) => each.step === index).map(({ at, fault }) => [at, fault])),
  }));
  return { ...history, steps };
}

/** Notifications as they should be, clocks alike, pauses of one minute, policies as they come. */
async function calmWorld(best: () => History, attempt: Attempt): Promise<void> {
  await attempt({ ...best(), skew: { instances: [0], providers: 0 } });
  for (const name of Object.keys(best().policy)) {
    const { [name]: _left, ...policy } = best().policy;
    await attempt({ ...best(), policy });
  }
  for (const index of best().steps.keys()) {
    const { notice, ...step } = best().steps[index] ?? { notice: undefined };
    if (notice !== undefined) await attempt(replaced(best(), index, step as Step));
    const gapMs = best().steps[index]?.gapMs ?? 0;
    if (gapMs > 0 && gapMs !== 60_000) {
      // Proof: `index` is one of the steps'.
      await attempt(replaced(best(), index, { ...best().steps[index], gapMs: 60_000 } as Step));
    }
  }
}

function replaced(history: History, index: number, step: Step): History {
  return { ...history, steps: history.steps.map((each, at) => (at === index ? step : each)) };
}

function size(history: History): number {
  return history.steps.length * 10 + faultsOf(history).length + Object.keys(history.policy).length;
}
