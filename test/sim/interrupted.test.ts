import { expect, test } from "vitest";
import { loadFunctions, readFunctions } from "../../scripts/local/function-folders.ts";
import { CHANGES, type Interruption, MOVES, REMOVALS } from "../../scripts/sim/directed/interruptions.ts";
import { playInterrupted, type Sample } from "../../scripts/sim/interrupted.ts";

const functions = readFunctions(process.cwd());
await loadFunctions(process.cwd(), functions);

// Samples; `scripts/sim/interrupt.ts` plays more of them.
test.each<[string, readonly Interruption[], Sample]>([
  ["a removal", REMOVALS, { every: 16, from: 2 }],
  ["a move", MOVES, { every: 97, from: 17 }],
  ["a change", CHANGES, { every: 50, from: 7 }],
])(
  "%s cut off anywhere, whatever people do meanwhile, loses no edit and makes no booking two",
  async (_what, interruptions, sample) => {
    const failed: string[] = [];
    let played = 0;
    for await (const { name, complaints } of playInterrupted(functions, interruptions, sample)) {
      played += 1;
      if (complaints.length > 0) failed.push(`${name}: ${complaints[0]}`);
    }

    expect(played).toBeGreaterThan(60);
    expect(failed).toEqual([]);
  },
  240_000,
);
