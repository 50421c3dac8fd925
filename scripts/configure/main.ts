import { resolve } from "node:path";
import { isError } from "../../shared/errors.ts";
import { installedPrograms } from "../deploy/programs.ts";
import { runConfigure } from "./run-configure.ts";

/** `npm run configure`: brings a deployed installation to another `lockstep.config.yaml`, with a plan first. */
const say = (line: string) => process.stdout.write(`${line}\n`);
try {
  await runConfigure(resolve(import.meta.dirname, "..", ".."), process.argv.slice(2), installedPrograms(say));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = isError(error, "CONFIG_INVALID") ? 2 : 1;
}
