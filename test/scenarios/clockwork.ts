import { readFileSync } from "node:fs";
import { isOurOwnFailure } from "../../shared/errors.ts";
import { JOBS as JOB_MINUTES } from "../../shared/flows/jobs.ts";
import { pollSources } from "../../shared/flows/poll-sources.ts";
import { pullCalendar } from "../../shared/flows/pull-calendar.ts";
import { renewWatches } from "../../shared/flows/renew-watches.ts";
import { sweep } from "../../shared/flows/sweep.ts";
import { syncObservations } from "../../shared/flows/sync-observations.ts";
import { tend } from "../../shared/flows/tend.ts";
import type { World } from "../../shared/flows/world.ts";
import * as touched from "../../shared/topics/calendar-touched.ts";
import * as observations from "../../shared/topics/observations.ts";
import type { PublishedMessage } from "../fakes/memory-publisher.ts";
import type { Studio } from "../flows/studio.ts";
import { Death, type Wire } from "./wire.ts";

/** As the subscriptions declare it: then a message would be dead-lettered. */
const MAX_ATTEMPTS = 10;
const MAX_MESSAGES = 2_000;
const REDELIVERY_MS = 10_000;

interface Job {
  readonly everyMinutes: number;
  readonly run: (world: World) => Promise<unknown>;
}

/** The schedulers by the times that the functions state. */
export const JOBS = {
  "source-poll": { everyMinutes: statedMinutes("source-poll"), run: (world: World) => pollSources(world) },
  sweep: { everyMinutes: JOB_MINUTES["compare"] ?? 0, run: sweep },
  due: { everyMinutes: statedMinutes("sweep"), run: tend },
  "watch-renewal": { everyMinutes: statedMinutes("watch-renewal"), run: (world: World) => renewWatches(world) },
} as const satisfies Record<string, Job>;

/** Hands one message to its function, as a worker would get it. Throws what the function throws. */
export async function deliver(studio: Studio, message: PublishedMessage, attempt = 1): Promise<void> {
  const { world, clock } = studio;
  const data: unknown = JSON.parse(message.data);
  if (message.topic === touched.TOPIC) await pullCalendar(world, touched.CalendarTouched.parse(data));
  else await syncObservations(world, observations.Observation.parse(data), { attempt, publishedAt: clock.now() });
}

/**
 * What a bus does until all is quiet: notifications come in, every message is delivered, and again after
 * its worker died or our own store failed. Throws where a message would be dead-lettered (S64).
 */
export async function work(studio: Studio, wire?: Wire): Promise<void> {
  for (let messages = 0; messages < MAX_MESSAGES; messages++) {
    await studio.sandbox.tick();
    const message = takeFirst(studio);
    if (message === undefined) return;
    await deliverUntilTaken(studio, message, wire);
  }
  throw new Error(`${MAX_MESSAGES} messages and no end: something goes round in circles`);
}

async function deliverUntilTaken(studio: Studio, message: PublishedMessage, wire: Wire | undefined): Promise<void> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    if (await survives(wire, () => deliver(studio, message, attempt))) return;
    studio.clock.advance(REDELIVERY_MS);
  }
  throw new Error(`a message would be dead-lettered: ${message.data.slice(0, 200)}`);
}

/** False where the worker died, or store or bus failed: then the work comes again. */
async function survives(wire: Wire | undefined, act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (!(error instanceof Death) && !isOurOwnFailure(error)) throw error;
    wire?.revive();
    return false;
  }
}

/** Minutes pass; every scheduler runs when the function's own schedule says so, and messages are delivered. */
export async function pass(studio: Studio, minutes: number, wire?: Wire): Promise<void> {
  const began = Date.parse(studio.clock.now());
  await work(studio, wire);
  for (let minute = 1; minute <= minutes; minute++) {
    const left = began + minute * 60_000 - Date.parse(studio.clock.now());
    if (left > 0) studio.clock.advance(left);
    for (const { everyMinutes, run } of Object.values(JOBS)) {
      if (minute % everyMinutes !== 0) continue;
      await survives(wire, () => run(studio.world));
      await work(studio, wire);
    }
    await work(studio, wire);
  }
}

/** The hour is full: what neither a push nor a poll told of is found by comparing everything. */
export async function compareAll(studio: Studio, wire?: Wire): Promise<void> {
  await survives(wire, () => sweep(studio.world));
  await work(studio, wire);
}

/** A poll dies at one of its steps; what it told is worked on, and so is what the next one tells. */
export async function pollDyingAt(studio: Studio, wire: Wire, step: number): Promise<void> {
  wire.atStep(step, () => wire.die());
  await pollSources(studio.world).catch(() => wire.revive());
  wire.atStep(-1, () => {});
  await work(studio, wire);
  await pollSources(studio.world);
  await work(studio, wire);
}

/** Takes the oldest message off the bus, to be delivered by hand. */
export function takeFirst(studio: Studio): PublishedMessage | undefined {
  // Proof: the fake keeps its messages in a plain array; only the test takes from it.
  return (studio.publisher.published as unknown as PublishedMessage[]).shift();
}

/** Takes everything off the bus. */
export function takeAll(studio: Studio): PublishedMessage[] {
  const all = [...studio.publisher.published];
  studio.publisher.take();
  return all;
}

/** Of the function's first job. */
function statedMinutes(name: string): number {
  const text = readFileSync(new URL(`../../functions/${name}/function.yaml`, import.meta.url), "utf8");
  const [, minutes] = /cron: "\*\/(\d+) \* \* \* \*"/.exec(text) ?? [];
  if (minutes === undefined) throw new Error(`${name} states no schedule`);
  return Number(minutes);
}
