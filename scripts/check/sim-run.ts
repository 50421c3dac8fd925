import { spawn } from "node:child_process";
import { z } from "zod";
import { tryJson } from "../../shared/providers/try-json.ts";

/** Of the simulator's last line only what is counted. */
const Result = z.object({ histories: z.number(), failed: z.number() });

/**
 * Histories that every test run plays beside the directed and the found ones: new ones with each commit, the same ones when
 * that commit is played again.
 */
const ARGUMENTS = ["--seed", "commit", "--histories", "300", "--every-cell", "--tries", "60"];

export interface SimTally {
  readonly passed: number;
  readonly failed: number;
}

/** Plays the simulator as a part of the tests. A run without a result, or that refuses otherwise, is one failure. */
export async function runSimulation(): Promise<SimTally> {
  const { code, output } = await start();
  const result = Result.safeParse(tryJson(output.trim().split("\n").at(-1) ?? ""));
  if (!result.success) return { passed: 0, failed: 1 };
  const { histories, failed } = result.data;
  return { passed: histories - failed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

function start(): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["scripts/sim/main.ts", ...ARGUMENTS], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (part: Buffer) => {
      output += part.toString();
      process.stdout.write(part);
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
