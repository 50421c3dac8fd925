import "../local/without-domains.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type BareLoop, openBareLoop } from "./flow-bare.ts";
import type { Order } from "./flow-order.ts";
import { type LocalSystem, openLocalSystem } from "./flow-system.ts";
import { median } from "./spread.ts";

const ROUNDS = 7;
/** Twenty for each bay, an hour each. */
const BOOKINGS = 40;
const FIRST_DAY = 20;

/** What a provider takes to answer: at once, as none does; and as the quickest. */
const LATENCIES = [
  { ms: 0, least: undefined },
  { ms: 30, least: 0.7 },
] as const;

interface Row {
  readonly latencyMs: number;
  readonly systemPerSecond: number;
  readonly barePerSecond: number;
  readonly ratio: number;
  /** Undefined: only told. */
  readonly least: number | undefined;
}

/**
 * `npm run bench -- flow`: bookings a second that come to stand on the calendar, by everything that `npm start` starts, and
 * by a loop in the same process that makes the same provider calls and commits and nothing else. Rounds of the two take
 * turns.
 */
export async function benchFlow({ json }: { readonly json: boolean }): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-flow-"));
  const system = await openLocalSystem(resolve(import.meta.dirname, "..", ".."), join(folder, "system"));
  const bare = await openBareLoop(join(folder, "bare"));
  try {
    // The first round connects and warms both up.
    await measureRound(system, bare, 0);
    const rows: Row[] = [];
    for (const [n, latency] of LATENCIES.entries()) rows.push(await measure(system, bare, latency, 1 + n * ROUNDS));
    const isGood = rows.every(({ ratio, least = 0 }) => ratio >= least);
    const head = { bench: "flow", measuredAt: new Date().toISOString(), node: process.version, good: isGood };
    process.stdout.write(json ? `${JSON.stringify({ ...head, rows })}\n` : `${rows.map(lineOf).join("\n")}\n`);
    return isGood;
  } finally {
    await Promise.all([system.close(), bare.close()]);
    await rm(folder, { recursive: true });
  }
}

async function measure(
  system: LocalSystem,
  bare: BareLoop,
  { ms, least }: (typeof LATENCIES)[number],
  first: number,
): Promise<Row> {
  await Promise.all([system.sandboxUrl, bare.sandboxUrl].map((url) => delayProviders(url, ms)));
  const rounds: Awaited<ReturnType<typeof measureRound>>[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await measureRound(system, bare, first + round));
  return {
    latencyMs: ms,
    systemPerSecond: median(rounds.map((each) => each.system)),
    barePerSecond: median(rounds.map((each) => each.bare)),
    ratio: median(rounds.map((each) => each.system / each.bare)),
    least,
  };
}

async function measureRound(system: LocalSystem, bare: BareLoop, round: number) {
  const orders = ordersOf(round);
  return { system: await perSecond(system, orders), bare: await perSecond(bare, orders) };
}

async function delayProviders(sandboxUrl: string, ms: number): Promise<void> {
  const rules = ms === 0 ? [] : ["google", "uschedule"].map((api) => ({ api, kinds: [`delay-before=${ms}`] }));
  const answer = await fetch(`${sandboxUrl}/sandbox/faults`, { method: "POST", body: JSON.stringify({ rules }) });
  if (!answer.ok) throw new Error(`The sandbox took no rules: ${await answer.text()}`);
}

async function perSecond(by: LocalSystem | BareLoop, orders: readonly Order[]): Promise<number> {
  const start = performance.now();
  await by.carry(orders);
  return (orders.length * 1000) / (performance.now() - start);
}

function ordersOf(round: number): Order[] {
  return Array.from({ length: BOOKINGS }, (_, n) => {
    const day = FIRST_DAY + round * 3 + Math.floor(n / 20);
    const hours = String(8 + (Math.floor(n / 2) % 10)).padStart(2, "0");
    const date = new Date(Date.now() + day * 86_400_000).toISOString().slice(0, 10);
    return {
      ResourceName: `Bay ${(n % 2) + 1}`,
      StartTime: `${date}T${hours}:00:00`,
      ServiceLength: 60,
      CustomerName: "Maya Lindqvist",
    };
  });
}

function lineOf({ latencyMs, systemPerSecond, barePerSecond, ratio, least }: Row): string {
  const per = (value: number) => `${value.toFixed(1)} a second`;
  const must = least === undefined ? "" : `, at least ${least}${ratio < least ? "  under" : ""}`;
  return `providers answer after ${latencyMs} ms: whole system ${per(systemPerSecond)}, bare loop ${per(barePerSecond)}: ${ratio.toFixed(2)}${must}`;
}
