import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "../../functions/api/index.ts";
import { useWorld } from "../../shared/cloud/edge.ts";
import { listenerOf } from "../../shared/cloud/frame.ts";
import { Config } from "../../shared/config.ts";
import { apiKeyRef, makeApiKey } from "../../shared/edge/api-key.ts";
import { buildWorld } from "../../shared/edge/build-world.ts";
import { openSqliteStores } from "../../shared/embedded/sqlite-store.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { countStores, type StoreCounts } from "../sim/studio/counted-stores.ts";
import { BOOKINGS, calendarIdOf, fillStore, NOW } from "./api-store.ts";
import { percentile } from "./spread.ts";

const WS = "bench";
/** What issue 7 asks. */
const MOST_MS = 300;
const ROUNDS = 40;
const RESOURCES = Array.from({ length: 20 }, (_, index) => `bay-${index + 1}`);

/** Each main read with the documents that it may read at most, as Firestore bills them; one of them is the caller's key. */
const READS: Readonly<Record<string, number>> = {
  "timeline?from=2027-01-10T00:00:00Z&to=2027-01-11T00:00:00Z": 1_801,
  "timeline?from=2027-01-11T00:00:00Z&to=2027-01-18T00:00:00Z": 1_801,
  "feed?after=2027-01-10T07:00:00.000Z": 201,
  "event-maps?limit=100": 101,
  "event-maps?status=active&resource=bay-1&limit=500": 501,
  "explain/uschedule:499000": 60,
  "explain/lockstep99000": 60,
  "holds?limit=100": 101,
  "holds?status=open": 101,
  "holds/source%3Auschedule~0": 42,
  "review-items?limit=100": 101,
  "alerts?limit=100": 101,
  "dead-letters?limit=100": 101,
  "actions?limit=100": 101,
  stats: 16,
  "stats?resource=bay-1": 16,
  "health/deep": 522,
  "freshness?hours=24": 1_001,
  backfill: 122,
  polling: 22,
  watches: 21,
  jobs: 10,
};

interface Row {
  readonly read: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly reads: number;
  readonly mostReads: number;
  readonly bytes: number;
}

/**
 * `npm run bench -- api`: the main reads of the API over HTTP, with 100,000 bookings in the embedded store. Answers
 * whether each stays under 300 ms for 95 of 100 and reads no more documents than it may.
 */
export async function benchApi({ json }: { readonly json: boolean }): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-api-"));
  const served = await serveFilled(folder);
  try {
    const rows: Row[] = [];
    for (const [read, mostReads] of Object.entries(READS)) rows.push(await measure(served, read, mostReads));
    const good = rows.every(isGood);
    const head = { bench: "api", measuredAt: new Date().toISOString(), node: process.version, bookings: BOOKINGS };
    const text = json ? JSON.stringify({ ...head, mostMs: MOST_MS, good, rows }) : rows.map(lineOf).join("\n");
    process.stdout.write(`${text}\n`);
    return good;
  } finally {
    await served.close();
    rmSync(folder, { recursive: true });
  }
}

interface Served {
  readonly root: string;
  readonly key: string;
  readonly counts: StoreCounts;
  close(): Promise<void>;
}

async function serveFilled(folder: string): Promise<Served> {
  const clock = { now: () => NOW, sleep: async () => {} };
  const stores = openSqliteStores(join(folder, "store.sqlite"), clock);
  const store = stores.workspace(WS);
  await fillStore(store, RESOURCES);
  const { doc, text: key } = makeApiKey(WS, { label: "bench", scopes: ["admin"], createdBy: "bench" }, NOW);
  await store.commit([{ kind: "put", ref: apiKeyRef(doc.id), data: doc }]);
  const counts: StoreCounts = { reads: 0, writes: 0, commits: 0 };
  const nobody = async () => {
    throw new Error("The bench asks nobody else.");
  };
  const world = buildWorld({
    ...{ clock, config: configOf(), providers: PROVIDERS, environment: {}, fetch: nobody, publicUrl: "" },
    ...{ newId: () => crypto.randomUUID(), log: { write: () => {} }, stores: countStores(stores, counts) },
    publisher: { publish: nobody, close: async () => {} },
    secrets: { read: nobody, write: nobody },
  });
  useWorld(world, { verifyToken: nobody });
  const server = createServer(listenerOf("api"));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  // Proof: a server that listens on a host and port has an AddressInfo.
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  return {
    ...{ root, key, counts },
    async close() {
      server.close();
      server.closeAllConnections();
      await stores.close();
    },
  };
}

function configOf(): Config {
  const resources = RESOURCES.map((id) => [
    id,
    { source: "uschedule", sourceName: id, calendar: calendarIdOf(id), timeZone: "Europe/London" },
  ]);
  return Config.parse({
    workspaces: {
      [WS]: {
        sources: { uschedule: { provider: "uschedule" } },
        calendars: { google: { provider: "google-calendar" } },
        resources: Object.fromEntries(resources),
      },
    },
  });
}

async function measure({ root, key, counts }: Served, read: string, mostReads: number): Promise<Row> {
  const ask = async () => {
    const answer = await fetch(`${root}/${read}`, { headers: { authorization: `Bearer ${key}` } });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${read}: ${answer.status} ${text.slice(0, 300)}`);
    return text.length;
  };
  await ask();
  counts.reads = 0;
  const bytes = await ask();
  const { reads } = counts;
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    await ask();
    times.push(performance.now() - begun);
  }
  const [p50Ms, p95Ms] = [percentile(times, 0.5), percentile(times, 0.95)].map((ms) => Math.round(ms * 10) / 10);
  return { read, p50Ms: p50Ms ?? 0, p95Ms: p95Ms ?? 0, reads, mostReads, bytes };
}

function isGood({ p95Ms, reads, mostReads }: Row): boolean {
  return p95Ms <= MOST_MS && reads <= mostReads;
}

function lineOf(row: Row): string {
  const { read, p50Ms, p95Ms, reads, mostReads, bytes } = row;
  const figures = [
    `p50 ${p50Ms} ms`,
    `p95 ${p95Ms} ms`,
    `reads ${reads}/${mostReads}`,
    `${Math.round(bytes / 1000)} kB`,
  ];
  return [read.padEnd(62), ...figures.map((each) => each.padEnd(18)), isGood(row) ? "" : "OVER"].join("").trimEnd();
}
