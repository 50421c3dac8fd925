import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** A started server process: a deployed function, or what it is compared with. */
export interface Instance {
  readonly url: string;
  /** CPU time of all its threads since it started, and the memory it holds now. */
  spent(): Spent;
  /** What it wrote to standard output so far. */
  output(): string;
  kill(): Promise<void>;
}

export interface Spent {
  readonly cpuMs: number;
  readonly rssBytes: number;
}

const READY_WITHIN_MS = 30_000;

/** Starts `node` with these arguments and PORT set, and answers once it listens. */
export async function startInstance(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Instance> {
  const port = await freePort();
  const child = spawn(process.execPath, args, {
    env: { ...env, PORT: String(port) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  await untilListening(port, child, () => output);
  return {
    url: `http://127.0.0.1:${port}`,
    spent: () => spentBy(child.pid ?? 0),
    output: () => output,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/** A refused connection costs the process nothing that is measured. */
async function untilListening(port: number, child: ChildProcess, output: () => string): Promise<void> {
  for (const end = Date.now() + READY_WITHIN_MS; ; ) {
    if (child.exitCode !== null) throw new Error(`The instance ended before it listened: ${output()}`);
    if (await connects(port)) return;
    if (Date.now() > end) throw new Error("The instance does not listen.");
    await pause(2);
  }
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** From Linux's own accounts, to the nanosecond: `schedstat` of each thread. */
function spentBy(pid: number): Spent {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.reduce((sum, thread) => sum + runningTimeOf(pid, thread), 0);
  const [, kilobytes = "0"] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return { cpuMs: nanoseconds / 1e6, rssBytes: Number(kilobytes) * 1024 };
}

function runningTimeOf(pid: number, thread: string): number {
  return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
}

/** A port that nobody has just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Listening on TCP, a server's address is an AddressInfo.
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
