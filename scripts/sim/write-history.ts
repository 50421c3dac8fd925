import { EVENINGS } from "./calendar-of-days.ts";
import { type Dice, openDice } from "./chance.ts";
import type { History, Step } from "./history.ts";
import { type Providers, pairOf } from "./sides/registry.ts";

export interface Wish extends Providers {
  readonly seed: number;
  readonly steps: number;
  /** Fault kinds by name. */
  readonly troubles: readonly string[];
}

/** How often people do what, one over the other. */
const DEEDS = {
  book: 10,
  checkout: 1,
  pay: 2,
  move: 6,
  lengthen: 2,
  rename: 3,
  annotate: 3,
  "change-resource": 4,
  reschedule: 2,
  cancel: 5,
  "re-enable": 4,
  vanish: 1,
  drag: 8,
  nudge: 3,
  stretch: 2,
  retitle: 3,
  describe: 2,
  "whole-day": 1,
  unmark: 1,
  delete: 5,
  recreate: 2,
  "carry-over": 4,
  copy: 1,
  "stranger-adds": 2,
  "stranger-edits": 1,
  "stranger-deletes": 1,
} as const;

/** What befalls the world between the deeds. */
const WEATHER = {
  wait: 10,
  "expire-cursors": 2,
  "expire-watches": 2,
  "silence-watches": 1,
  "watches-end": 1,
  "expire-logins": 1,
  kill: 3,
  outage: 2,
  "run-jobs": 4,
  approve: 2,
  reject: 2,
  undo: 1,
} as const;

/** What needs no provider that offers it: it happens to us, or is said by the operator. */
const OURS: readonly string[] = ["wait", "kill", "outage", "run-jobs", "approve", "reject", "undo"];

const NOTICES = ["notify-lost", "notify-lost", "notify-double", "notify-delay=15000", "notify-reorder"] as const;

/** Writes the history of one seed. The same seed and wish always give the same history. */
export function writeHistory(wish: Wish): History {
  const dice = openDice(wish.seed);
  const [zone, start] = dice.pick([...EVENINGS] as [(typeof EVENINGS)[number], ...(typeof EVENINGS)[number][]]);
  // One history in five has a breaker that trips at what its few people do; in the others it stays out of the way.
  const breaker = dice.chance(0.2) ? { breakerCount: 2, breakerPercent: 10 } : { breakerCount: 1_000 };
  const policy = {
    ...breaker,
    merge: dice.pick(["source-wins", "source-wins", "last-write-wins", "ask"]),
    calendarDeletion: dice.pick(["cancel", "cancel", "cancel", "restore", "ask"]),
    cancellation: dice.pick(["delete", "delete", "delete", "mark"]),
    overlappingMove: dice.pick(["rebook", "rebook", "ask"]),
    absentListings: dice.pick([2, 3]),
  };
  // Some worlds are calm, most are rough, a few are dreadful.
  const roughness = dice.pick([0, 0.02, 0.04, 0.04, 0.08, 0.15]);
  const offered = offeredBy(wish);
  const chances = { deeds: among(DEEDS, offered), weather: among(WEATHER, offered), roughness };
  const steps = Array.from({ length: wish.steps }, (_, index) => writeStep(dice, index, chances));
  return {
    ...{ seed: wish.seed, calendar: wish.calendar, source: wish.source, zone, start, policy },
    skew: { instances: [0, dice.below(900) - 450, dice.below(900) - 450], providers: dice.below(900) - 450 },
    troubles: [...wish.troubles],
    steps,
  };
}

/** All that can be done or befall beside these providers. */
export function offeredBy(providers: Providers): ReadonlySet<string> {
  const { calendar, source } = pairOf(providers);
  return new Set([...OURS, ...calendar.offers, ...source.offers]);
}

function among(weights: Weights, offered: ReadonlySet<string>): Weights {
  return Object.fromEntries(Object.entries(weights).filter(([name]) => offered.has(name)));
}

type Weights = Readonly<Record<string, number>>;

function writeStep(
  dice: Dice,
  index: number,
  { deeds, weather, roughness }: { readonly deeds: Weights; readonly weather: Weights; readonly roughness: number },
): Step {
  const isFirst = index < 4;
  const deed = isFirst ? "book" : dice.chance(0.78) ? dice.weigh(deeds) : dice.weigh(weather);
  const notice = dice.chance(0.3) ? dice.pick([...NOTICES]) : undefined;
  return {
    ...{ deed, pick: dice.below(1_000) / 1_000, slot: dice.below(130), other: dice.below(1_000) },
    ...(notice === undefined ? {} : { notice }),
    gapMs: gap(dice, deed),
    chance: dice.below(2 ** 31),
    fault: dice.chance(0.15) ? 0 : roughness,
  };
}

/** Mostly seconds, often at once, sometimes long enough for schedulers, now and then over midnight. */
function gap(dice: Dice, deed: string): number {
  if (deed === "wait") return (dice.chance(0.06) ? 150 : dice.pick([1, 2, 4, 8, 16])) * 60_000 + dice.below(60_000);
  return dice.pick([0, dice.below(400), dice.below(3_000), dice.below(15_000), dice.below(45_000), dice.below(90_000)]);
}
