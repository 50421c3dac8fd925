import { Cron } from "croner";
import type { Log } from "../../shared/ports/log.ts";
import { withinGrace } from "./shutdown.ts";

/** One job, as its function's `function.yaml` declares it. */
export interface Job {
  /** The function it calls. */
  readonly target: string;
  /** Five fields as in the cloud, or six with seconds in front. UTC. */
  readonly schedule: string;
  /** How long one call may take. */
  readonly deadlineMs: number;
  /** JSON text sent as the body. */
  readonly body?: string;
}

export interface SchedulerParts {
  readonly jobs: readonly Job[];
  readonly log: Log;
  /** Brings one call to its function, signed as Cloud Scheduler would; answers the status. */
  readonly call: (job: Job, signal: AbortSignal) => Promise<number>;
}

export interface Scheduler {
  /** Calls every job once now, then on schedule. */
  start(): void;
  /** Starts no more calls; the running ones have `graceMs` to be answered, then they are given up. */
  stop(graceMs: number): Promise<void>;
}

/** Cron in this process. One job never overlaps itself: a tick that finds it running is left out. */
export function createScheduler(parts: SchedulerParts): Scheduler {
  const stopped = new AbortController();
  const crons: Cron[] = [];
  const running = new Set<Promise<void>>();

  function call(job: Job): Promise<void> {
    const called = run(parts, job, stopped.signal).finally(() => running.delete(called));
    running.add(called);
    return called;
  }

  return {
    start() {
      for (const job of parts.jobs) {
        const cron = new Cron(job.schedule, { protect: true, timezone: "UTC" }, () => call(job));
        crons.push(cron);
        void cron.trigger();
      }
    },
    async stop(graceMs) {
      for (const cron of crons) cron.stop();
      await withinGrace(Promise.all(running), graceMs);
      stopped.abort();
    },
  };
}

async function run({ call, log }: SchedulerParts, job: Job, stopped: AbortSignal): Promise<void> {
  try {
    const status = await call(job, AbortSignal.any([stopped, AbortSignal.timeout(job.deadlineMs)]));
    if (status >= 300) log.write("WARNING", "scheduled job failed", { job: job.target, status });
  } catch {
    if (!stopped.aborted) log.write("WARNING", "scheduled job failed", { job: job.target, status: "no answer" });
  }
}
