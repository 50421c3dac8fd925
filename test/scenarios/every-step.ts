import type { Studio } from "../flows/studio.ts";
import { pass, work } from "./clockwork.ts";
import type { Wire } from "./wire.ts";

/** A state to begin from; each playing of a story opens its own. */
export interface Scene {
  readonly studio: Studio;
  readonly wire: Wire;
}

/** More steps than any story here has; a story that never ends shows as this many. */
const MAX_STEPS = 120;
/** Claims run out, parked items and lost notifications are looked after. */
const AFTERWARDS_MINUTES = 11;

export interface Story<S extends Scene> {
  readonly open: () => Promise<S>;
  /** What sets Lockstep to work. */
  readonly begin: (scene: S) => Promise<unknown>;
  /** What happens in the middle of it. */
  readonly meanwhile: (scene: S) => unknown;
  /** What must hold when all is quiet again. */
  readonly end: (scene: S, step: number) => Promise<void>;
}

/**
 * Plays a story once for every step Lockstep takes in it (before and after each provider call and each
 * commit), `meanwhile` happening at that step. Answers how many steps there were.
 */
export async function atEveryStep<S extends Scene>(story: Story<S>): Promise<number> {
  for (let step = 0; step < MAX_STEPS; step++) {
    const scene = await story.open();
    let happened = false;
    await story.begin(scene);
    scene.wire.atStep(step, async () => {
      happened = true;
      await story.meanwhile(scene);
    });
    await work(scene.studio, scene.wire);
    scene.wire.atStep(-1, () => {});
    if (!happened) return step;
    await pass(scene.studio, AFTERWARDS_MINUTES, scene.wire);
    await tellStep(step, () => story.end(scene, step));
  }
  throw new Error(`more than ${MAX_STEPS} steps: something goes round in circles`);
}

async function tellStep(step: number, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (error instanceof Error) error.message = `at step ${step}: ${error.message}`;
    throw error;
  }
}
