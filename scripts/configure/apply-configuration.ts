import { allSteps } from "../deploy/all-steps.ts";
import { carryOut, showPlan, type Workplace } from "../deploy/carry-out.ts";
import type { Installation } from "../deploy/installation.ts";
import type { Group, Step } from "../deploy/step.ts";
import { mountSteps } from "../deploy/steps/functions.ts";

/** What depends on the configuration besides the functions: its secrets, the configuration itself, and who may read them. */
const GROUPS: readonly Group[] = ["secrets", "configuration", "roles"];

/** The steps that bring a project to another configuration. The code stays as it is deployed. */
export function configurationSteps(installation: Installation): Step[] {
  const steps = allSteps(installation).filter(({ group }) => GROUPS.includes(group));
  return [...steps, ...mountSteps(installation)];
}

/** Brings it about. Rejects at the first step that fails; the same call goes on from there. */
export function applyConfiguration(installation: Installation, workplace: Workplace): Promise<void> {
  return carryOut(configurationSteps(installation), workplace);
}

/** Says what would be done. */
export function planConfiguration(installation: Installation, workplace: Workplace): Promise<void> {
  return showPlan(configurationSteps(installation), workplace);
}
