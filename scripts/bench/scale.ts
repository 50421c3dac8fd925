import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { openScaleStudio, type ScaleStudio } from "./scale-studio.ts";
import { median } from "./spread.ts";

/** A change among 100,000 bookings may take this many times one among 1,000 … */
const MOST = 1.15;
/** … and leave behind this much more memory at most. */
const MOST_LEFT_BYTES = 2_000;
const [FEW, MANY] = [1_000, 100_000];
const ROUNDS = 15;
const BOOKINGS_IN_A_ROUND = 10;
/** Made, moved, cancelled. */
const CHANGES = 3 * BOOKINGS_IN_A_ROUND;

interface Round {
  readonly ms: number;
  /** What the heap holds more after it, nothing thrown away but what nobody needs. */
  readonly leftBytes: number;
}

export interface ScaleResult {
  readonly fewMs: number;
  readonly manyMs: number;
  readonly ratio: number;
  readonly fewLeftBytes: number;
  readonly manyLeftBytes: number;
}

/** `npm run bench -- scale`: the same changes in turn among few bookings and among many, in 500 rooms. */
export async function benchScale({ json }: { readonly json: boolean }): Promise<boolean> {
  const result = await measureScale({ few: FEW, many: MANY, rounds: ROUNDS });
  const isGood = result.ratio <= MOST && result.manyLeftBytes - result.fewLeftBytes <= MOST_LEFT_BYTES;
  const head = { bench: "scale", measuredAt: new Date().toISOString(), node: process.version, good: isGood };
  process.stdout.write(json ? `${JSON.stringify({ ...head, ...result })}\n` : textOf(result, isGood));
  return isGood;
}

/** Medians of rounds that take turns; the first of each warms up. */
export async function measureScale(sizes: {
  readonly few: number;
  readonly many: number;
  readonly rounds: number;
}): Promise<ScaleResult> {
  const studios = await Promise.all([openScaleStudio(sizes.few), openScaleStudio(sizes.many)]);
  try {
    const rounds: { readonly few: Round; readonly many: Round }[] = [];
    for (let day = 1; day <= sizes.rounds + 1; day++) {
      const [few, many] = [await play(studios[0], day), await play(studios[1], day)];
      if (day > 1) rounds.push({ few, many });
    }
    return {
      fewMs: median(rounds.map(({ few }) => few.ms / CHANGES)),
      manyMs: median(rounds.map(({ many }) => many.ms / CHANGES)),
      ratio: median(rounds.map(({ few, many }) => many.ms / few.ms)),
      fewLeftBytes: median(rounds.map(({ few }) => few.leftBytes / CHANGES)),
      manyLeftBytes: median(rounds.map(({ many }) => many.leftBytes / CHANGES)),
    };
  } finally {
    await Promise.all(studios.map((studio) => studio.close()));
  }
}

async function play(studio: ScaleStudio, day: number): Promise<Round> {
  const before = heapInUse();
  const start = performance.now();
  for (let n = 0; n < BOOKINGS_IN_A_ROUND; n++) await studio.changes(day, n * 60);
  const ms = performance.now() - start;
  return { ms, leftBytes: heapInUse() - before };
}

function heapInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const collectGarbage = garbageCollector();

function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  // Proof: the flag puts it there.
  return runInNewContext("gc") as () => void;
}

function textOf({ fewMs, manyMs, ratio, fewLeftBytes, manyLeftBytes }: ScaleResult, isGood: boolean): string {
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  const kb = (value: number) => `${(value / 1000).toFixed(1)} kB`;
  return `${[
    `a change among ${FEW} bookings: ${ms(fewMs)}, leaves ${kb(fewLeftBytes)} behind (the simulated providers' own books included)`,
    `a change among ${MANY}: ${ms(manyMs)}, leaves ${kb(manyLeftBytes)}`,
    `${ratio.toFixed(2)}/${MOST}${isGood ? "" : "  over"}`,
  ].join("\n")}\n`;
}
