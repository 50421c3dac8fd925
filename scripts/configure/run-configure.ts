import { loadConfig } from "../../shared/config-file.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import type { Workplace } from "../deploy/carry-out.ts";
import { projectNumberOf } from "../deploy/open-installation.ts";
import { readOptions } from "../deploy/options.ts";
import { readFunctions } from "../local/function-folders.ts";
import { applyConfiguration, planConfiguration } from "./apply-configuration.ts";

export const USAGE = `npm run configure -- --project ID --region REGION --config FILE [--yes]

  Checks the configuration, says what would change in the project, and with --yes changes it. The functions
  stay as they are deployed; each gets a new revision that reads the new configuration.
`;

/** Does what the arguments ask for. Throws CONFIG_INVALID for what is wrong in them or in the file, with line and remedy. */
export async function runConfigure(root: string, args: readonly string[], workplace: Workplace): Promise<void> {
  const functions = readFunctions(root);
  const options = readOptions(args, [...functions.keys()]);
  if (options.help) {
    workplace.say(USAGE);
    return;
  }
  const { project, region, config: file, yes } = options;
  const config = loadConfig(file, PROVIDERS);
  const projectNumber = await projectNumberOf(project, workplace.read);
  const installation = {
    ...{ project, projectNumber, region, functions, config },
    ...{ bundles: "dist", bundleHashes: new Map<string, string>() },
  };
  await planConfiguration(installation, workplace);
  if (yes) await applyConfiguration(installation, workplace);
  else workplace.say("Nothing was changed. With --yes: what stands above.");
}
