import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bundleAll } from "../bundle/bundle-all.ts";
import type { Bundle } from "../bundle/bundle-function.ts";
import { type Emulators, startEmulators } from "../emulators.ts";
import { readFunctions } from "../local/function-folders.ts";
import type { Instance, Spent } from "./deployed/instance.ts";
import { buildBundle, carryOut, prepareOperation, startBundle, startHello } from "./deployed/start-function.ts";
import { openSurroundings, type Surroundings } from "./deployed/surroundings.ts";
import { median } from "./spread.ts";

/** Of each function's cold start against hello world's: the most it may be. */
const BUDGETS = { edge: { cpu: 1, rss: 1.4 }, worker: { cpu: 2, rss: 1.4 } } as const;
const RUNS = 9;

interface Row {
  readonly name: string;
  readonly kind: keyof typeof BUDGETS;
  readonly bytes: number;
  readonly files: number;
  readonly cpuMs: number;
  /** Medians of the ratios to the hello world that was started just before. */
  readonly cpu: number;
  readonly rss: number;
}

/**
 * From the start of a process to its first 2xx of the real operation, with TLS, tokens and a store: CPU time and memory,
 * divided by those of an unbundled hello world of the functions framework. Each pair is started in turn.
 */
export async function benchCold({ json }: { readonly json: boolean }): Promise<boolean> {
  const root = resolve(import.meta.dirname, "..", "..");
  const out = mkdtempSync(join(tmpdir(), "lockstep-cold-"));
  const bundles = await bundleAll(readFunctions(root), { root, out, maps: false });
  const emulators = await startEmulators();
  try {
    const rows: Row[] = [];
    for (const bundle of bundles) rows.push(await measureAlone(bundle, emulators));
    process.stdout.write(json ? `${JSON.stringify(rows)}\n` : tableOf(rows));
    return rows.every(isWithin);
  } finally {
    if (emulators.kind === "running") await emulators.stop();
    rmSync(out, { recursive: true });
  }
}

/** In surroundings of its own: what other functions left behind would be part of its work. */
async function measureAlone(bundle: Bundle, emulators: Emulators): Promise<Row> {
  const around = await openSurroundings(emulators, `cold-${bundle.name}`);
  try {
    return await measure(bundle, around);
  } finally {
    await around.close();
  }
}

async function measure({ name, folder, bytes }: Bundle, around: Surroundings): Promise<Row> {
  buildBundle(folder);
  const pairs: { readonly hello: Spent; readonly ours: Spent }[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const hello = await spentUntil(await startHello(), (instance) =>
      carryOut(instance, { path: "/", init: {}, status: 200 }),
    );
    const operation = await prepareOperation(name, around);
    const ours = await spentUntil(await startBundle(folder, around), (instance) => carryOut(instance, operation));
    // The first pair warms the disk, and connects what a later one finds connected.
    if (run > 0) pairs.push({ hello, ours });
  }
  return {
    ...{ name, bytes, kind: kindOf(name) },
    files: readdirSync(folder).length,
    cpuMs: median(pairs.map(({ ours }) => ours.cpuMs)),
    cpu: median(pairs.map(({ hello, ours }) => ours.cpuMs / hello.cpuMs)),
    rss: median(pairs.map(({ hello, ours }) => ours.rssBytes / hello.rssBytes)),
  };
}

async function spentUntil(instance: Instance, work: (instance: Instance) => Promise<void>): Promise<Spent> {
  try {
    await work(instance);
    return instance.spent();
  } finally {
    await instance.kill();
  }
}

/** What outsiders call and wait for, and what works behind the bus. */
function kindOf(name: string): Row["kind"] {
  return /-(push|webhook)$/.test(name) ? "edge" : "worker";
}

function isWithin({ kind, cpu, rss }: Row): boolean {
  return cpu <= BUDGETS[kind].cpu && rss <= BUDGETS[kind].rss;
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map((row) =>
    [
      row.name.padEnd(16),
      row.kind.padEnd(7),
      `${Math.round(row.bytes / 1000)} kB`.padStart(8),
      String(row.files).padStart(6),
      `${row.cpuMs.toFixed(0)} ms`.padStart(8),
      `${row.cpu.toFixed(2)}/${BUDGETS[row.kind].cpu}`.padStart(8),
      `${row.rss.toFixed(2)}/${BUDGETS[row.kind].rss}`.padStart(9),
      isWithin(row) ? "" : "  over",
    ].join(" "),
  );
  return `${["function         kind     bundle   files      CPU  CPU/max   RSS/max", ...lines].join("\n")}\n`;
}
