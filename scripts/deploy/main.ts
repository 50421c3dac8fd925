import { resolve } from "node:path";
import { isError } from "../../shared/errors.ts";
import { installedPrograms } from "./programs.ts";
import { runDeploy } from "./run-deploy.ts";

/** `npm run deploy`: brings a project to what the function files and the configuration describe. */
const say = (line: string) => process.stdout.write(`${line}\n`);
const root = resolve(import.meta.dirname, "..", "..");
try {
  await runDeploy(root, process.argv.slice(2), installedPrograms(say));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = isError(error, "CONFIG_INVALID") ? 2 : 1;
}
