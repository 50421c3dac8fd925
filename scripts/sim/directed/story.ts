import type { Cell } from "../cell.ts";
import type { History, Step } from "../history.ts";

/** A history as a person writes it: what happens, and which cells of the table it is there for. */
export interface Story {
  readonly name: string;
  readonly cells: readonly Cell[];
  readonly policy?: Readonly<Record<string, unknown>>;
  /** Fault kinds that steps with `always` meet, at every crossing they fit. */
  readonly troubles?: readonly string[];
  /** Done before Lockstep is connected. */
  readonly before?: readonly StoryStep[];
  readonly steps: readonly StoryStep[];
}

/** Only what differs from a calm step: the first booking, the first resource, a minute until the next. */
export interface StoryStep {
  readonly deed: string;
  readonly pick?: number;
  readonly slot?: number;
  readonly other?: number;
  readonly notice?: string;
  readonly seconds?: number;
  /**
   * Every crossing of this step has one of the story's troubles, or every one whose place says this: no number of a
   * crossing that tomorrow is another.
   */
  readonly always?: true | string;
}

interface Wish {
  readonly seed: number;
  readonly calendar: string;
  readonly source: string;
}

/** A Monday morning on which no clock changes; a few holdings of the breaker are none of these stories' matter. */
export function writeStory({ policy = {}, troubles = [], before, steps }: Story, wish: Wish): History {
  return {
    ...wish,
    ...{ zone: "Europe/London", start: "2027-01-11T08:00:00.000Z" },
    policy: { breakerCount: 1_000, ...policy },
    skew: { instances: [0], providers: 0 },
    troubles: [...troubles],
    ...(before === undefined
      ? {}
      : { before: before.map((step, index) => writeStep(step, wish.seed * 1_000 + 500 + index)) }),
    steps: steps.map((step, index) => writeStep(step, wish.seed * 1_000 + index)),
  };
}

function writeStep(
  { deed, pick = 0, slot = 0, other = 0, notice, seconds = 60, always }: StoryStep,
  chance: number,
): Step {
  return {
    ...{ deed, pick, slot, other, chance, gapMs: seconds * 1_000, fault: always === undefined ? 0 : 1 },
    ...(typeof always === "string" ? { where: always } : {}),
    ...(notice === undefined ? {} : { notice }),
  };
}
