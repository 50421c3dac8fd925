import { createPrivateKey, type KeyObject } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadFunctions, readFunctions, subscriptionsOf } from "../../scripts/local/function-folders.ts";
import { openGateway } from "../../scripts/local/gateway.ts";
import { type Issuer, openIssuer } from "../../scripts/local/issuer.ts";
import { localCalls } from "../../scripts/local/local-calls.ts";
import { makeLabel, openAccount } from "../../scripts/sandbox/gmail/mailbox.ts";
import { grantsOf } from "../../scripts/sandbox/gmail/shelves.ts";
import { putCalendar } from "../../scripts/sandbox/google/calendars.ts";
import { book } from "../../scripts/sandbox/osm/staff.ts";
import { createSandbox } from "../../scripts/sandbox/sandbox.ts";
import { seedCamp, seedStudio } from "../../scripts/sandbox/seed-demo.ts";
import type { World as SandboxWorld } from "../../scripts/sandbox/world.ts";
import { openPeople, type People } from "../../scripts/sim/studio/people.ts";
import { useWorld } from "../../shared/cloud/edge.ts";
import { createTokenVerifier } from "../../shared/cloud/oidc.ts";
import type { Config } from "../../shared/config.ts";
import { buildWorld } from "../../shared/edge/build-world.ts";
import { openSqliteBus, type SqliteBus } from "../../shared/embedded/sqlite-bus.ts";
import { openSqliteStores } from "../../shared/embedded/sqlite-store.ts";
import { systemTimer } from "../../shared/embedded/timer.ts";
import { LockstepError } from "../../shared/errors.ts";
import type { DocumentStore } from "../../shared/ports/store.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { type ManualClock, manualClock } from "../fakes/manual-clock.ts";
import { demoConfig } from "../functions/edge-bench.ts";
import { type Coverage, openCoverage } from "./coverage.ts";
import { complaintsOf, GUEST } from "./lawful.ts";
import { TIMEOUT_MS } from "./runs.ts";
import { type Answer, type Sent, send, sendBytes } from "./send.ts";
import { type Effects, openWatch } from "./watch.ts";

export const NOW = "2027-01-10T08:00:00.000Z";
export const WEBHOOK_SECRETS = {
  loft: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  villa: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
} as const;
export const PUSH_KEY = "push-key-of-2027";
export type Workspace = keyof typeof WEBHOOK_SECRETS;

export interface LogLine {
  readonly severity: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** All functions as they are served on one machine, over an embedded store and bus that are watched. */
export interface Rig extends People {
  readonly port: number;
  readonly clock: ManualClock;
  readonly issuer: Issuer;
  /** The issuer's own key, to sign what it never would. */
  readonly issuerKey: KeyObject;
  readonly coverage: Coverage;
  /** Past the watch: to prepare and to look. */
  store(ws: Workspace): DocumentStore;
  /** Sends over real HTTP. Throws where the answer breaks what holds for every answer. */
  ask(edge: string, sent: Sent): Promise<Answer>;
  /** The same for bytes that are perhaps no HTTP at all. */
  askBytes(edge: string, bytes: Buffer, hangUp?: boolean): Promise<Answer>;
  /** What happened behind the edges since this was asked last. */
  effects(): Effects;
  /** Log lines since this was asked last. */
  lines(): readonly LogLine[];
  /** Delivers what was accepted, through the gateway, until nothing is left. */
  deliverAll(): Promise<void>;
  close(): Promise<void>;
}

export interface RigOptions {
  /** Requests without a credential act as operator of loft, as on one machine. Default: nobody does. */
  readonly demoOperator?: boolean;
}

export async function openRig({ demoOperator = false }: RigOptions = {}): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-fuzz-"));
  const clock = manualClock(NOW);
  const watch = openWatch();
  const lines: LogLine[] = [];
  const logged: string[] = [];
  const gateway = await openGateway(0);
  const issuer = await openIssuer({ folder, clock });
  const sandbox = openSandbox(clock);
  const stores = openSqliteStores(":memory:", clock);
  const functions = readFunctions(process.cwd());
  const bus = openSqliteBus({
    file: ":memory:",
    subscriptions: subscriptionsOf(functions).map((spec) => ({ ...spec, minBackoffMs: 1, maxBackoffMs: 5 })),
    push: localCalls(gateway.url, issuer).push,
    timer: { ...systemTimer, now: () => clock.now() },
  });
  let ids = 0;
  const world = buildWorld({
    ...{ clock, config: twoWorkspaces(), providers: PROVIDERS, publicUrl: gateway.url },
    newId: () => (++ids).toString(16).padStart(32, "0"),
    log: {
      write(severity, message, fields = {}) {
        lines.push({ severity, message, fields });
        logged.push(...complaintsOfLine({ severity, message, fields }));
      },
    },
    publisher: watch.publisher(bus),
    stores: watch.stores(stores),
    secrets: { read: async (name) => readSecret(name), write: async () => {} },
    environment: {
      GOOGLE_API_ROOT: "http://sandbox/google",
      USCHEDULE_API_ROOT: "http://sandbox/uschedule",
      GMAIL_API_ROOT: "http://sandbox",
      OSM_API_ROOT: "http://sandbox/osm",
    },
    fetch: watch.fetch(sandbox.fetch),
  });
  useWorld(world, {
    verifyToken: createTokenVerifier(issuer.settings, clock),
    ...(demoOperator && { demoOperator: { ws: "loft" } }),
  });
  gateway.mount(await loadFunctions(process.cwd(), functions));
  gateway.ready();
  const crashes = listenForCrashes();
  const coverage = openCoverage();
  const { port } = gateway;
  return {
    ...openPeople(sandbox),
    ...{ port, clock, issuer, coverage, issuerKey: createPrivateKey(readFileSync(join(folder, "issuer-key.pem"))) },
    store: (ws) => stores.workspace(ws),
    ask: async (edge, sent) => checked(edge, sent, await send(port, sent)),
    async askBytes(edge, bytes, hangUp) {
      const sent = { method: "", target: "", headers: [], body: bytes };
      return checked(edge, sent, await sendBytes(port, bytes, hangUp));
    },
    effects: watch.take,
    lines: () => lines.splice(0),
    deliverAll: () => deliverAll(bus),
    async close() {
      crashes.stop();
      await gateway.close(0);
      await bus.close();
      await issuer.close();
      await stores.close();
      sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };

  function checked(edge: string, sent: Sent, answer: Answer): Answer {
    coverage.note(edge, sent, answer);
    const wrong = [
      ...complaintsOf(answer, [...Object.values(WEBHOOK_SECRETS), PUSH_KEY]),
      ...crashes.take(),
      ...logged.splice(0),
    ];
    if (wrong.length > 0) throw new Error([...new Set(wrong)].join("\n"));
    return answer;
  }
}

/** A defect is logged with its stack, and so is what a stranger's request never may be; guests are never named. */
function complaintsOfLine(line: LogLine): string[] {
  const text = JSON.stringify(line);
  const secret = [...Object.values(WEBHOOK_SECRETS), PUSH_KEY, GUEST].find((each) => text.includes(each));
  return [
    ...(secret === undefined ? [] : [`the log tells ${secret}: ${text.slice(0, 600)}`]),
    ...(line.message === "request failed" ? [`logged as a defect: ${text.slice(0, 1_500)}`] : []),
  ];
}

function openSandbox(clock: ManualClock) {
  let ids = 0;
  const sandbox = createSandbox({
    ...{ clock, seed: 7, newId: () => (++ids).toString(16).padStart(32, "0") },
    send: async () => new Response(null, { status: 204 }),
    alarm: { after: () => () => {} },
  });
  sandbox.arrange(({ world }) => world.setOptions({ ...world.options(), timeZone: "Europe/London" }));
  seedStudio(sandbox);
  seedCamp(sandbox);
  sandbox.arrange((call) => {
    const { world } = call;
    book(call, { group: "1st Anytown", start: "2027-02-05", end: "2027-02-07", items: [{ item: 301 }] });
    for (const id of ["villa-bay-1@sandbox", "villa-bay-2@sandbox"]) putCalendar(world, { id });
    for (const ws of ["loft", "villa"]) permitMailbox(world, ws);
  });
  return sandbox;
}

/** A host who has the label and has given permission. */
function permitMailbox(world: SandboxWorld, ws: string): void {
  const email = `${ws}@host.example`;
  openAccount(world, email);
  makeLabel(world, email, "Airbnb");
  const scope = "https://www.googleapis.com/auth/gmail.readonly";
  const refreshToken = `1//fuzz-${ws}`;
  grantsOf(world).put("grants", refreshToken, { refreshToken, email, clientId: "lockstep", scope, revoked: false });
}

/** The demo's workspace, and a neighbour's with bays and calendars of its own. */
function twoWorkspaces(): Config {
  const { loft: demo } = demoConfig().workspaces;
  if (demo === undefined) throw new Error("the demo has a workspace loft");
  const loft = { ...demo, mailbox: { provider: "gmail", settings: {} } };
  const resources = Object.entries(loft.resources).map(([id, resource]) => [
    id,
    { ...resource, calendar: resource.calendar.replace("loft", "villa") },
  ]);
  const osm = { provider: "osm", settings: { campsiteId: 1, sectionId: 4242 } };
  const sources = { ...loft.sources, osm, "osm-2": osm };
  return {
    workspaces: { loft: { ...loft, sources }, villa: { ...loft, sources, resources: Object.fromEntries(resources) } },
  };
}

/** Each workspace's connection; see `furnish`. */
export const CONNECTIONS = {
  loft: `loft-${"0".repeat(31)}1`,
  villa: `villa-${"0".repeat(31)}2`,
} as const satisfies Record<Workspace, string>;

const SECRETS: ReadonlyMap<string, string> = new Map([
  ["webhook-loft-uschedule", WEBHOOK_SECRETS.loft],
  ["webhook-villa-uschedule", WEBHOOK_SECRETS.villa],
  ["push-token-key", PUSH_KEY],
  [`gmail-${CONNECTIONS.loft}`, "1//fuzz-loft"],
  [`gmail-${CONNECTIONS.villa}`, "1//fuzz-villa"],
]);

function readSecret(name: string): string {
  const value = SECRETS.get(name);
  if (value === undefined) throw new LockstepError("SECRET_MISSING", { detail: `There is no secret ${name}.` });
  return value;
}

/** What escaped every handler: it would have ended the process. */
function listenForCrashes() {
  const seen: string[] = [];
  const note = (error: unknown) =>
    seen.push(`escaped: ${error instanceof Error ? (error.stack ?? "") : String(error)}`);
  process.on("unhandledRejection", note);
  process.on("uncaughtException", note);
  return {
    take: () => seen.splice(0),
    stop: () => {
      process.off("unhandledRejection", note);
      process.off("uncaughtException", note);
    },
  };
}

const MAX_WAIT_MS = TIMEOUT_MS / 2;

/** What is refused is tried again within milliseconds, and given up after as many tries as its file says. */
async function deliverAll(bus: SqliteBus): Promise<void> {
  bus.start();
  const until = performance.now() + MAX_WAIT_MS;
  while (bus.depth().length > 0) {
    await bus.idle();
    await new Promise((done) => setTimeout(done, 5));
    if (performance.now() > until) throw new Error(`still under way: ${JSON.stringify(bus.depth())}`);
  }
}
