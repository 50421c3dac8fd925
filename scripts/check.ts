import { describeResult, runChecks } from "./check/run-checks.ts";

// `npm run check`: types, lint, import directions and structure, in a few seconds.
const results = await runChecks(process.cwd());
const failed = results.filter((result) => result.problems.length > 0);
process.stdout.write(`${results.map(describeResult).join("\n")}\n`);
process.stdout.write(
  failed.length === 0 ? "All checks passed.\n" : `${failed.length} of ${results.length} checks failed.\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
