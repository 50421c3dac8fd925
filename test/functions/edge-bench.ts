import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type EdgeOptions, useWorld } from "../../shared/cloud/edge.ts";
import { listenerOf } from "../../shared/cloud/frame.ts";
import type { Config } from "../../shared/config.ts";
import { readConfig } from "../../shared/config-file.ts";
import { buildWorld } from "../../shared/edge/build-world.ts";
import { LockstepError } from "../../shared/errors.ts";
import type { World } from "../../shared/flows/world.ts";
import type { Log, LogFields, Severity } from "../../shared/ports/log.ts";
import type { Secrets } from "../../shared/ports/secrets.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { type MemoryPublisher, memoryPublisher } from "../fakes/memory-publisher.ts";
import { memoryStores } from "../fakes/memory-store.ts";

export const WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
export const PUSH_KEY = "push-key-of-2027";

export interface LogLine {
  readonly severity: Severity;
  readonly message: string;
  readonly fields: LogFields;
}

/** One edge on real HTTP: a function behind a port, on stores and a bus in memory. */
export interface Bench {
  readonly world: World;
  readonly publisher: MemoryPublisher;
  readonly lines: LogLine[];
  readonly secrets: Map<string, string>;
  /** How often a workspace's store was opened; 0: nothing was read or written. */
  opened: number;
  /** The time the world thinks it is. */
  now: string;
  call(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** The configuration of the demo. */
export function demoConfig(): Config {
  return readConfig(readFileSync("scripts/local/demo.config.yaml", "utf8"), "demo.config.yaml", PROVIDERS);
}

/** Opens the function `name`, which the test imported before. */
export async function openBench(
  name: string,
  options: Partial<EdgeOptions & { config: Config; environment: Readonly<Record<string, string>> }> = {},
): Promise<Bench> {
  const publisher = memoryPublisher();
  const lines: LogLine[] = [];
  const secrets = new Map([
    ["webhook-loft-uschedule", WEBHOOK_SECRET],
    ["push-token-key", PUSH_KEY],
  ]);
  const bench = { now: new Date().toISOString(), opened: 0 };
  const stores = memoryStores();
  let ids = 0;
  const world = buildWorld({
    config: options.config ?? demoConfig(),
    clock: { now: () => bench.now, sleep: async () => {} },
    newId: () => (++ids).toString(16).padStart(32, "0"),
    log: logInto(lines),
    publisher,
    secrets: readerOf(secrets),
    stores: {
      ...stores,
      workspace: (ws) => {
        bench.opened += 1;
        return stores.workspace(ws);
      },
    },
    providers: PROVIDERS,
    environment: {
      ...{ GOOGLE_API_ROOT: "http://127.0.0.1:1", USCHEDULE_API_ROOT: "http://127.0.0.1:1" },
      ...options.environment,
    },
    fetch: globalThis.fetch,
    publicUrl: "http://localhost:8080",
  });
  const verifyToken = options.verifyToken ?? (async () => "bus@lockstep.local");
  useWorld(world, { verifyToken, ...(options.demoOperator && { demoOperator: options.demoOperator }) });
  const server = await listen(createServer(listenerOf(name)));
  // Proof: a server that listens on a host and port has an AddressInfo.
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(bench, {
    world,
    publisher,
    lines,
    secrets,
    call: (path: string, init?: RequestInit) => fetch(`${root}${path}`, init),
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  });
}

async function listen(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function logInto(lines: LogLine[]): Log {
  return { write: (severity, message, fields = {}) => lines.push({ severity, message, fields }) };
}

function readerOf(secrets: Map<string, string>): Secrets {
  return {
    read: async (name) => {
      const value = secrets.get(name);
      if (value === undefined) throw new LockstepError("SECRET_MISSING", { detail: `There is no secret ${name}.` });
      return value;
    },
    write: async (name, value) => void secrets.set(name, value),
  };
}

/** A problem as the tests look at it. */
export async function problem(
  response: Response,
): Promise<{ status: number; type: string; code: string; detail: string }> {
  const text = await response.text();
  const body: unknown = JSON.parse(text);
  if (typeof body !== "object" || body === null || !("code" in body) || !("detail" in body)) {
    throw new Error(`no problem: ${text}`);
  }
  return {
    status: response.status,
    type: response.headers.get("content-type") ?? "",
    code: String(body.code),
    detail: String(body.detail),
  };
}
