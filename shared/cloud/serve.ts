import type { Server } from "node:http";
import { LockstepError } from "../errors.ts";
import type { Log } from "../ports/log.ts";
import { useWorld } from "./edge.ts";
import { createEdgeServer } from "./edge-server.ts";
import { definitionOf, endStreams, listenerOf } from "./frame.ts";
import { openGoogleSignIn } from "./google-sign-in.ts";
import { createLog } from "./log.ts";
import { createTokenVerifier, oidcSettingsFrom, required, type VerifyToken } from "./oidc.ts";
import type { CloudWorld } from "./wire.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Cloud Run allows ten seconds between SIGTERM and the end. */
const GRACE_MS = 8_000;

/** How a world is made of the environment: `wireWorld`, or `wireEdge` where no configuration is needed. */
export type Wire = (environment: Environment, log: Log) => CloudWorld;

/**
 * Starts one deployed function, which its entry (`scripts/bundle/entry.ts`) imported before:
 *
 *     import "./functions/sync/index.ts";
 *     export const start = () => serve("sync", process.env, wireWorld);
 *
 * Ends the process with the reason where the configuration is wrong, so that a bad revision never gets traffic.
 */
export function serve(name: string, environment: Environment, wireIt: Wire): Server {
  const log = createLog({
    labels: { function: name },
    ...(environment.GOOGLE_CLOUD_PROJECT !== undefined && { project: environment.GOOGLE_CLOUD_PROJECT }),
  });
  try {
    const cloud = wire(name, environment, log, wireIt);
    const server = createEdgeServer(listenerOf(name));
    server.listen(Number(environment.PORT ?? "8080"), () => log.write("INFO", "function ready"));
    process.once("SIGTERM", () => void stop(server, cloud));
    return server;
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    log.write("CRITICAL", "function cannot start", { code: error.code, reason: error.message });
    process.exit(1);
  }
}

function wire(name: string, environment: Environment, log: Log, wireIt: Wire): CloudWorld {
  const { auth, requires = {} } = definitionOf(name);
  for (const [variable, purpose] of Object.entries(requires)) required(environment, variable, purpose);
  const cloud = wireIt(environment, log);
  const { clock } = cloud.world;
  const verifyToken = auth === "internal" ? createTokenVerifier(oidcSettingsFrom(environment), clock) : nobody;
  const people = name === "api" ? openGoogleSignIn(cloud.world, environment.GOOGLE_SIGN_IN_ROOT) : undefined;
  useWorld(cloud.world, { verifyToken, ...(people !== undefined && { people }) });
  return cloud;
}

const nobody: VerifyToken = async () => {
  throw new LockstepError("UNAUTHENTICATED", { detail: "This edge takes no tokens." });
};

/** Answers what is running, sends what is not sent, ends. */
async function stop(server: Server, cloud: CloudWorld): Promise<void> {
  setTimeout(() => process.exit(0), GRACE_MS).unref();
  endStreams();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await cloud.close();
  process.exit(0);
}
