import { expect, test, vi } from "vitest";
import { followBackfill } from "../../scripts/local/backfill-lines.ts";
import { listJobs } from "../../shared/flows/jobs.ts";
import { followWork } from "../../shared/flows/progress.ts";
import { tend } from "../../shared/flows/tend.ts";
import { openRunningStudio, type Studio, WS } from "./studio.ts";

async function shown(studio: Studio) {
  const workspace = studio.world.config.workspaces[WS];
  if (workspace === undefined) throw new Error("the studio has a workspace");
  return (await listJobs(studio.world, WS, workspace)).find(({ job }) => job === "compare")?.progress;
}

test("long work tells every few seconds how far it is, and nothing once it ends", async () => {
  const studio = await openRunningStudio();
  const work = followWork(studio.world, WS, "compare", 4);

  await work.step();
  const early = await shown(studio);
  studio.clock.advance(6_000);
  await work.step();
  const midway = await shown(studio);
  await work.end();

  expect(early).toBeNull();
  expect(midway).toMatchObject({ done: 2, total: 4 });
  expect(await shown(studio)).toBeNull();
});

test("work that ends within seconds writes nothing, and what died is no progress any more", async () => {
  const studio = await openRunningStudio();
  studio.counts.writes = 0;
  const quick = followWork(studio.world, WS, "compare", 2);
  await quick.step();
  await quick.step();
  await quick.end();
  const written = studio.counts.writes;

  const died = followWork(studio.world, WS, "compare", 9);
  studio.clock.advance(6_000);
  await died.step();
  studio.clock.advance(11 * 60_000);

  expect(written).toBe(0);
  expect(await shown(studio)).toBeNull();
});

test("the terminal is told how far first connections are, as long as any is under way", async () => {
  const studio = await openRunningStudio();
  await studio.call("POST", "/sandbox/faults", {
    rules: [{ api: "google", method: "POST", kinds: ["status=503"], times: 500 }],
  });
  await studio.book(1, "2027-01-12T10:00:00");
  await studio.poll();
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const said: string[] = [];
  const stop = followBackfill(studio.world, (text) => said.push(text.trim()));
  try {
    await vi.advanceTimersByTimeAsync(3_000);
    await vi.waitFor(() => expect(said).toEqual(["first connections: bay-1 0 of 1"]));
    await studio.call("DELETE", "/sandbox/faults");
    studio.clock.advance(10 * 60_000);
    await tend(studio.world);
    await studio.settle();
    await vi.advanceTimersByTimeAsync(6_000);

    expect(said).toEqual(["first connections: bay-1 0 of 1"]);
  } finally {
    stop();
    vi.useRealTimers();
  }
});
