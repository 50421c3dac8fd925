import { describeResult, runChecks } from "./check/run-checks.ts";
import { runSimulation } from "./check/sim-run.ts";
import { runVitest, type Tally } from "./check/vitest-run.ts";

// `npm test`: the checks of `npm run check` (each counts as one test), then every test, then the simulator's
// histories (each counts as one too). Arguments go to vitest alone, e.g. `npm test -- test/sync`. The last line is
// `N passed, N failed, N skipped`.
const checks = await runChecks(process.cwd());
say(checks.map(describeResult).join("\n"));

const args = process.argv.slice(2);
const tests = await runVitest(args);
const played = args.length === 0 ? await runSimulation() : { passed: 0, failed: 0 };
const total: Tally = {
  passed: tests.passed + played.passed + checks.filter((check) => check.problems.length === 0).length,
  failed: tests.failed + played.failed + checks.filter((check) => check.problems.length > 0).length,
  skipped: tests.skipped,
};
for (const check of checks.filter((one) => one.problems.length > 0)) {
  say(`FAILED CHECK: ${check.name} (${check.problems.length} lines above)`);
}
if (total.skipped.length > 0) {
  say(`\n!! ${total.skipped.length} TESTS WERE SKIPPED, nothing is known about:`);
  say(total.skipped.map((name) => `!!   ${name}`).join("\n"));
}
say(`${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
