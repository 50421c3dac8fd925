import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bundleFunction } from "../bundle/bundle-function.ts";
import { readFunctions } from "../local/function-folders.ts";
import type { Instance } from "./deployed/instance.ts";
import {
  buildBundle,
  carryOut,
  prepareOperation,
  startBundle,
  startPublishingHello,
} from "./deployed/start-function.ts";
import { openSurroundings, type Surroundings } from "./deployed/surroundings.ts";
import { percentile } from "./spread.ts";

/** The slowest hundredth may take this many times hello world's. */
const MOST = 1.5;
const EDGES = ["gcal-push", "graph-push", "booking-webhook"] as const;
const ROUNDS = 6;
const IN_A_ROUND = 100;
const AT_ONCE = 4;

interface Row {
  readonly name: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly helloP99Ms: number;
}

/**
 * How long an outsider waits for its answer: the same requests to the function, which proves and publishes each, and to a
 * hello world of the functions framework that publishes each to the same stand-in. Rounds of the two take turns, so that
 * the machine's moods meet both.
 */
export async function benchAck({ json }: { readonly json: boolean }): Promise<boolean> {
  const out = mkdtempSync(join(tmpdir(), "lockstep-ack-"));
  const around = await openSurroundings();
  try {
    const rows: Row[] = [];
    for (const name of EDGES) rows.push(await measure(name, around, out));
    process.stdout.write(json ? `${JSON.stringify(rows)}\n` : `${rows.map(lineOf).join("\n")}\n`);
    return rows.every(({ p99Ms, helloP99Ms }) => p99Ms <= MOST * helloP99Ms);
  } finally {
    await around.close();
    rmSync(out, { recursive: true });
  }
}

async function measure(name: string, around: Surroundings, out: string): Promise<Row> {
  const root = resolve(import.meta.dirname, "..", "..");
  const file = readFunctions(root).get(name);
  if (file === undefined) throw new Error(`There is no function ${name}.`);
  const { folder } = await bundleFunction(name, file, { root, out, maps: false });
  buildBundle(folder);
  const [hello, ours] = [await startPublishingHello(around), await startBundle(folder, around)];
  try {
    const times = { hello: [] as number[], ours: [] as number[] };
    for (let round = 0; round <= ROUNDS; round++) {
      const [helloTimes, ourTimes] = [await load(hello, name, around, 200), await load(ours, name, around)];
      // The first round warms both up.
      if (round > 0) times.hello.push(...helloTimes);
      if (round > 0) times.ours.push(...ourTimes);
    }
    const [p50Ms, p99Ms] = [percentile(times.ours, 0.5), percentile(times.ours, 0.99)];
    return { name, p50Ms, p99Ms, helloP99Ms: percentile(times.hello, 0.99) };
  } finally {
    await Promise.all([hello.kill(), ours.kill()]);
  }
}

/** Milliseconds of each request of a round; `status` where another than the operation's says that it was done. */
async function load(to: Instance, name: string, around: Surroundings, status?: number): Promise<number[]> {
  const operations = await Promise.all(Array.from({ length: IN_A_ROUND }, () => prepareOperation(name, around)));
  const times: number[] = [];
  const sender = async () => {
    for (let next = operations.pop(); next !== undefined; next = operations.pop()) {
      const start = performance.now();
      await carryOut(to, status === undefined ? next : { ...next, status });
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  return times;
}

function lineOf({ name, p50Ms, p99Ms, helloP99Ms }: Row): string {
  const ratio = p99Ms / helloP99Ms;
  const parts = [`p50 ${p50Ms.toFixed(1)} ms`, `p99 ${p99Ms.toFixed(1)} ms`, `hello p99 ${helloP99Ms.toFixed(1)} ms`];
  return `${name.padEnd(16)} ${parts.join("  ")}  ${ratio.toFixed(2)}/${MOST}${ratio > MOST ? "  over" : ""}`;
}
