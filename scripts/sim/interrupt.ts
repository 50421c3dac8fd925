import { loadFunctions, readFunctions } from "../local/function-folders.ts";
import { CHANGES, MOVES, REMOVALS } from "./directed/interruptions.ts";
import { playInterrupted } from "./interrupted.ts";

// `node scripts/sim/interrupt.ts EVERY FROM`: plays one of EVERY interruptions, beginning with number FROM.
// Each that fails is told with the line that `--replay` takes; the exit code is 1 then.

const [every = 20, from = 0] = process.argv.slice(2).map(Number);
const functions = readFunctions(process.cwd());
await loadFunctions(process.cwd(), functions);
let played = 0;
let failed = 0;
for await (const { name, history, complaints } of playInterrupted(functions, [...REMOVALS, ...MOVES, ...CHANGES], {
  every,
  from,
})) {
  played += 1;
  if (complaints.length === 0) continue;
  failed += 1;
  process.stdout.write(`FAILED ${name}: ${complaints[0]}\n${JSON.stringify(history)}\n`);
}
process.stdout.write(`${JSON.stringify({ played, failed })}\n`);
process.exitCode = failed === 0 ? 0 : 1;
