import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import "../../functions/api/index.ts";
import { createSandbox, type Sandbox } from "../../scripts/sandbox/sandbox.ts";
import { seedCamp } from "../../scripts/sandbox/seed-demo.ts";
import { countStores } from "../../scripts/sim/studio/counted-stores.ts";
import { useWorld } from "../../shared/cloud/edge.ts";
import { listenerOf } from "../../shared/cloud/frame.ts";
import type { Config } from "../../shared/config.ts";
import { makeApiKey } from "../../shared/edge/api-key.ts";
import { buildWorld } from "../../shared/edge/build-world.ts";
import type { Scope } from "../../shared/edge/scope.ts";
import type { World } from "../../shared/flows/world.ts";
import type { DocumentStore, StoreFactory } from "../../shared/ports/store.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { type ManualClock, manualClock } from "../fakes/manual-clock.ts";
import { memoryPublisher } from "../fakes/memory-publisher.ts";
import { memoryStores } from "../fakes/memory-store.ts";
import { demoConfig } from "./edge-bench.ts";

const NOW = "2027-01-10T08:00:00.000Z";

/** A campsite's API on real HTTP, over OSM on the sandbox; `hill` is another campsite's workspace. */
export interface Camp {
  readonly world: World;
  readonly sandbox: Sandbox;
  readonly clock: ManualClock;
  readonly counts: { reads: number; writes: number; commits: number };
  readonly root: string;
  /** Stands in for the store of every workspace: what it answers is thrown at the next commits. */
  failCommits(error: Error | undefined): void;
  warden(action: string, body: object): Promise<Record<string, unknown>>;
  book(booking?: object): Promise<string>;
  fail(rule: object): Promise<void>;
  mend(): Promise<void>;
  /** `list`, `detail`: OSM's calls since this was asked last. */
  osmCalls(): Record<string, number>;
  key(scopes: readonly Scope[], ws?: string): Promise<string>;
  get(path: string, credential: string): Promise<Answer>;
  post(path: string, credential: string, body?: object): Promise<Answer>;
  close(): Promise<void>;
}

/** Status and body; tests look at what the address answers. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: an answer's shape is what the test asserts
  readonly body: any;
}

export async function openCamp(): Promise<Camp> {
  const clock = manualClock(NOW);
  const counts = { reads: 0, writes: 0, commits: 0 };
  let failure: Error | undefined;
  const stores = countStores(
    failing(memoryStores(), () => failure),
    counts,
  );
  const sandbox = createSandbox({ clock, newId: countedIds(), seed: 7, send: async () => new Response(null) });
  seedCamp(sandbox);
  sandbox.arrange(({ world }) => world.setOptions({ ...world.options(), timeZone: "Europe/London" }));
  const world = buildWorld({
    ...{ clock, stores, config: twoCamps(), providers: PROVIDERS, publisher: memoryPublisher(), publicUrl: "http://x" },
    ...{
      newId: countedIds(),
      log: { write: () => {} },
      secrets: { read: async () => "secret", write: async () => {} },
      fetch: sandbox.fetch,
    },
    environment: { OSM_API_ROOT: "http://sandbox/osm", GOOGLE_API_ROOT: "http://sandbox/google" },
  });
  useWorld(world, { verifyToken: async () => "nobody" });
  const server = createServer(listenerOf("api"));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  // Proof: a server that listens on a host and port has an AddressInfo.
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const control = async (path: string, method: string, body?: object) => {
    const sent = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await sandbox.fetch(`http://sandbox/sandbox/${path}`, sent);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>; // the sandbox answers objects only
  };
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${root}/api/${path}`, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  };
  let seen = 0;
  return {
    ...{ world, sandbox, clock, counts, root },
    failCommits: (error) => {
      failure = error;
    },
    warden: (action, body) => control(`osm/${action}`, "POST", body),
    book: async (booking = {}) => {
      const weekend = { group: "1st Anytown", start: "2027-02-05", end: "2027-02-07", items: [{ item: 301 }] };
      return String((await control("osm/book", "POST", { ...weekend, ...booking }))["id"]);
    },
    fail: async (rule) => void (await control("faults", "POST", { rules: [{ api: "osm", times: null, ...rule }] })),
    mend: async () => void (await control("faults", "DELETE")),
    osmCalls() {
      const all = sandbox.log.calls().filter(({ api }) => api === "osm");
      const made: Record<string, number> = {};
      for (const { operation } of all.slice(seen)) made[operation] = (made[operation] ?? 0) + 1;
      seen = all.length;
      return made;
    },
    async key(scopes, ws = "camp") {
      const { doc, text } = makeApiKey(ws, { label: "test", scopes, createdBy: "test" }, NOW);
      await stores.workspace(ws).commit([{ kind: "put", ref: { collection: "apiKeys", id: doc.id }, data: doc }]);
      return text;
    },
    get: (path, credential) => ask(path, { headers: { authorization: `Bearer ${credential}` } }),
    post: (path, credential, body) =>
      ask(path, {
        method: "POST",
        headers: { authorization: `Bearer ${credential}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    async close() {
      await new Promise<void>((closed) => server.close(() => closed()));
      sandbox.close();
    },
  };
}

/** The demo's campsite, and one beside it without calendars of its own. */
function twoCamps(): Config {
  const { camp } = demoConfig().workspaces;
  if (camp === undefined) throw new Error("the demo has a workspace camp");
  return { workspaces: { camp, hill: { ...camp, resources: {} } } };
}

function countedIds(): () => string {
  let ids = 0;
  return () => (++ids).toString(16).padStart(32, "0");
}

function failing(inner: StoreFactory, failure: () => Error | undefined): StoreFactory {
  return {
    close: () => inner.close(),
    workspace(ws): DocumentStore {
      const store = inner.workspace(ws);
      return {
        ...store,
        async commit(writes) {
          const error = failure();
          if (error !== undefined) throw error;
          return store.commit(writes);
        },
      };
    },
  };
}
