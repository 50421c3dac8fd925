import type { Clock, NewId } from "../../shared/ports/clock.ts";
import { type Dice, openDice } from "./dice.ts";
import type { FaultSet } from "./fault-kinds.ts";
import type { FaultRule } from "./fault-rules.ts";
import type { PendingNotice } from "./notice.ts";
import { Options } from "./options.ts";
import type { Cabinet, Shelf } from "./shelf.ts";
import type { SandboxRequest } from "./wire.ts";

/** Everything the simulated providers know; each keeps its own rows on shelves of the cabinet. */
export interface World {
  readonly cabinet: Cabinet;
  readonly newId: NewId;
  readonly dice: Dice;
  readonly rules: Shelf<FaultRule>;
  readonly outbox: Shelf<PendingNotice>;
  readonly numbers: Shelf<number>;
  /** Epoch milliseconds: the injected clock plus what `/sandbox/clock` added. */
  now(): number;
  /** The injected clock alone, for what others check against theirs. */
  wall(): number;
  advance(ms: number): void;
  options(): Options;
  setOptions(options: Options): void;
  /** 1, 2, 3 … per name, never used twice. */
  next(counter: string): number;
}

/** One call on its way through a state machine. */
export interface Call {
  readonly world: World;
  readonly request: SandboxRequest;
  readonly faults: FaultSet;
  /** Where the sandbox is reached, without trailing slash. */
  readonly origin: string;
}

export interface WorldParts {
  readonly cabinet: Cabinet;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly seed: number;
}

export function openWorld({ cabinet, clock, newId, seed }: WorldParts): World {
  const numbers = cabinet.shelf<number>("numbers");
  const options = cabinet.shelf<Options>("options");
  const defaults = Options.parse({});
  let saved: Options | undefined;
  let whole = defaults;
  return {
    cabinet,
    newId,
    numbers,
    dice: openDice(numbers, seed),
    rules: cabinet.shelf("rules"),
    outbox: cabinet.shelf("outbox"),
    now: () => Date.parse(clock.now()) + (numbers.get("clock", "ahead") ?? 0),
    wall: () => Date.parse(clock.now()),
    advance: (ms) => numbers.put("clock", "ahead", (numbers.get("clock", "ahead") ?? 0) + ms),
    // What was saved before an option existed has its default.
    options() {
      const now = options.get("options", "current");
      if (now !== saved) whole = { ...defaults, ...now };
      saved = now;
      return whole;
    },
    setOptions: (next) => options.put("options", "current", next),
    next(counter) {
      const value = (numbers.get("counter", counter) ?? 0) + 1;
      numbers.put("counter", counter, value);
      return value;
    },
  };
}
