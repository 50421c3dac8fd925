import { Cron } from "croner";
import type { EdgeAnswer, EdgeRequest } from "../../shared/cloud/edge-request.ts";
import { answerTo, definitionOf } from "../../shared/cloud/frame.ts";
import type { ScheduledJob } from "../../shared/cloud/function-file.ts";
import { openSqliteBus } from "../../shared/embedded/sqlite-bus.ts";
import type { PushEnvelope, SubscriptionSpec } from "../../shared/ports/bus.ts";
import { type Functions, subscriptionsOf } from "../local/function-folders.ts";
import { type Ground, type Instance, openInstance } from "./instance.ts";

/** The running product: instances of every function, the bus and the schedulers' jobs, all on virtual time. */
export interface Cluster {
  /** An HTTP request from outside, at a public function. */
  receive(target: string, request: Partial<EdgeRequest>): Promise<EdgeAnswer>;
  /** Calls one scheduled function for everything it does, as Cloud Scheduler would. */
  runJob(target: string): Promise<void>;
  /** The scheduled functions. */
  readonly jobs: readonly string[];
  /** From now on the jobs of each `function.yaml` run by themselves, or each of these functions every so many minutes. */
  startJobs(everyMinutes?: number): void;
  stopJobs(): void;
  /** Every instance dies; new ones start with the next request. */
  killAll(): void;
  /** Ends it; `pass` lets the virtual time pass that running work still waits for. */
  stop(pass: () => Promise<void>): Promise<void>;
}

/** What is called again and again, and when next. */
interface Turn {
  readonly target: string;
  readonly body: ScheduledJob["body"];
  readonly dueAt: (now: number) => number;
}

/** The room's own messages come one at a time, but two workers stand ready for different rooms and for redeliveries. */
const COPIES: Readonly<Record<string, number>> = { sync: 2 };

type Parts = Omit<Ground, "publisher"> & { readonly functions: Functions; readonly skews: readonly number[] };

export function openCluster(parts: Parts): Cluster {
  const { timeline, functions, skews } = parts;
  const running = new Map<string, Instance>();
  let born = 0;
  let called = 0;
  let jobsOn = 0;

  const bus = openSqliteBus({
    file: ":memory:",
    subscriptions: subscriptionsOf(functions),
    push: deliver,
    timer: { now: () => new Date(timeline.now()).toISOString(), after: timeline.after },
  });
  const ground: Ground = { ...parts, publisher: bus };
  bus.start();

  /** One of the function's instances; a dead one is replaced by one without its memories. */
  function instanceOf(target: string): Instance {
    const slot = `${target}-${1 + (called++ % (COPIES[target] ?? 1))}`;
    const found = running.get(slot);
    if (found !== undefined && !found.isDead()) return found;
    const fresh = openInstance(ground, slot, skews[born++ % skews.length] ?? 0);
    running.set(slot, fresh);
    return fresh;
  }

  /** The answer of one instance; 503 where it dies over it. */
  async function serve(target: string, request: Partial<EdgeRequest>): Promise<EdgeAnswer> {
    const instance = instanceOf(target);
    const whole: EdgeRequest = {
      method: "POST",
      path: [],
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.alloc(0),
      trace: `t${called}`,
      ...request,
    };
    const gone = instance.died.then((): EdgeAnswer => ({ status: 503 }));
    return Promise.race([answerTo(definitionOf(target), whole, instance.edge), gone]);
  }

  async function deliver(spec: SubscriptionSpec, envelope: PushEnvelope): Promise<{ status: number }> {
    const luck = parts.luck("deliver", spec.target);
    await timeline.sleep(luck.beforeMs + (luck.fault === "late" ? 30_000 : 0));
    const body = Buffer.from(JSON.stringify(envelope));
    if (luck.fault === "double") void timeline.sleep(luck.afterMs * 20).then(() => serve(spec.target, { body }));
    const { status } = await serve(spec.target, { body });
    return { status: luck.fault === "lost-ack" ? 503 : status };
  }

  async function runJob(target: string, body: ScheduledJob["body"] = {}): Promise<void> {
    await serve(target, { body: Buffer.from(JSON.stringify(body)) });
  }

  const declared = [...functions].flatMap(([target, { trigger }]) =>
    trigger.kind === "schedule" ? trigger.jobs.map(({ cron, body }) => ({ target, cron, body })) : [],
  );
  const jobs = [...new Set(declared.map(({ target }) => target))];

  function schedule(job: Turn, turn: number): void {
    const { target, body, dueAt } = job;
    timeline.after(dueAt(timeline.now()) - timeline.now(), () => {
      if (turn !== jobsOn) return;
      void runJob(target, body).then(() => turn === jobsOn && schedule(job, turn));
    });
  }

  return {
    receive: serve,
    runJob,
    jobs,
    startJobs(everyMinutes) {
      jobsOn += 1;
      const turns: readonly Turn[] =
        everyMinutes === undefined
          ? declared.map(({ cron, ...job }) => ({ ...job, dueAt: (now) => nextRun(cron, now) }))
          : jobs.map((target) => ({ target, body: {}, dueAt: (now) => now + everyMinutes * 60_000 }));
      for (const job of turns) schedule(job, jobsOn);
    },
    stopJobs() {
      jobsOn += 1;
    },
    killAll() {
      for (const instance of running.values()) instance.kill();
    },
    async stop(pass) {
      jobsOn += 1;
      for (const instance of running.values()) instance.kill();
      const closing = bus.close();
      await pass();
      await closing;
    },
  };
}

const crons = new Map<string, Cron>();

function nextRun(text: string, now: number): number {
  const cron = crons.get(text) ?? new Cron(text, { utcOffset: 0, paused: true });
  crons.set(text, cron);
  return cron.nextRun(new Date(now))?.getTime() ?? now + 3_600_000;
}
