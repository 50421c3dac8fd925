import type { FunctionFile } from "../../shared/cloud/function-file.ts";
import { LockstepError } from "../../shared/errors.ts";
import type { SubscriptionSpec } from "../../shared/ports/bus.ts";
import type { Job } from "./scheduler.ts";

/**
 * On simulated providers nobody waits two minutes for a poll, and no quota is spent. Against real
 * providers the cadence of `function.yaml` holds.
 */
const DEMO_SCHEDULES: Readonly<Record<string, string>> = {
  "source-poll": "*/10 * * * * *",
  "watch-renewal": "*/5 * * * * *",
  sweep: "5-59/15 * * * * *",
};

/** What is no part of a function's doing everything. */
const DEMO_BESIDE: Readonly<Record<string, readonly Pick<Job, "schedule" | "body">[]>> = {
  sweep: [{ schedule: "7-59/20 * * * * *", body: JSON.stringify({ only: "due" }) }],
};

const LOCAL_MIN_BACKOFF_MS = 1000;
const LOCAL_MAX_BACKOFF_MS = 60_000;

/** The scheduled jobs among the functions; `simulated` where every provider is the sandbox's. */
export function jobsOf(functions: ReadonlyMap<string, FunctionFile>, simulated: boolean): Job[] {
  return [...functions].flatMap(([target, { trigger }]) => {
    if (trigger.kind !== "schedule") return [];
    if (trigger.timeZone !== "Etc/UTC") {
      throw new LockstepError("CONFIG_INVALID", {
        detail: `functions/${target}/function.yaml: timeZone must be Etc/UTC.`,
      });
    }
    const deadlineMs = trigger.attemptDeadlineSeconds * 1000;
    const demo = simulated ? DEMO_SCHEDULES[target] : undefined;
    if (demo !== undefined)
      return [
        { target, schedule: demo, deadlineMs },
        ...(DEMO_BESIDE[target] ?? []).map((job) => ({ ...job, target, deadlineMs })),
      ];
    return trigger.jobs.map(({ cron, body }) => ({ target, schedule: cron, deadlineMs, body: JSON.stringify(body) }));
  });
}

/** The declared subscription with the patience of somebody who watches. */
export function locally(spec: SubscriptionSpec): SubscriptionSpec {
  return {
    ...spec,
    minBackoffMs: Math.min(spec.minBackoffMs, LOCAL_MIN_BACKOFF_MS),
    maxBackoffMs: Math.min(spec.maxBackoffMs, LOCAL_MAX_BACKOFF_MS),
  };
}
