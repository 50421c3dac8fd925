import type { Shelf } from "./shelf.ts";

/** Seeded chance. Its position is part of the state, so that a run can be repeated exactly. */
export interface Dice {
  /** A number from 0 (inclusive) to 1 (exclusive). */
  roll(): number;
  reseed(seed: number): void;
}

/** Mulberry32: small, even enough for choosing faults, the same on every machine. */
export function openDice(meta: Shelf<number>, seed: number): Dice {
  return {
    roll() {
      const position = ((meta.get("dice", "position") ?? seed) + 0x6d2b79f5) | 0;
      meta.put("dice", "position", position);
      let mixed = Math.imul(position ^ (position >>> 15), 1 | position);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    },
    reseed: (next) => meta.put("dice", "position", next | 0),
  };
}
