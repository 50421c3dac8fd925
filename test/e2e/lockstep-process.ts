import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A running `npm start`, seen from outside: its ports, its folder, its screen. */
export interface LockstepProcess {
  readonly url: string;
  readonly sandboxUrl: string;
  readonly data: string;
  /** Everything it printed so far. */
  screen(): string;
  /** Process id of what holds the ports and the data. */
  readonly pid: number;
  /** As Ctrl-C; resolves with the exit code. */
  stop(): Promise<number>;
  /** As `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
  readonly exited: Promise<number>;
}

export interface StartOptions {
  readonly port?: number;
  readonly sandboxPort?: number;
  readonly data?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const HEALTHY_WITHIN_MS = 90_000;

/** Starts Lockstep on free ports and waits until it is healthy. Throws with its output where it ends before. */
export async function startLockstep(options: StartOptions = {}): Promise<LockstepProcess> {
  const port = options.port ?? (await freePort());
  const sandboxPort = options.sandboxPort ?? (await freePort());
  const data = options.data ?? tempFolder();
  const args = ["--port", String(port), "--sandbox-port", String(sandboxPort), "--data", data, ...(options.args ?? [])];
  const child = spawn(process.execPath, ["scripts/local/start.ts", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...options.env },
  });
  let screen = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      screen += String(chunk);
    });
  }
  const exited = new Promise<number>((resolve) =>
    child.once("exit", (code, signal) => resolve(code ?? (signal ? 128 : 1))),
  );
  const url = `http://localhost:${port}`;
  await untilHealthy(url, child, () => screen);
  return {
    ...{ url, data, exited, sandboxUrl: `http://localhost:${sandboxPort}`, pid: child.pid ?? 0 },
    screen: () => screen,
    stop() {
      child.kill("SIGINT");
      return exited;
    },
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

async function untilHealthy(url: string, child: ChildProcess, screen: () => string): Promise<void> {
  const end = performance.now() + HEALTHY_WITHIN_MS;
  while (child.exitCode === null && child.signalCode === null && performance.now() < end) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  child.kill("SIGKILL");
  throw new Error(`Lockstep did not become healthy:\n${screen()}`);
}

/** A new folder under the system's temporary one. */
export function tempFolder(): string {
  return mkdtempSync(join(tmpdir(), "lockstep-e2e-"));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** A port that nobody listens on at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
