import { expect, test } from "vitest";
import { readFunctions } from "../../scripts/local/function-folders.ts";
import { studioConfig } from "../../scripts/sim/studio/studio-config.ts";
import { tryJob, tryRules } from "../../shared/flows/alert-rules.ts";
import type { AlertDoc, ReviewItem } from "../../shared/flows/documents.ts";
import { freshnessSince } from "../../shared/flows/freshness.ts";
import { JOBS, jobsOf, listJobs, noteRun, storedJobs, watchJobs } from "../../shared/flows/jobs.ts";
import { tend } from "../../shared/flows/tend.ts";
import { mapOf } from "../functions/api-bench.ts";
import { openRunningStudio, type Studio, WS } from "./studio.ts";

function loft() {
  const workspace = studioConfig({}).workspaces[WS];
  if (workspace === undefined) throw new Error("the studio has a workspace");
  return workspace;
}

async function alertsOf(studio: Studio): Promise<string[]> {
  const rows = await studio.store.query<AlertDoc>({ collection: "alerts" });
  return rows.map(({ data }) => `${data.kind} ${data.subject} ${data.status}`);
}

const minutes = (studio: Studio, count: number) => studio.clock.advance(count * 60_000);

test("S57: an error rate beyond the threshold raises an alert that names the way, and ends with it", async () => {
  const studio = await openRunningStudio();
  for (let hour = 8; hour < 20; hour++) await studio.book(1, `2027-01-12T${String(hour).padStart(2, "0")}:00:00`);
  await studio.call("POST", "/sandbox/faults", {
    rules: [{ api: "google", method: "POST", kinds: ["status=503"], times: 500 }],
  });
  await studio.settle();
  minutes(studio, 1);

  await tend(studio.world);
  const raised = await alertsOf(studio);
  const [way] = await freshnessSince(studio.store, "2027-01-01T00:00:00.000Z");
  minutes(studio, 120);
  await tend(studio.world);

  expect(raised).toContain("error-rate uschedule → loft-bay-1@sandbox open");
  expect(way?.failures).toEqual({ "insert-event: PROVIDER_UNAVAILABLE": 12 });
  expect(await alertsOf(studio)).toContain("error-rate uschedule → loft-bay-1@sandbox closed");
});

test("S57: fewer failures than the threshold raise nothing", async () => {
  const studio = await openRunningStudio();
  for (let hour = 8; hour < 20; hour++) await studio.book(1, `2027-01-12T${String(hour).padStart(2, "0")}:00:00`);
  await studio.call("POST", "/sandbox/faults", {
    rules: [{ api: "google", method: "POST", kinds: ["status=503"], times: 1 }],
  });
  await studio.settle();
  minutes(studio, 1);

  await tend(studio.world);

  expect((await alertsOf(studio)).filter((each) => each.startsWith("error-rate"))).toEqual([]);
});

test("S57: what is due and taken up by nobody raises an alert after the threshold, not before", async () => {
  const studio = await openRunningStudio();
  await studio.store.commit([mapOf("1", { dirty: true, nextAttempt: studio.clock.now() })]);

  minutes(studio, 29);
  await tend(studio.world);
  const early = await alertsOf(studio);
  minutes(studio, 2);
  await tend(studio.world);
  const late = await alertsOf(studio);
  await studio.store.commit([mapOf("1")]);
  await tend(studio.world);

  const stalled = (alerts: readonly string[]) => alerts.filter((each) => each.startsWith("stalled"));
  expect([early, late, await alertsOf(studio)].map(stalled)).toEqual([
    [],
    ["stalled items open"],
    ["stalled items closed"],
  ]);
});

test("S47: a room that is booked twice raises an alert until somebody decided", async () => {
  const studio = await openRunningStudio();
  const item: ReviewItem = {
    ...{ id: "double-booking~1", kind: "double-booking", status: "open", detail: "Both at ten." },
    openedAt: studio.clock.now(),
  };
  const ref = { collection: "reviewItems", id: item.id };
  await studio.store.commit([{ kind: "put", ref, data: item }]);

  await tend(studio.world);
  const raised = await alertsOf(studio);
  await studio.store.commit([{ kind: "put", ref, data: { ...item, status: "resolved" } }]);
  await tend(studio.world);

  expect(raised).toContain("double-booking double-booking~1 open");
  expect(await alertsOf(studio)).toContain("double-booking double-booking~1 closed");
});

test("S57: a job whose heartbeat is missed raises an alert, once, and its next run ends it", async () => {
  const studio = await openRunningStudio();
  const due = async () => watchJobs(studio.world, WS, loft(), await storedJobs(studio.world, WS, loft()), ["sweep"]);
  const missed = async () => (await alertsOf(studio)).filter((each) => each.startsWith("job-missed"));

  await noteRun(studio.world, "source-poll", "uschedule");
  for (let round = 0; round < 4; round++) {
    minutes(studio, 5);
    await due();
  }
  const early = await missed();
  minutes(studio, 5);
  await due();
  const late = await missed();
  await due();
  const { missed: shown } =
    (await listJobs(studio.world, WS, loft())).find(({ job }) => job.endsWith("uschedule")) ?? {};
  await noteRun(studio.world, "source-poll");

  expect(early).toEqual([]);
  expect(late).toEqual(["job-missed source-poll-uschedule open"]);
  expect(shown).toBe(true);
  expect(await missed()).toEqual(["job-missed source-poll-uschedule closed"]);
});

test("a heartbeat is written at most every fifteen minutes, and read by no warm instance in between", async () => {
  const studio = await openRunningStudio();
  await noteRun(studio.world, "compare");
  studio.counts.writes = 0;

  for (let round = 0; round < 7; round++) {
    minutes(studio, 2);
    await noteRun(studio.world, "compare");
  }
  const within = studio.counts.writes;
  minutes(studio, 2);
  await noteRun(studio.world, "compare");

  expect([within, studio.counts.writes]).toEqual([0, 1]);
});

test("S57: every rule fires where it must and is quiet where all is well, by whatever thresholds the configuration may have", () => {
  const now = "2027-01-10T08:00:00.000Z";
  const least = { errorRatePercent: 1, stalledMinutes: 10, missedRuns: 1, doubleBookingMinutes: 0 };
  const most = { errorRatePercent: 100, stalledMinutes: 1440, missedRuns: 100, doubleBookingMinutes: 10_080 };

  for (const thresholds of [least, loft().thresholds, most]) {
    const workspace = { ...loft(), thresholds };
    const tried = [...tryRules(workspace, now), ...jobsOf(workspace).map((job) => tryJob(job, workspace, now))];
    expect(tried.filter(({ fires, quiet }) => !fires || !quiet)).toEqual([]);
    expect(tried.length).toBeGreaterThan(5);
  }
});

test("the jobs that are waited for are those of the function files, as often as there, and the hourly compare", () => {
  const declared = [...readFunctions(process.cwd()).values()].flatMap(({ trigger }) =>
    trigger.kind === "schedule"
      ? trigger.jobs.map(({ name, cron }) => [name, Number(/^\*\/(\d+) /.exec(cron)?.[1])])
      : [],
  );

  expect(Object.entries(JOBS).toSorted()).toEqual([...declared, ["compare", 60]].toSorted());
});
