import { execFileSync } from "node:child_process";

/**
 * A seed of its own for each commit: every change is played against histories that no other was, and a red run is
 * played again by whoever has that commit. Throws where this is no git checkout.
 */
export function seedOfCommit(): number {
  const commit = execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" }).trim();
  return Number.parseInt(commit.slice(0, 7), 16);
}
