import { z } from "zod";
import type { Workplace } from "./carry-out.ts";
import { accountId, accountOf, type Installation, PUSH_ACCOUNT, SCHEDULER_ACCOUNT } from "./installation.ts";
import { type Command, gcloud } from "./step.ts";
import { alertPolicies } from "./steps/policies.ts";
import { metricName, SIGNALS } from "./steps/signals.ts";

/** One thing that a teardown removes. */
export interface Removal {
  readonly name: string;
  /** How to find out whether it is there. */
  readonly look: readonly string[];
  readonly command: Command;
}

const Named = z.array(z.looseObject({ name: z.string(), displayName: z.string().optional() }));

/**
 * What makes the installation act, in the order in which it falls silent: the clock, messages, functions, topics,
 * accounts. Database and secrets stay: they hold what nobody else has, and Firestore's delete protection is on.
 */
export function removalsOf(installation: Installation): Removal[] {
  const { project, region, functions } = installation;
  const on = `--project=${project}`;
  const triggers = [...functions.values()].map(({ trigger }) => trigger);
  const jobs = triggers.flatMap((trigger) => (trigger.kind === "schedule" ? trigger.jobs.map(({ name }) => name) : []));
  const messages = triggers.flatMap((trigger) => (trigger.kind === "pubsub" ? [trigger] : []));
  const topics = new Set(messages.flatMap(({ topic, deadLetterTopic }) => [topic, deadLetterTopic ?? topic]));
  const accounts = [...functions.keys(), PUSH_ACCOUNT, SCHEDULER_ACCOUNT];
  return [
    ...jobs.map((name) => removal(`job ${name}`, ["scheduler", "jobs"], name, [`--location=${region}`, on])),
    ...messages.map(({ subscription }) =>
      removal(`subscription ${subscription}`, ["pubsub", "subscriptions"], subscription, [on]),
    ),
    ...[...functions.keys()].map((name) =>
      removal(`function ${name}`, ["run", "services"], name, [`--region=${region}`, on]),
    ),
    ...[...topics].map((topic) => removal(`topic ${topic}`, ["pubsub", "topics"], topic, [on])),
    ...accounts.map((name) =>
      removal(`service account ${accountId(name)}`, ["iam", "service-accounts"], accountOf(installation, name), [on]),
    ),
  ];
}

function removal(name: string, at: readonly string[], thing: string, on: readonly string[]): Removal {
  return { name, look: [...at, "describe", thing, ...on], command: gcloud(...at, "delete", thing, ...on, "--quiet") };
}

/** Removes what is there; what is gone already is passed over, so that it may be run again after a failure. */
export async function tearDown(installation: Installation, { read, run, say }: Workplace): Promise<void> {
  for (const { name, look, command } of removalsOf(installation)) {
    if ((await read(look)) === undefined) continue;
    say(`remove  ${name}`);
    await run(command);
  }
  await removeMonitoring(installation, { read, run, say });
  say("Firestore's database and the secrets stay. The project itself ends with: gcloud projects delete.");
}

/** Alerts first: an alert on a metric that is gone would stay for ever. */
async function removeMonitoring(installation: Installation, { read, run, say }: Workplace): Promise<void> {
  const on = `--project=${installation.project}`;
  const ours = new Set(alertPolicies(installation).map(({ displayName }) => displayName));
  const parts = [
    { at: ["alpha", "monitoring", "policies"], is: (title: string) => ours.has(title) },
    { at: ["monitoring", "dashboards"], is: (title: string) => title === "Lockstep" },
  ];
  for (const { at, is } of parts) {
    const found = Named.parse((await read([...at, "list", on])) ?? []);
    for (const { name, displayName = "" } of found.filter((each) => is(each.displayName ?? ""))) {
      say(`remove  ${displayName}`);
      await run(gcloud(...at, "delete", name, on, "--quiet"));
    }
  }
  const metrics = Named.parse((await read(["logging", "metrics", "list", on])) ?? []);
  for (const name of SIGNALS.map(metricName).filter((each) => metrics.some((metric) => metric.name === each))) {
    say(`remove  metric ${name}`);
    await run(gcloud("logging", "metrics", "delete", name, on, "--quiet"));
  }
}
