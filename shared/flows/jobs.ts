import { ABSENT, type DocumentRef, type Stored } from "../ports/store.ts";
import { type Instant, later } from "../sync/time.ts";
import { currentProgress, type Progress, progressRef } from "./progress.ts";
import { closeAlert, raiseAlert } from "./review.ts";
import type { WorkspaceConfig, World } from "./world.ts";

/** How often everything is compared, by the job `sweep`. */
const COMPARE_MINUTES = 60;

/** Every scheduled job with its minutes between two runs, as the function files have them (a test compares), and the compare. */
export const JOBS: Readonly<Record<string, number>> = {
  sweep: 5,
  compare: COMPARE_MINUTES,
  "source-poll-uschedule": 2,
  "source-poll-booking-api": 10,
  "source-poll-osm": 5,
  "source-poll-portico": 10,
  "source-poll-ical": 15,
  "watch-renewal-google-calendar": 10,
  "watch-renewal-outlook": 15,
  "watch-renewal-gmail": 10,
};

/** Collection `jobs`: the heartbeat of one job in one workspace. */
export interface JobDoc {
  readonly job: string;
  /** Its last run that came to its end, up to `BEAT_MS` old while all is well (R12); before the first, when it was waited for first. */
  readonly lastRun: Instant;
  /** Its alert was raised. */
  readonly missed: boolean;
}

/** How often a heartbeat is written at most (R12). */
export const BEAT_MS = 15 * 60_000;

/** Less than an hour by one tick: how long a compare takes, and a tick that comes a second early, do not put the next one off. */
const COMPARE_AFTER_MS = (COMPARE_MINUTES - 5) * 60_000;

/** What this instance wrote last, so that a warm one reads nothing. */
const written = new WeakMap<World, Map<string, Instant>>();

/** The jobs that a workspace has anything of. */
export function jobsOf({ sources, calendars, mailbox }: WorkspaceConfig): string[] {
  const named = (job: string, accounts: Readonly<Record<string, { readonly provider: string }>>) =>
    Object.values(accounts).map(({ provider }) => `${job}-${provider}`);
  const all = [
    ...["sweep", "compare"],
    ...named("source-poll", sources),
    ...named("watch-renewal", calendars),
    ...(mailbox === undefined ? [] : [`watch-renewal-${mailbox.provider}`]),
  ];
  return [...new Set(all)].filter((job) => Object.hasOwn(JOBS, job));
}

/** A job came to its end: `source-poll`, and of which provider; of all of them where it is left out. */
export async function noteRun(world: World, job: string, provider?: string): Promise<void> {
  for (const [ws, workspace] of Object.entries(world.config.workspaces)) {
    const ran = jobsOf(workspace).filter((each) =>
      provider === undefined ? each === job || each.startsWith(`${job}-`) : each === `${job}-${provider}`,
    );
    for (const each of ran) {
      if (isWritten(world, ws, each)) continue;
      await beat(world, ws, [{ job: each, stored: await world.store(ws).get<JobDoc>(jobRef(each)) }]);
    }
  }
}

type StoredJob = Stored<JobDoc> | undefined;

/** A workspace's jobs as they were read, each once. */
export type StoredJobs = readonly { readonly job: string; readonly stored: StoredJob }[];

function isWritten(world: World, ws: string, job: string): boolean {
  return (written.get(world)?.get(`${ws}/${job}`) ?? "") > later(world.clock.now(), -BEAT_MS);
}

/** Writes what heartbeats are old, in one commit; ends the alert of a job that was missed. */
async function beat(world: World, ws: string, jobs: StoredJobs): Promise<void> {
  const now = world.clock.now();
  const known = written.get(world) ?? new Map<string, Instant>();
  written.set(world, known);
  const old = jobs.filter(({ job, stored }) => {
    if (isWritten(world, ws, job)) return false;
    if (stored === undefined || stored.data.missed || stored.data.lastRun <= later(now, -BEAT_MS)) return true;
    known.set(`${ws}/${job}`, stored.data.lastRun);
    return false;
  });
  if (old.length === 0) return;
  const dataOf = (job: string): JobDoc => ({ job, lastRun: now, missed: false });
  await world.store(ws).commit(old.map(({ job }) => ({ kind: "put", ref: jobRef(job), data: dataOf(job) })));
  for (const { job, stored } of old) {
    known.set(`${ws}/${job}`, now);
    if (stored?.data.missed === true) await closeAlert(world.store(ws), "job-missed", job);
  }
}

/** Whether everything in the workspace is to be compared: a tick that never came, or whose compare failed, is made up for by a later one. */
export function isCompareDue(jobs: StoredJobs, now: Instant): boolean {
  const stored = jobs.find(({ job }) => job === "compare")?.stored;
  return stored === undefined || stored.data.lastRun < later(now, -COMPARE_AFTER_MS);
}

/** The heartbeats of those of the jobs that came to their end in this run. */
export async function noteJobs(world: World, ws: string, jobs: StoredJobs, ran: readonly string[]): Promise<void> {
  await beat(
    world,
    ws,
    jobs.filter(({ job }) => ran.includes(job)),
  );
}

/** Raises an alert for each job whose heartbeat is missed; not for those that run now. */
export async function watchJobs(
  world: World,
  ws: string,
  workspace: WorkspaceConfig,
  jobs: StoredJobs,
  running: readonly string[],
): Promise<void> {
  const now = world.clock.now();
  for (const { job, stored } of jobs) {
    if (running.includes(job)) continue;
    if (stored === undefined) {
      const data: JobDoc = { job, lastRun: now, missed: false };
      await world.store(ws).commit([{ kind: "put", ref: jobRef(job), data, ifVersion: ABSENT }]);
    } else if (!stored.data.missed && isMissed(stored.data, workspace, now)) {
      const detail = `The job ${job} has not come to its end since ${stored.data.lastRun}: look at Cloud Scheduler and at the log of its function.`;
      await raiseAlert(world.store(ws), { kind: "job-missed", subject: job, detail }, now);
      const data: JobDoc = { ...stored.data, missed: true };
      await world.store(ws).commit([{ kind: "put", ref: stored.ref, data, ifVersion: stored.version }]);
    }
  }
}

/** Whether so many runs in a row failed to come, the heartbeat's own delay allowed for. */
export function isMissed({ job, lastRun }: JobDoc, { thresholds }: WorkspaceConfig, now: Instant): boolean {
  return lastRun < later(now, -BEAT_MS - thresholds.missedRuns * (JOBS[job] ?? 0) * 60_000);
}

export interface JobState {
  readonly job: string;
  readonly everyMinutes: number;
  readonly lastRun: Instant | null;
  readonly missed: boolean;
  /** How far it is, where it takes long. */
  readonly progress: Progress | null;
}

/** The workspace's jobs, and when each ran last. */
export async function listJobs(world: World, ws: string, workspace: WorkspaceConfig): Promise<JobState[]> {
  const now = world.clock.now();
  const rows = await storedJobs(world, ws, workspace);
  const under = await world.store(ws).getMany(rows.map(({ job }) => progressRef(job)));
  return rows.map(({ job, stored }, index) => ({
    ...{ job, everyMinutes: JOBS[job] ?? 0, lastRun: stored?.data.lastRun ?? null },
    missed: stored !== undefined && isMissed(stored.data, workspace, now),
    progress: currentProgress(under[index]?.data, now) ?? null,
  }));
}

/** One read for all of them. */
export async function storedJobs(world: World, ws: string, workspace: WorkspaceConfig): Promise<StoredJobs> {
  const jobs = jobsOf(workspace);
  const docs = await world.store(ws).getMany(jobs.map(jobRef));
  // Proof: only this file writes the collection.
  return jobs.map((job, index) => ({ job, stored: docs[index] as StoredJob }));
}

function jobRef(job: string): DocumentRef {
  return { collection: "jobs", id: job };
}
