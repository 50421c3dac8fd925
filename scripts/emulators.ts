import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, globSync, realpathSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, dirname, join } from "node:path";

/**
 * The official emulators of Firestore and Pub/Sub, for `npm start -- --emulators` and the cloud
 * tests. In this order: those the environment names, else those of an installed gcloud SDK, started
 * here. Others (firebase-tools, a container) are started by hand and named in the environment.
 */
export type Emulators =
  | {
      readonly kind: "running";
      /** `host:port`, as the clients expect them in FIRESTORE_EMULATOR_HOST and PUBSUB_EMULATOR_HOST. */
      readonly firestoreHost: string;
      readonly pubsubHost: string;
      /** Ends what was started here; those of the environment stay. */
      stop(): Promise<void>;
    }
  | { readonly kind: "missing"; readonly reason: string };

const READY_WITHIN_MS = 60_000;

/** Starts what is not yet there and waits until both answer. Rejects where an emulator does not come up. */
export async function startEmulators(env: NodeJS.ProcessEnv = process.env): Promise<Emulators> {
  const { FIRESTORE_EMULATOR_HOST: firestoreHost, PUBSUB_EMULATOR_HOST: pubsubHost } = env;
  if (firestoreHost && pubsubHost) {
    await Promise.all([untilReady(firestoreHost), untilReady(pubsubHost)]);
    return { kind: "running", firestoreHost, pubsubHost, stop: async () => {} };
  }
  const jars = findJars(env);
  if ("reason" in jars) return { kind: "missing", reason: jars.reason };
  const started: Started[] = [];
  const stop = async () => {
    await Promise.all(started.map((each) => each.stop()));
  };
  try {
    started.push(await startJava(jars.java, firestoreArguments(jars.firestore)));
    started.push(await startJava(jars.java, pubsubArguments(jars.pubsub)));
    await Promise.all(started.map((each) => each.ready));
  } catch (error) {
    await stop();
    throw error;
  }
  const [firestore, pubsub] = started.map((each) => each.host);
  return { kind: "running", firestoreHost: firestore ?? "", pubsubHost: pubsub ?? "", stop };
}

interface Jars {
  readonly java: string;
  readonly firestore: string;
  readonly pubsub: string;
}

/** The jars of the gcloud SDK on the PATH; its own launchers start Java through Python and cannot be stopped well. */
function findJars(env: NodeJS.ProcessEnv): Jars | { readonly reason: string } {
  const gcloud = onPath("gcloud", env);
  const java = onPath("java", env);
  if (gcloud === undefined) return { reason: "there is no gcloud on the PATH" };
  if (java === undefined) return { reason: "there is no java on the PATH" };
  const platform = join(dirname(dirname(realpathSync(gcloud))), "platform");
  const firestore = join(platform, "cloud-firestore-emulator", "cloud-firestore-emulator.jar");
  const [pubsub] = globSync(join(platform, "pubsub-emulator", "lib", "cloud-pubsub-emulator-*-all.jar"));
  const install = "gcloud components install cloud-firestore-emulator pubsub-emulator";
  if (!existsSync(firestore) || pubsub === undefined) {
    return { reason: `the gcloud SDK at ${dirname(platform)} lacks an emulator (${install})` };
  }
  return { java, firestore, pubsub };
}

function onPath(program: string, { PATH = "" }: NodeJS.ProcessEnv): string | undefined {
  const name = process.platform === "win32" ? `${program}.exe` : program;
  return PATH.split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
}

function firestoreArguments(jar: string) {
  const main = "com.google.cloud.datastore.emulator.firestore.CloudFirestore";
  // With the rules that are deployed: who comes without the owner's token meets them here too.
  const rules = join(import.meta.dirname, "..", "firestore.rules");
  return (port: number) => ["-cp", jar, main, "--host", "127.0.0.1", "--port", String(port), "--rules", rules];
}

function pubsubArguments(jar: string) {
  return (port: number) => ["-jar", jar, "--host=127.0.0.1", `--port=${port}`];
}

interface Started {
  readonly host: string;
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

async function startJava(java: string, argumentsFor: (port: number) => string[]): Promise<Started> {
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const child = spawnTied(java, argumentsFor(port));
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const failed = gone.then(() => Promise.reject(new Error(`The emulator on ${host} ended before it was ready.`)));
  failed.catch(() => {});
  return {
    host,
    ready: Promise.race([untilReady(host), failed]),
    stop: () => {
      child.stdin?.end();
      return gone;
    },
  };
}

/**
 * Runs the program for as long as our end of its pipe is open: it goes when it is told to, and also
 * when this process is killed. Elsewhere than on POSIX it is a plain child.
 */
function spawnTied(program: string, args: readonly string[]): ChildProcess {
  if (process.platform === "win32") {
    const child = spawn(program, args, { stdio: ["pipe", "ignore", "ignore"] });
    child.stdin?.on("finish", () => child.kill());
    return child;
  }
  const script = [
    'exec 3<&0; "$@" </dev/null >/dev/null 2>&1 3<&- & child=$!',
    "(cat <&3 >/dev/null; kill -9 $child) & watcher=$!",
    "wait $child; kill $watcher",
  ].join("\n");
  return spawn("sh", ["-c", script, "sh", program, ...args], { stdio: ["pipe", "ignore", "ignore"] });
}

/** Both emulators answer `GET /` with 200 as soon as they serve. */
async function untilReady(host: string): Promise<void> {
  for (const end = Date.now() + READY_WITHIN_MS; ; ) {
    const answer = await fetch(`http://${host}/`, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    if (Date.now() > end) throw new Error(`The emulator on ${host} does not answer.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
