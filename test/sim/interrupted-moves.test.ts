import { expect, test } from "vitest";
import { loadFunctions, readFunctions } from "../../scripts/local/function-folders.ts";
import { playInterruptedMoves } from "../../scripts/sim/interrupted-moves.ts";

const functions = readFunctions(process.cwd());
await loadFunctions(process.cwd(), functions);

/** Of some seven thousand, and as many cut off twice; `scripts/sim/interrupt-moves.ts` plays more of them. */
const SAMPLE = { every: 97, from: 17 };

test("a move cut off anywhere, whatever people do meanwhile, loses no edit and makes no booking two", async () => {
  const failed: string[] = [];
  for await (const { name, complaints } of playInterruptedMoves(functions, SAMPLE)) {
    if (complaints.length > 0) failed.push(`${name}: ${complaints[0]}`);
  }

  expect(failed).toEqual([]);
}, 120_000);
