import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

const BIN = join("node_modules", ".bin");
const CACHE = join("node_modules", ".cache", "lockstep");

/** Type errors of the project, as `tsc` prints them; `project` is a folder with a tsconfig.json. */
export async function checkTypes(project: string): Promise<string[]> {
  mkdirSync(CACHE, { recursive: true });
  const memory = join(CACHE, `${project === "." ? "root" : project.replaceAll("/", "-")}.tsbuildinfo`);
  return run("tsc", ["-p", project, "--pretty", "false", "--incremental", "--tsBuildInfoFile", memory]);
}

/** What Biome finds in format and style; `npm run format` mends most of it. */
export async function checkStyle(): Promise<string[]> {
  return run("biome", ["ci", "--colors=off", "--max-diagnostics=50", "--error-on-warnings", "."]);
}

/** The tool's output where it fails, nothing where it succeeds. */
function run(tool: string, args: readonly string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(BIN, tool), args, { stdio: ["ignore", "pipe", "pipe"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      const output = Buffer.concat(chunks).toString("utf8").trim();
      resolve(code === 0 ? [] : (output || `${tool} ended with code ${code}`).split("\n"));
    });
  });
}
