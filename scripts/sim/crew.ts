import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Order, PlayedReport, Report } from "./worker-messages.ts";

/** Histories leave much behind that lives for moments only: a larger nursery spares copying it about (MB). */
const NURSERY = "--max-semi-space-size=32";

/** Worker processes that play histories side by side. What they play is the same on one as on many. */
export interface Crew {
  play(order: Order): Promise<PlayedReport>;
  close(): void;
}

export interface CrewOptions {
  readonly size: number;
  /** Node's own arguments and environment for the workers, e.g. what switches a safeguard off. */
  readonly execArgv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Waiting {
  readonly order: Order;
  readonly resolve: (report: PlayedReport) => void;
  readonly reject: (error: Error) => void;
}

export function openCrew({ size, execArgv = [], env = {} }: CrewOptions): Crew {
  const waiting: Waiting[] = [];
  const idle: ChildProcess[] = [];
  const children = Array.from({ length: size }, () => {
    const child = fork(join(import.meta.dirname, "worker.ts"), {
      execArgv: [NURSERY, ...execArgv],
      env: { ...process.env, ...env, METADATA_SERVER_DETECTION: "none" },
    });
    const unborn = (code: number | null) => {
      for (const { reject } of waiting.splice(0)) reject(new Error(`A worker ended with ${code} before it was ready.`));
    };
    child.once("exit", unborn);
    child.once("message", () => {
      child.off("exit", unborn);
      give(child);
    });
    return child;
  });

  /** A free worker takes the next history. */
  function give(child: ChildProcess): void {
    const next = waiting.shift();
    if (next === undefined) {
      idle.push(child);
      return;
    }
    const died = (code: number | null) => next.reject(new Error(`A worker ended with ${code} over its history.`));
    child.once("exit", died);
    child.once("message", (report: Report) => {
      child.off("exit", died);
      // Proof: after its first message a worker only answers orders.
      next.resolve(report as PlayedReport);
      give(child);
    });
    child.send(next.order);
  }

  return {
    play: (order) =>
      new Promise((resolve, reject) => {
        waiting.push({ order, resolve, reject });
        const child = idle.shift();
        if (child !== undefined) give(child);
      }),
    close() {
      for (const child of children) child.kill("SIGKILL");
    },
  };
}
