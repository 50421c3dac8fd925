import { join, resolve } from "node:path";
import { useWorld } from "../../shared/cloud/edge.ts";
import { openGoogleSignIn } from "../../shared/cloud/google-sign-in.ts";
import { createTokenVerifier } from "../../shared/cloud/oidc.ts";
import type { Config } from "../../shared/config.ts";
import { loadConfig } from "../../shared/config-file.ts";
import { buildWorld, openConnections } from "../../shared/edge/build-world.ts";
import { timedFetch } from "../../shared/edge/timed-fetch.ts";
import { type DataFolder, openDataFolder } from "../../shared/embedded/data-folder.ts";
import { openFileSecrets } from "../../shared/embedded/file-secrets.ts";
import type { World } from "../../shared/flows/world.ts";
import { type NewId, systemClock } from "../../shared/ports/clock.ts";
import type { Log } from "../../shared/ports/log.ts";
import type { Secrets } from "../../shared/ports/secrets.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { TOPIC as MAILBOX_TOUCHED } from "../../shared/topics/mailbox-touched.ts";
import { buildDashboard } from "../dashboard/build.ts";
import type { RunningSandbox } from "../sandbox/sandbox.ts";
import { followBackfill } from "./backfill-lines.ts";
import { jobsOf, locally } from "./cadence.ts";
import { openDemoSandbox } from "./demo-sandbox.ts";
import { openEmbeddedBacking } from "./embedded-backing.ts";
import { type Functions, loadFunctions, readFunctions, subscriptionsOf } from "./function-folders.ts";
import { type Gateway, openGateway } from "./gateway.ts";
import { type Issuer, openIssuer } from "./issuer.ts";
import type { LocalBacking } from "./local-backing.ts";
import { type LocalCalls, localCalls } from "./local-calls.ts";
import { openLocalLog } from "./local-log.ts";
import type { StartOptions } from "./options.ts";
import { patiently } from "./patience.ts";
import { type Reached, rootsInUse, withSandboxRoots } from "./provider-roots.ts";
import { openPubsubDoor } from "./pubsub-door.ts";
import { createScheduler, type Scheduler } from "./scheduler.ts";
import { screenText } from "./screen.ts";
import { prepareSecrets } from "./secrets.ts";
import { type Cleanup, createCleanup, withinGrace } from "./shutdown.ts";
import { thingsToTry } from "./things-to-try.ts";

/** How long running work may take to end after Ctrl-C; what is cut off is done again at the next start. */
const GRACE_MS = 5000;
const DEMO_CONFIG = "scripts/local/demo.config.yaml";

const newId: NewId = () => crypto.randomUUID().replaceAll("-", "");

export interface LocalRun {
  /** Ends what runs, closes everything, lets go of the data folder. */
  stop(): Promise<void>;
}

/** Where things are shown: the screen and each sync's line. */
export type Say = (text: string) => void;

/**
 * Brings all of it up on this machine, in the order of what needs what:
 *
 *     data folder ▶ gateway, issuer ▶ sandbox ▶ store, bus ▶ world ▶ functions ▶ deliveries ▶ scheduler
 *
 * Throws LockstepError with what to do; what was opened until then is closed again.
 */
export async function runLocally(options: StartOptions, root: string, say: Say): Promise<LocalRun> {
  const cleanup = createCleanup();
  try {
    await bringUp(options, root, say, cleanup);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
  return { stop: cleanup.run };
}

async function bringUp(options: StartOptions, root: string, say: Say, cleanup: Cleanup): Promise<void> {
  const configFile = options.config ?? join(root, DEMO_CONFIG);
  const config = loadConfig(configFile, PROVIDERS);
  const functions = readFunctions(root);
  const base = await openBase(options, config, say, cleanup);
  const sandbox = await openSandbox(options, base, config, cleanup);
  const environment = environmentWith(options, sandbox);
  const reached = rootsInUse(config, PROVIDERS, environment);
  const backing = await openBacking(options, base, functions, cleanup);
  await openDoor(sandbox, backing, cleanup);
  const world = openWorld(base, config, backing, environment);
  openConnections(world);
  const verifyToken = createTokenVerifier(base.issuer.settings, systemClock);
  const people = openGoogleSignIn(world, environment.GOOGLE_SIGN_IN_ROOT);
  const demoOperator = { ws: Object.keys(config.workspaces)[0] ?? "" };
  useWorld(world, { verifyToken, demoOperator, ...(people !== undefined && { people }) });
  await buildDashboard(root);
  base.gateway.mount(await loadFunctions(root, functions));
  // What the gateway still answers has its store until then.
  cleanup.add(() => base.gateway.close(GRACE_MS));
  const scheduler = schedulerOf(base, functions, reached);
  cleanup.add(() => Promise.all([scheduler.stop(GRACE_MS), withinGrace(backing.stop(), GRACE_MS)]));
  await backing.start();
  say(
    screenText({
      ...{ config, configFile, reached, url: base.gateway.url, backing: backing.name, data: base.folder.path },
      functions: [...functions.keys()],
      tries: sandbox === undefined ? [] : await thingsToTry({ gatewayUrl: base.gateway.url, sandbox, world }),
    }),
  );
  base.gateway.ready();
  cleanup.add(followBackfill(world, say));
  scheduler.start();
}

interface Base {
  readonly folder: DataFolder;
  readonly log: Log;
  readonly secrets: Secrets;
  readonly gateway: Gateway;
  readonly issuer: Issuer;
  readonly calls: LocalCalls;
}

/** What only this process may have: the data folder and the port, with what signs calls between the parts. */
async function openBase(options: StartOptions, config: Config, say: Say, cleanup: Cleanup): Promise<Base> {
  const folder = await patiently(() => openDataFolder(resolve(options.data)));
  cleanup.add(() => folder.release());
  const log = openLocalLog(folder.file("log.jsonl"), config, say);
  const secrets = openFileSecrets(folder.file("secrets.json"));
  await prepareSecrets(secrets, config, { signIn: options.sandbox.includes("gmail") });
  const gateway = await patiently(() => openGateway(options.port));
  cleanup.add(() => gateway.close(GRACE_MS));
  const issuer = await openIssuer({ folder: folder.path, clock: systemClock });
  cleanup.add(() => issuer.close());
  return { folder, log, secrets, gateway, issuer, calls: localCalls(gateway.url, issuer) };
}

/** The sandbox where it is asked for; it lives through restarts as the real providers do. */
async function openSandbox(
  options: StartOptions,
  { folder, secrets, gateway }: Base,
  config: Config,
  cleanup: Cleanup,
): Promise<RunningSandbox | undefined> {
  if (options.sandbox.length === 0) return undefined;
  const sandbox = await patiently(() =>
    openDemoSandbox({
      ...{ config, secrets, newId, clock: systemClock, gatewayUrl: gateway.url },
      port: options.sandboxPort,
      folder: folder.file("sandbox"),
    }),
  );
  cleanup.add(() => sandbox.close());
  return sandbox;
}

function environmentWith(options: StartOptions, sandbox: RunningSandbox | undefined): typeof process.env {
  return sandbox === undefined
    ? process.env
    : withSandboxRoots(process.env, options.sandbox, `http://localhost:${sandbox.port}`, PROVIDERS);
}

async function openBacking(
  options: StartOptions,
  { folder, log, calls }: Base,
  functions: Functions,
  cleanup: Cleanup,
): Promise<LocalBacking> {
  const parts = { folder, log, calls, clock: systemClock, subscriptions: subscriptionsOf(functions).map(locally) };
  // The cloud's client libraries are loaded only where they are used: they are most of a start.
  const backing = options.emulators
    ? await (await import("./emulator-backing.ts")).openEmulatorBacking(parts)
    : openEmbeddedBacking(parts);
  cleanup.add(() => backing.close());
  return backing;
}

/** Where the sandbox's Gmail publishes that there is new mail. */
async function openDoor(sandbox: RunningSandbox | undefined, backing: LocalBacking, cleanup: Cleanup): Promise<void> {
  if (sandbox === undefined) return;
  const door = await openPubsubDoor(backing.publisher, [MAILBOX_TOUCHED]);
  cleanup.add(() => door.close());
  sandbox.arrange(({ world }) => world.setOptions({ ...world.options(), gmailPubsub: door.url }));
}

function openWorld(base: Base, config: Config, backing: LocalBacking, environment: typeof process.env): World {
  const { log, gateway, secrets } = base;
  return buildWorld({
    ...{ config, log, secrets, newId, environment, clock: systemClock, providers: PROVIDERS },
    fetch: timedFetch(fetch),
    stores: backing.stores,
    publisher: backing.publisher,
    publicUrl: gateway.url,
  });
}

function schedulerOf({ calls, log }: Base, functions: Functions, reached: readonly Reached[]): Scheduler {
  const simulated = reached.every((provider) => provider.local);
  return createScheduler({ jobs: jobsOf(functions, simulated), log, call: calls.call });
}
