import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type BesideTown, openBesideTown, WS } from "./beside-town.ts";
import { randomOf } from "./burst.ts";
import { TownDay } from "./town-day.ts";
import { type Call, openTownHall, type TownHall } from "./town-hall.ts";

const ROOMS = 50;
const CHANGES = 1000;
/** Reservations and people's own events that are there before Lockstep comes. */
const BEFORE = 250;
const STRANGERS = 50;
const WAVE = 25;
const WRITES = /events\.(create|patch|delete)|(change|cancel|enable|create)Reservation/;
const seed = Number(process.env.LOCKSTEP_TOWN_SEED ?? Math.floor(Math.random() * 1e9));

/** Two of a hundred calls of either system fail, in every way there is; what people do at Outlook does not. */
const FAULTS = ["status=503", "status=500", "timeout-before", "timeout-after", "cut", "garbled", "html", "rate-limit"];
const RULES = [
  { api: "graph", path: "^/graph/(?!v1\\.0/users/[^/]+/calendar/events)", kinds: FAULTS, probability: 0.02 },
  { api: "booking", kinds: [...FAULTS, "error-in-200", "stale"], probability: 0.02 },
  // Of what people do at Outlook some notifications are lost or come twice.
  { api: "graph", path: "/calendar/events", kinds: ["notify-lost", "notify-double"], probability: 0.04 },
];

describe(`a day in the municipality (LOCKSTEP_TOWN_SEED=${seed})`, () => {
  let beside: BesideTown;
  let hall: TownHall;
  let day: TownDay;
  let calls: readonly Call[] = [];
  let seconds = 0;

  beforeAll(async () => {
    beside = await openBesideTown(ROOMS);
    hall = await openTownHall({ url: beside.url, sandboxUrl: beside.sandboxUrl, ws: WS });
    day = new TownDay(hall, beside.rooms, randomOf(seed));
  });
  afterAll(() => beside.close());

  test("first connection: every reservation that is there gets its one event, people's own events stay", async () => {
    for (let count = 0; count < BEFORE; count++) await day.book();
    for (let count = 0; count < STRANGERS; count++) await day.addStranger(beside.rooms[count % ROOMS]);

    await beside.start();

    await vi.waitFor(async () => expect(await day.look()).toEqual([]), { timeout: 60_000, interval: 500 });
    expect(await verdict()).toEqual([]);
  });

  test("a thousand changes from both sides with two calls of a hundred failing: both sides agree at the end", async () => {
    await hall.faults(RULES, seed);
    await hall.forgetCalls();
    const began = performance.now();
    const upTo = day.changes + CHANGES;

    while (day.changes < upTo) {
      await day.look();
      const pause = sleep(1000);
      for (let count = 0; count < WAVE && day.changes < upTo; count++) await day.change();
      await pause;
    }
    await hall.clearFaults();
    await vi.waitFor(async () => expect(await day.look()).toEqual([]), { timeout: 120_000, interval: 1000 });

    calls = await hall.calls();
    seconds = (performance.now() - began) / 1000;
    expect(await verdict()).toEqual([]);
  }, 300_000);

  test("nothing waits for a person, nothing was given up, and a whole cycle of every job writes nothing (law 7)", async () => {
    const holds = z
      .object({ status: z.string() })
      .array()
      .parse(await hall.apiList("holds"));
    expect(holds.filter(({ status }) => status === "open")).toEqual([]);
    expect(await hall.apiList("review-items")).toEqual([]);
    expect(await hall.apiList("dead-letters")).toEqual([]);
    expect(await hall.apiList("event-maps?status=error")).toEqual([]);
    await vi.waitFor(async () => expect((await hall.look()).underWay).toBe(0), { timeout: 30_000, interval: 500 });

    await hall.forgetCalls();
    const began = performance.now();
    await sleep(17_000);
    const idle = await hall.calls();

    expect(idle.filter(({ operation }) => WRITES.test(operation))).toEqual([]);
    report(idle.length / ((performance.now() - began) / 1000));
  });

  /** By what both systems tell anybody who asks them. */
  async function verdict(): Promise<string[]> {
    const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    return day.verdict(await hall.read(beside.rooms, at(-1), at(400)));
  }

  /** One line; only a ratio is asked for, since times are the machine's. */
  function report(idlePerSecond: number): void {
    const writes = calls.filter(({ operation, status }) => WRITES.test(operation) && status < 300).length;
    const byChanges = (count: number) => (count / CHANGES).toFixed(2);
    const line = [
      `${CHANGES} changes in ${seconds.toFixed(0)} s`,
      `p95 webhook to Outlook ${p95("desk")} s`,
      `p95 notification to booking system ${p95("outlook")} s`,
      `provider calls a change ${byChanges(calls.length - idlePerSecond * seconds)} (and ${byChanges(idlePerSecond * seconds)} by the clock)`,
      `of them writes ${byChanges(writes)}`,
    ];
    process.stdout.write(`municipality: ${line.join(", ")}\n`);
  }

  function p95(from: "desk" | "outlook"): string {
    const sorted = day.taken
      .filter((each) => each.from === from)
      .map(({ ms }) => ms)
      .sort((a, b) => a - b);
    return ((sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN) / 1000).toFixed(2);
  }
});
