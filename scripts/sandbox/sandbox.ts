import type { Clock, NewId } from "../../shared/ports/clock.ts";
import { type Alarm, systemAlarm, wait } from "./alarm.ts";
import { type CallLog, openCallLog } from "./call-log.ts";
import { openCourier, sendOverHttp } from "./courier.ts";
import { arrange, handleRequest } from "./engine.ts";
import { fetchEntry } from "./fetch-entry.ts";
import { serveHttp } from "./http-shell.ts";
import { openCabinet } from "./shelf.ts";
import type { Outcome, SandboxRequest } from "./wire.ts";
import { type Call, openWorld, type World } from "./world.ts";

export interface SandboxOptions {
  readonly clock: Clock;
  /** Fresh ids of lower-case hex; they become event ids, tokens and webhook ids. */
  readonly newId: NewId;
  /** Where the state is kept (one SQLite file); without it, in memory. */
  readonly dataDir?: string;
  /** Where USchedule sends its webhooks. */
  readonly webhook?: { readonly url: string; readonly secret: string };
  /** Start of all chance: fault rules with a probability, gaps in message numbers. */
  readonly seed?: number;
  /** Timers; a simulation brings its own, or none that rings and calls `tick`. */
  readonly alarm?: Alarm;
  /** How pushes and webhooks leave. Default: over HTTP, ten seconds each. */
  readonly send?: typeof fetch;
  /** The sandbox's own address in answers. Default: where it listens. */
  readonly origin?: string;
}

/** Google Calendar and USchedule in one process, with or without a port. */
export interface Sandbox {
  readonly world: World;
  readonly log: CallLog;
  handle(request: SandboxRequest): Promise<Outcome>;
  /** In-process stand-in for `fetch`; the host in the URL does not matter. */
  readonly fetch: typeof fetch;
  /** Delivers every push and webhook that is due. */
  tick(): Promise<void>;
  /** Does something to the state from outside any call, durably; nobody is notified. */
  arrange(act: (call: Call) => void): void;
  close(): void;
}

export interface RunningSandbox extends Omit<Sandbox, "close"> {
  /** `http://127.0.0.1:8090`, without trailing slash. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Opens the sandbox without a port. Throws where the state under `dataDir` cannot be opened. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const cabinet = openCabinet(options.dataDir);
  const world = openWorld({ cabinet, clock: options.clock, newId: options.newId, seed: options.seed ?? 1 });
  if (options.webhook !== undefined) world.setOptions({ ...world.options(), webhook: options.webhook });
  cabinet.commit();
  const log = openCallLog();
  const alarm = options.alarm ?? systemAlarm;
  const send = options.send ?? sendOverHttp;
  const courier = openCourier({ world, alarm, log, send });
  courier.wake();
  const parts = { world, log, alarm, courier, send, origin: options.origin ?? "http://localhost:8090" };
  const handle = (request: SandboxRequest) => handleRequest(parts, request);
  return {
    world,
    log,
    handle,
    fetch: fetchEntry(handle, (ms) => wait(alarm, ms)),
    tick: courier.tick,
    arrange: (act) => arrange(parts, act),
    close() {
      courier.stop();
      cabinet.close();
    },
  };
}

/** Opens the sandbox on 127.0.0.1. Port 0 takes any free one. */
export async function startSandbox(options: SandboxOptions & { readonly port: number }): Promise<RunningSandbox> {
  const sandbox = createSandbox({ origin: `http://localhost:${options.port}`, ...options });
  const server = await serveHttp(sandbox.handle, options.port, (ms) => wait(options.alarm ?? systemAlarm, ms));
  return {
    ...sandbox,
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    async close() {
      await server.close();
      sandbox.close();
    },
  };
}
