import { resolve } from "node:path";
import { loadConfig } from "../../shared/config-file.ts";
import { isError } from "../../shared/errors.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { projectNumberOf } from "../deploy/open-installation.ts";
import { readOptions } from "../deploy/options.ts";
import { installedPrograms } from "../deploy/programs.ts";
import { readFunctions } from "../local/function-folders.ts";
import { examine } from "./examine.ts";
import { describeFinding } from "./finding.ts";
import { openLiveWorld } from "./live-world.ts";

const USAGE = `npm run doctor -- --project ID --region REGION --config FILE [--public-url URL]

  Looks at a deployed installation: secrets, booking sources, calendars and what may be done with them, push
  channels, public addresses. Says how to mend what is wrong, and changes nothing. Exit code 1: something is.
`;

const say = (line: string) => process.stdout.write(`${line}\n`);

async function run(args: readonly string[]): Promise<number> {
  const functions = readFunctions(resolve(import.meta.dirname, "..", ".."));
  const options = readOptions(args, [...functions.keys()]);
  if (options.help) {
    say(USAGE);
    return 0;
  }
  const { project, region, publicUrl } = options;
  const config = loadConfig(options.config, PROVIDERS);
  const projectNumber = await projectNumberOf(project, installedPrograms(say).read);
  const installation = {
    ...{ project, projectNumber, region, functions, config, bundles: "dist", bundleHashes: new Map<string, string>() },
    ...(publicUrl !== undefined && { publicUrl }),
  };
  const findings = await examine(openLiveWorld(installation, process.env), globalThis.fetch);
  for (const finding of findings) say(describeFinding(finding));
  const ill = findings.filter(({ kind }) => kind === "ill").length;
  say(ill === 0 ? "Nothing is wrong." : `${ill} to mend.`);
  return ill === 0 ? 0 : 1;
}

try {
  process.exit(await run(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(isError(error, "CONFIG_INVALID") ? 2 : 1);
}
