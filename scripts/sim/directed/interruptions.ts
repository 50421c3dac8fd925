import type { Cell } from "../cell.ts";
import type { Crossing } from "../faults.ts";
import type { History, Step } from "../history.ts";
import { LISTED } from "./deeds.ts";
import { type StoryStep, writeStory } from "./story.ts";

/** A deed for which Lockstep removes, strikes out or carries an event, and what people may do before it is done with that. */
export interface Removal {
  readonly name: string;
  readonly policy?: Readonly<Record<string, unknown>>;
  readonly before: readonly StoryStep[];
  readonly deed: StoryStep;
  readonly meanwhile: readonly (readonly StoryStep[])[];
}

/** Where a fault could strike during one step: the crossing's number within it, and its place. */
export interface Met {
  readonly at: number;
  readonly crossing: Crossing;
  readonly place: string;
}

const MARKS = { cancellation: "mark" } as const;
const OTHER_ROOM: StoryStep = { deed: "change-resource", other: 1 };
const FORMER_ROOM: StoryStep = { deed: "change-resource", other: 0 };
/** Staff write over the notes of what was booked last: nobody sees by them any more that it is half of a move. */
const NOTED: StoryStep = { deed: "annotate", pick: 0.999, other: 1, seconds: 20 };

export const REMOVALS: readonly Removal[] = [
  {
    name: "a booking is cancelled",
    before: [LISTED],
    deed: { deed: "cancel" },
    meanwhile: [[{ deed: "re-enable" }], [{ deed: "carry-over" }]],
  },
  {
    name: "an event is struck out",
    policy: MARKS,
    before: [LISTED],
    deed: { deed: "cancel" },
    meanwhile: [[{ deed: "re-enable" }], [{ deed: "delete" }]],
  },
  {
    name: "a struck-out event is revived",
    policy: MARKS,
    before: [LISTED, { deed: "cancel" }],
    deed: { deed: "re-enable" },
    meanwhile: [[{ deed: "cancel" }], [OTHER_ROOM], [{ deed: "unmark" }], [{ deed: "delete" }]],
  },
  {
    name: "a booking gets another room",
    before: [LISTED],
    deed: OTHER_ROOM,
    meanwhile: [[FORMER_ROOM], [{ deed: "carry-over" }]],
  },
  {
    name: "an event is carried to another room",
    before: [LISTED],
    deed: { deed: "carry-over" },
    meanwhile: [[{ deed: "unmark" }], [{ deed: "carry-over" }]],
  },
  {
    name: "an event is dragged",
    before: [LISTED],
    deed: { deed: "drag", slot: 14 },
    meanwhile: [
      [NOTED, { deed: "unmark" }],
      [NOTED, { deed: "delete" }],
    ],
  },
];

/** How the worker is broken off: it dies, its call comes after it gave up, or it goes on long after another has taken over. */
const BROKEN_OFF: Partial<Record<Crossing, readonly string[]>> = {
  call: ["die-after", "arrives-late", "stall"],
  commit: ["die-after", "stall"],
};

/** Calls that only ask. */
const ASKS = / GET |getapi|getavailability/;

/** Every way of breaking off one of these writes, as `Step.faults` names it. */
export function breaksAt(met: readonly Met[]): Readonly<Record<string, string>>[] {
  return met
    .filter(({ place }) => place.startsWith("sync-") && !ASKS.test(place))
    .flatMap(({ at, crossing }) =>
      (BROKEN_OFF[crossing] ?? []).map((kind) => ({ [String(at)]: `${crossing}:${kind}` })),
    );
}

/** Which of the history's steps is the one that is broken off. */
export function brokenStep({ before }: Removal): number {
  return before.length;
}

/** The removal with these faults, and these deeds from two seconds after its own on; without any, nobody does anything more. */
export function interrupted(
  removal: Removal,
  providers: { readonly calendar: string; readonly source: string },
  faults: Readonly<Record<string, string>> = {},
  meanwhile: readonly StoryStep[] = [],
): History {
  const { name, policy = {}, before, deed } = removal;
  const cells: readonly Cell[] = [];
  const steps = [...before, { ...deed, seconds: 2 }, ...meanwhile, { deed: "wait", seconds: 600 }];
  const history = writeStory({ name, cells, policy, steps }, { ...providers, seed: 1 });
  const withFaults = (step: Step, index: number): Step => ({
    ...step,
    faults: index === brokenStep(removal) ? { ...faults } : {},
  });
  return { ...history, steps: history.steps.map(withFaults) };
}
