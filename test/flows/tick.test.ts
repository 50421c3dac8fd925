import { expect, test } from "vitest";
import { LockstepError } from "../../shared/errors.ts";
import type { AlertDoc } from "../../shared/flows/documents.ts";
import type { JobDoc } from "../../shared/flows/jobs.ts";
import { tick } from "../../shared/flows/tick.ts";
import type { StoreFactory } from "../../shared/ports/store.ts";
import { memoryStores } from "../fakes/memory-store.ts";
import { openRunningStudio, type Studio } from "./studio.ts";

const MINUTE_MS = 60_000;

async function comparedAt(studio: Studio): Promise<string | undefined> {
  return (await studio.store.get<JobDoc>({ collection: "jobs", id: "compare" }))?.data.lastRun;
}

/** Ticks after so many minutes each; answers in which minute a compare came to its end. */
async function compares(studio: Studio, minutes: readonly number[]): Promise<number[]> {
  const began = Date.parse(studio.clock.now());
  const found: number[] = [];
  for (const minute of minutes) {
    studio.clock.advance(began + minute * MINUTE_MS - Date.parse(studio.clock.now()));
    const before = await comparedAt(studio);
    await tick(studio.world);
    if ((await comparedAt(studio)) !== before) found.push(minute);
  }
  return found;
}

test("S31: the first tick compares everything, then one an hour", async () => {
  const studio = await openRunningStudio();
  const everyFive = Array.from({ length: 30 }, (_, index) => index * 5);

  expect(await compares(studio, everyFive)).toEqual([0, 60, 120]);
});

test("S31: ticks that never came are made up for by the next, and one that comes twice compares once", async () => {
  const studio = await openRunningStudio();

  expect(await compares(studio, [0, 5, 175, 175, 180, 230, 235])).toEqual([0, 175, 235]);
});

test("S31: a compare that failed is tried again with the next tick, and missed while none comes to its end", async () => {
  const plain = memoryStores();
  let failing = false;
  const stores: StoreFactory = {
    ...plain,
    workspace(ws) {
      const store = plain.workspace(ws);
      const down = async () => {
        throw new LockstepError("STORE_UNAVAILABLE", { detail: "The store is down, in this test." });
      };
      return { ...store, get: (ref) => (failing && ref.collection === "snapshots" ? down() : store.get(ref)) };
    },
  };
  const studio = await openRunningStudio({ stores });
  const alerts = async () =>
    (await studio.store.query<AlertDoc>({ collection: "alerts" })).flatMap(({ data }) =>
      data.subject === "compare" ? data.status : [],
    );
  await compares(studio, [0]);

  failing = true;
  for (let turn = 0; turn < 41; turn++) {
    studio.clock.advance(5 * MINUTE_MS);
    await tick(studio.world).catch(() => {});
  }
  const missed = await alerts();
  failing = false;
  const mended = await compares(studio, [5, 10]);

  expect(missed).toEqual(["open"]);
  expect(mended).toEqual([5]);
  expect(await alerts()).toEqual(["closed"]);
});
