import { readFunctions } from "../local/function-folders.ts";
import { allSteps, chosenSteps } from "./all-steps.ts";
import { carryOut, showPlan, type Workplace } from "./carry-out.ts";
import type { Installation } from "./installation.ts";
import { openInstallation, projectNumberOf, UNKNOWN_NUMBER } from "./open-installation.ts";
import { type DeployOptions, readOptions, USAGE } from "./options.ts";
import { shellLine } from "./shell-words.ts";
import type { Command, Step } from "./step.ts";
import { removalsOf, tearDown } from "./teardown.ts";

/** Does what the arguments ask for. Throws LockstepError for what is wrong with them, and the failure of a step. */
export async function runDeploy(root: string, args: readonly string[], workplace: Workplace): Promise<void> {
  const options = readOptions(args, [...readFunctions(root).keys()]);
  if (options.help) {
    workplace.say(USAGE);
    return;
  }
  const number = options.dryRun ? UNKNOWN_NUMBER : await projectNumberOf(options.project, workplace.read);
  const installation = await openInstallation(root, options, number);
  if (options.does === "teardown") await takeDown(installation, options, workplace);
  else await deploy(installation, options, workplace);
}

async function deploy(installation: Installation, { only, plan, dryRun }: DeployOptions, workplace: Workplace) {
  const steps = chosenSteps(allSteps(installation), only);
  if (dryRun) {
    for (const command of await commandsFor(steps)) workplace.say(shellLine(command));
    return;
  }
  if (plan) {
    await showPlan(steps, workplace);
    return;
  }
  await carryOut(steps, workplace);
  workplace.say(`Deployed. npm run doctor looks whether everything is reached.`);
}

/** What a project with nothing in it would get. */
export async function commandsFor(steps: readonly Step[]): Promise<Command[]> {
  const commands: Command[] = [];
  for (const step of steps) {
    const difference = await step.compare(async () => undefined);
    if (difference.kind !== "same") commands.push(...difference.commands);
  }
  return commands;
}

async function takeDown(installation: Installation, { yes, project }: DeployOptions, workplace: Workplace) {
  if (yes) {
    await tearDown(installation, workplace);
    return;
  }
  for (const { command } of removalsOf(installation)) workplace.say(shellLine(command));
  workplace.say(
    `Nothing was removed from ${project}. With --yes: what of this is there, and its alerts and dashboard.`,
  );
}
