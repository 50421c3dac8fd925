import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createScheduler, type Job } from "../../scripts/local/scheduler.ts";

const JOB: Job = { target: "source-poll", schedule: "* * * * * *", deadlineMs: 5000 };
const silent = { write: () => {} };

describe("the local scheduler", () => {
  test("calls every job at once, then on its schedule", async () => {
    const calls: string[] = [];
    const call = async (job: Job) => {
      calls.push(job.target);
      return 204;
    };
    const scheduler = createScheduler({ jobs: [JOB], log: silent, call });

    scheduler.start();
    await sleep(10);
    const atOnce = calls.length;
    await sleep(1200);
    await scheduler.stop(1000);

    expect(atOnce).toBe(1);
    expect(calls.length).toBeGreaterThanOrEqual(2);
  });

  test("a job that still runs is not called again", async () => {
    let running = 0;
    let most = 0;
    const call = async () => {
      running += 1;
      most = Math.max(most, running);
      await sleep(2500);
      running -= 1;
      return 204;
    };
    const scheduler = createScheduler({ jobs: [JOB], log: silent, call });

    scheduler.start();
    await sleep(2300);
    await scheduler.stop(0);

    expect(most).toBe(1);
  });

  test("stopping waits for what runs, so that it does not find its store closed", async () => {
    let answered = false;
    const call = async () => {
      await sleep(100);
      answered = true;
      return 204;
    };
    const scheduler = createScheduler({ jobs: [JOB], log: silent, call });

    scheduler.start();
    await sleep(10);
    await scheduler.stop(5000);

    expect(answered).toBe(true);
  });

  test("a failing job is logged and called again; stopping gives up what outlives its grace", async () => {
    const said: string[] = [];
    const log = { write: (_severity: string, message: string) => said.push(message) };
    let stopped = false;
    const call = (job: Job, signal: AbortSignal) =>
      job.target === "sweep"
        ? Promise.resolve(503)
        : new Promise<number>((_resolve, reject) =>
            signal.addEventListener("abort", () => {
              stopped = true;
              reject(signal.reason);
            }),
          );
    const scheduler = createScheduler({ jobs: [{ ...JOB, target: "sweep" }, JOB], log, call });

    scheduler.start();
    await sleep(10);
    await scheduler.stop(20);
    await sleep(10);

    expect(said).toEqual(["scheduled job failed"]);
    expect(stopped).toBe(true);
  });
});
