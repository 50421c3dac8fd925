import type { Installation } from "./installation.ts";
import { GROUPS, type Group, type Step } from "./step.ts";
import { accountSteps } from "./steps/accounts.ts";
import { apiSteps } from "./steps/apis.ts";
import { configurationSteps } from "./steps/configuration.ts";
import { firestoreSteps } from "./steps/firestore.ts";
import { functionSteps } from "./steps/functions.ts";
import { jobSteps } from "./steps/jobs.ts";
import { monitoringSteps } from "./steps/monitoring.ts";
import { roleSteps } from "./steps/roles.ts";
import { secretSteps } from "./steps/secrets.ts";
import { subscriptionSteps } from "./steps/subscriptions.ts";
import { topicSteps } from "./steps/topics.ts";

const STEPS: Readonly<Record<Group, (installation: Installation) => Step[]>> = {
  apis: apiSteps,
  firestore: firestoreSteps,
  accounts: accountSteps,
  topics: topicSteps,
  secrets: secretSteps,
  configuration: configurationSteps,
  roles: roleSteps,
  functions: functionSteps,
  subscriptions: subscriptionSteps,
  jobs: jobSteps,
  monitoring: monitoringSteps,
};

/** What an installation needs, in the order in which one thing needs another. */
export function allSteps(installation: Installation): Step[] {
  return GROUPS.flatMap((group) => STEPS[group](installation));
}

/** Those that `--only` names, by group or by function; all where it names nothing. */
export function chosenSteps(steps: readonly Step[], only: readonly string[]): Step[] {
  if (only.length === 0) return [...steps];
  return steps.filter(({ group, of }) => only.includes(group) || (of !== undefined && only.includes(of)));
}
