/**
 * Chance from a seed and a place: the same place always rolls the same, whatever was rolled elsewhere. So a
 * history that lost some of its steps keeps the luck of the others.
 */
export function roll(seed: number, ...place: readonly number[]): number {
  let state = mix(seed ^ 0x9e3779b9);
  for (const part of place) state = mix(state ^ Math.imul(part + 1, 0x85ebca6b));
  return mix(state) / 4_294_967_296;
}

/** A whole number from 0 to `limit - 1`. */
export function rollBelow(limit: number, seed: number, ...place: readonly number[]): number {
  return Math.floor(roll(seed, ...place) * limit);
}

function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** A run of rolls from one seed, for what is written once: the histories themselves. */
export interface Dice {
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** Picks by weight. */
  weigh<T extends string>(weights: Readonly<Record<T, number>>): T;
}

export function openDice(seed: number): Dice {
  let rolled = 0;
  const next = () => roll(seed, rolled++);
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (items) => items[below(items.length)] ?? items[0],
    weigh<T extends string>(weights: Readonly<Record<T, number>>): T {
      // Proof: the entries of a record of numbers by T.
      const entries = Object.entries(weights) as [T, number][];
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [name, weight] of entries) {
        left -= weight;
        if (left < 0) return name;
      }
      throw new Error("weights that sum up to nothing");
    },
  };
}
