import { z } from "zod";
import { workspaceOf } from "../../shared/config.ts";
import { LockstepError } from "../../shared/errors.ts";
import { tryJob } from "../../shared/flows/alert-rules.ts";
import { testAlerts } from "../../shared/flows/deliver-alerts.ts";
import { jobsOf, listJobs } from "../../shared/flows/jobs.ts";
import { TestedAlerts, TriedRule } from "./answers/kept-items.ts";
import { Instant } from "./answers/values.ts";
import { pageAnswer } from "./page.ts";
import { type ApiCall, route } from "./route.ts";

const Job = z
  .object({
    job: z.string(),
    everyMinutes: z.int(),
    lastRun: Instant.nullable().describe("A heartbeat: up to fifteen minutes old while everything is well."),
    progress: z
      .object({ done: z.int(), total: z.int(), at: Instant })
      .nullable()
      .describe("How far it is, where it takes longer than seconds."),
    missed: z.boolean().describe("Too many runs in a row did not come to their end."),
  })
  .meta({ id: "Job", description: "A scheduled job that the workspace needs." });

export const JOB_ROUTES = [
  route({
    ...{ method: "GET", pattern: "jobs", scope: "read" },
    summary: "The scheduled jobs, and when each came to its end last.",
    answer: pageAnswer(Job),
    handle: async ({ world, caller }) => ({
      items: await listJobs(world, caller.ws, workspaceOf(world.config, caller.ws)),
      next: null,
    }),
  }),
  route({
    ...{ method: "POST", pattern: "jobs/:job/test", scope: "operate", action: "test job" },
    path: { job: "e.g. `sweep` or `source-poll-uschedule`." },
    summary: "Would it be noticed that this job no longer runs, and would anybody be told?",
    answer: z.object({ job: z.string(), rule: TriedRule, alert: TestedAlerts }),
    handle: testJob,
  }),
];

/** Throws NOT_FOUND where the workspace has no such job. */
async function testJob({ world, caller, param }: ApiCall) {
  const job = param("job");
  const workspace = workspaceOf(world.config, caller.ws);
  if (!jobsOf(workspace).includes(job)) {
    throw new LockstepError("NOT_FOUND", { detail: `This workspace has no job ${job}; GET jobs lists them.` });
  }
  const alert = await testAlerts(world, caller.ws, workspace);
  return { job, rule: tryJob(job, workspace, world.clock.now()), alert };
}
