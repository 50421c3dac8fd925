import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Full names, so that what was left out is seen. */
  readonly skipped: readonly string[];
}

/** Of vitest's JSON report only what is counted. */
const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});
type Report = z.infer<typeof Report>;

/** Runs vitest with its ordinary output. A run that reports nothing counts as one failure. */
export async function runVitest(args: readonly string[]): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-test-"));
  const file = join(folder, "report.json");
  const code = await start([
    ...["run", "--config", "test/vitest.config.ts", "--root", "."],
    ...["--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
    ...args,
  ]);
  const tally = count(readReport(file));
  rmSync(folder, { recursive: true, force: true });
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

function start(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(join("node_modules", ".bin", "vitest"), args, { stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

function readReport(file: string): Report | undefined {
  try {
    return Report.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** Counts the tests; a file that failed without a failed test (it did not load) is one failure. */
export function count(report: Report | undefined): Tally {
  if (report === undefined) return { passed: 0, failed: 1, skipped: [] };
  const tests = report.testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({ ...test, file: file.name })),
  );
  const failedTests = tests.filter((test) => test.status === "failed").length;
  const brokenFiles = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  const left = tests.filter((test) => test.status !== "passed" && test.status !== "failed");
  return {
    passed: tests.length - failedTests - left.length,
    failed: failedTests + brokenFiles.length,
    skipped: left.map((test) => `${test.file.replace(`${process.cwd()}/`, "")}: ${test.fullName}`),
  };
}
