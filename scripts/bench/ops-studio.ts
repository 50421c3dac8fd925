import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStores } from "../../shared/embedded/sqlite-store.ts";
import * as touched from "../../shared/topics/calendar-touched.ts";
import { countStores, type StoreCounts } from "../sim/studio/counted-stores.ts";
import { type SimulatedStudio, simulateStudio } from "../sim/studio/studio.ts";
import { BAY_1 } from "../sim/studio/studio-config.ts";
import { addCosts, type Cost, countKinds } from "./cost.ts";
import { type CountedBus, countedBus } from "./counted-bus.ts";
import { stillClock } from "./still-clock.ts";

/** What one push, webhook or hint led to, without what the providers then told about it. */
export interface Root {
  readonly via: "push" | "webhook";
  readonly cost: Cost;
}

/** A running studio with a week of bookings, on SQLite in a folder of its own, whose every step is counted. */
export interface OpsStudio extends SimulatedStudio {
  /** Somebody does something outside, and its push or webhook is worked off. Their own call is not counted. */
  change(act: () => Promise<unknown>): Promise<Cost>;
  /** What the providers tell about what Lockstep wrote since, until all is quiet. */
  echoes(): Promise<{ readonly pushes: Cost; readonly webhooks: Cost }>;
  /** What a job and all its messages cost. */
  work(job: () => Promise<unknown>): Promise<Cost>;
  close(): Promise<void>;
}

/** Bookings that stand on each bay while something else is measured. */
const STANDING = 6;
/** Those, and the one that was rebooked to warm up. */
export const ACTIVE_MAPS = 2 * STANDING + 1;
const ROUNDS = 20;

export async function openOpsStudio(): Promise<OpsStudio> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-ops-"));
  const clock = stillClock("2027-01-11T08:00:00.000Z");
  const stores = openSqliteStores(join(folder, "store.sqlite"), clock);
  const counts: StoreCounts = { reads: 0, writes: 0, commits: 0 };
  const bus = countedBus();
  const studio = simulateStudio({ clock, bus, stores: countStores(stores, counts) });
  const meter = openMeter(studio, bus, counts);
  await fill(studio, clock);
  return {
    ...studio,
    work: (job) => meter.measure(job),
    async change(act) {
      clock.advance(MINUTE_MS);
      await act();
      const roots = await round(studio, bus, meter);
      return addCosts(roots.map(({ cost }) => cost));
    },
    async echoes() {
      const roots = await untilQuiet(() => round(studio, bus, meter));
      const of = (via: Root["via"]) => addCosts(roots.filter((root) => root.via === via).map(({ cost }) => cost));
      return { pushes: of("push"), webhooks: of("webhook") };
    },
    async close() {
      await stores.close();
      await rm(folder, { recursive: true });
    },
  };
}

const MINUTE_MS = 60_000;

/** Connected, watched and warm, as an instance is that has worked before; a few minutes later it is measured. */
async function fill(studio: SimulatedStudio, clock: { advance(ms: number): void }): Promise<void> {
  await studio.turnSchedulers();
  for (let day = 0; day < STANDING; day++) {
    for (const bay of [1, 2] as const) await studio.book(bay, `2027-01-${12 + day}T18:00:00`);
    await studio.settle();
  }
  await warmUp(studio);
  await studio.turnSchedulers();
  clock.advance(MINUTE_MS);
}

/** One rebooking, so that names of rooms and services are known, as they are for an hour. */
async function warmUp(studio: SimulatedStudio): Promise<void> {
  const id = await studio.book(1, "2027-01-25T08:00:00");
  await studio.settle();
  const event = await studio.eventOf(BAY_1, id);
  await studio.drag(BAY_1, event.id, "2027-01-25T12:00:00", "2027-01-25T13:00:00");
  await studio.settle();
}

interface Meter {
  /** `told`: messages that were accepted before and belong to it. */
  measure(job: () => Promise<unknown>, told?: number): Promise<Cost>;
}

function openMeter(studio: SimulatedStudio, bus: CountedBus, counts: StoreCounts): Meter {
  return {
    async measure(job, told = 0) {
      const before = { ...counts, accepted: bus.accepted() };
      studio.sandbox.log.reset();
      await job();
      while (await studio.deliver());
      const operations = studio.sandbox.log.counts();
      return {
        publishes: told + bus.accepted() - before.accepted,
        reads: counts.reads - before.reads,
        writes: counts.writes - before.writes,
        commits: counts.commits - before.commits,
        calls: countKinds(operations),
        operations,
      };
    },
  };
}

/** The providers tell what is due; each notice is worked off alone, with the messages that follow from it. */
async function round(studio: SimulatedStudio, bus: CountedBus, meter: Meter): Promise<Root[]> {
  await studio.sandbox.tick();
  const roots: Root[] = [];
  for (const message of bus.takeAll()) {
    const cost = await meter.measure(async () => bus.offer(message), 1);
    roots.push({ via: message.topic === touched.TOPIC ? "push" : "webhook", cost });
  }
  return roots;
}

async function untilQuiet(next: () => Promise<Root[]>): Promise<Root[]> {
  const all: Root[] = [];
  for (let rounds = 0; rounds < ROUNDS; rounds++) {
    const roots = await next();
    if (roots.length === 0) return all;
    all.push(...roots);
  }
  throw new Error(`${ROUNDS} rounds and no end: something goes round in circles`);
}
