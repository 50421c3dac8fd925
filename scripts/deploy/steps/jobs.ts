import { z } from "zod";
import type { FunctionFile, ScheduledJob } from "../../../shared/cloud/function-file.ts";
import type { AccountConfig } from "../../../shared/config.ts";
import { accountOf, addressOf, type Installation, SCHEDULER_ACCOUNT } from "../installation.ts";
import { firstDifference, gcloud, type Look, SAME, type Step } from "../step.ts";

type Trigger = Extract<FunctionFile["trigger"], { kind: "schedule" }>;

const Jobs = z.array(
  z.object({
    name: z.string(),
    schedule: z.string().optional(),
    timeZone: z.string().optional(),
    attemptDeadline: z.string().optional(),
    state: z.string().optional(),
    httpTarget: z
      .object({
        uri: z.string().optional(),
        /** Base64. */
        body: z.string().optional(),
        oidcToken: z.object({ serviceAccountEmail: z.string(), audience: z.string().optional() }).optional(),
      })
      .prefault({}),
  }),
);

/** The Scheduler jobs of each function that the clock wakes. Those of providers that nobody uses are not there: each is billed. */
export function jobSteps(installation: Installation): Step[] {
  const used = providersIn(installation);
  return [...installation.functions].flatMap(([name, { trigger }]) => {
    const jobs = trigger.kind === "schedule" ? trigger.jobs.map((job) => ({ trigger, job })) : [];
    return jobs.map(({ trigger: scheduled, job }) => {
      const { provider } = job.body;
      const needed = provider === undefined || used.has(provider);
      return needed ? jobStep(installation, name, scheduled, job) : absentStep(installation, name, job.name);
    });
  });
}

function providersIn({ config }: Installation): Set<string> {
  const workspaces = Object.values(config.workspaces);
  const accounts = workspaces.flatMap(({ sources, calendars, mailbox }) => [
    ...[sources, calendars].flatMap(Object.values<AccountConfig>),
    ...(mailbox === undefined ? [] : [mailbox]),
  ]);
  return new Set(accounts.map(({ provider }) => provider));
}

function absentStep(installation: Installation, of: string, job: string): Step {
  const at = [`--location=${installation.region}`, `--project=${installation.project}`];
  return {
    group: "jobs",
    name: `no job ${job}`,
    of,
    async compare(look) {
      if ((await findJob(installation, job, look)) === undefined) return SAME;
      const remove = gcloud("scheduler", "jobs", "delete", job, ...at, "--quiet");
      return { kind: "change", why: "nobody uses its provider any more", commands: [remove] };
    },
  };
}

async function findJob({ region, project }: Installation, job: string, look: Look) {
  const all = Jobs.parse(
    (await look("scheduler", "jobs", "list", `--location=${region}`, `--project=${project}`)) ?? [],
  );
  return all.find(({ name }) => name === `projects/${project}/locations/${region}/jobs/${job}`);
}

function jobStep(
  installation: Installation,
  of: string,
  trigger: Trigger,
  { name: job, cron, body }: ScheduledJob,
): Step {
  const { project, region } = installation;
  const at = [`--location=${region}`, `--project=${project}`];
  const uri = `${addressOf(installation, of)}/`;
  const account = accountOf(installation, SCHEDULER_ACCOUNT);
  const flags = [
    `--schedule=${cron}`,
    `--time-zone=${trigger.timeZone}`,
    `--uri=${uri}`,
    "--http-method=post",
    `--message-body=${JSON.stringify(body)}`,
    `--oidc-service-account-email=${account}`,
    `--oidc-token-audience=${addressOf(installation, of)}`,
    `--attempt-deadline=${trigger.attemptDeadlineSeconds}s`,
    // The next tick is the retry.
    "--max-retry-attempts=0",
    ...at,
  ];
  const json = "Content-Type=application/json";
  return {
    group: "jobs",
    name: `job ${job}`,
    of,
    async compare(look) {
      const found = await findJob(installation, job, look);
      if (found === undefined) {
        const create = gcloud("scheduler", "jobs", "create", "http", job, ...flags, `--headers=${json}`);
        return { kind: "create", commands: [create] };
      }
      if (found.state === "PAUSED") {
        const note = `job ${job} is paused, and stays so: gcloud scheduler jobs resume ${job} ${at.join(" ")}`;
        return { kind: "apply", why: "it is paused", commands: [], note };
      }
      const { httpTarget } = found;
      const why = firstDifference([
        ["its schedule", found.schedule, cron],
        ["its time zone", found.timeZone, trigger.timeZone],
        ["its deadline", found.attemptDeadline, `${trigger.attemptDeadlineSeconds}s`],
        ["its address", httpTarget.uri, uri],
        ["its body", httpTarget.body, Buffer.from(JSON.stringify(body)).toString("base64")],
        ["its account", httpTarget.oidcToken?.serviceAccountEmail, account],
        ["its audience", httpTarget.oidcToken?.audience, addressOf(installation, of)],
      ]);
      const update = gcloud("scheduler", "jobs", "update", "http", job, ...flags, `--update-headers=${json}`);
      return why === undefined ? SAME : { kind: "change", why, commands: [update] };
    },
  };
}
