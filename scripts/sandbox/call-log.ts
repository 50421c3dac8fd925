import type { CallRemarks } from "./simulated-api.ts";

/** One provider call as the sandbox saw it. Never bodies, never queries, never credentials. */
export interface LoggedCall extends CallRemarks {
  readonly n: number;
  readonly at: string;
  readonly api: string;
  /** `events.patch`, `bookit`; `unknown` where the path is none of the API's. */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** 0: the connection was closed without an answer. */
  readonly status: number;
  readonly faults: readonly string[];
}

/** One attempt to deliver a push or webhook. */
export interface LoggedDelivery {
  readonly n: number;
  readonly at: string;
  readonly from: string;
  readonly receiver: string;
  readonly attempt: number;
  /** 0: no answer. */
  readonly status: number;
}

export interface CallLog {
  call(entry: Omit<LoggedCall, "n">): void;
  delivery(entry: Omit<LoggedDelivery, "n">): void;
  calls(): readonly LoggedCall[];
  deliveries(): readonly LoggedDelivery[];
  /** Calls per `api operation`, for benches. */
  counts(): Readonly<Record<string, number>>;
  reset(): void;
}

/** The newest entries kept; counters go on. */
const KEPT = 20_000;

/** Kept in memory only: it measures, nothing depends on it. */
export function openCallLog(): CallLog {
  let calls: LoggedCall[] = [];
  let deliveries: LoggedDelivery[] = [];
  let counts = new Map<string, number>();
  let n = 0;
  return {
    call(entry) {
      calls = keep(calls, { n: ++n, ...entry });
      const name = `${entry.api} ${entry.operation}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    delivery(entry) {
      deliveries = keep(deliveries, { n: ++n, ...entry });
    },
    calls: () => calls,
    deliveries: () => deliveries,
    counts: () => Object.fromEntries(counts),
    reset() {
      calls = [];
      deliveries = [];
      counts = new Map();
    },
  };
}

function keep<Entry>(entries: Entry[], entry: Entry): Entry[] {
  entries.push(entry);
  return entries.length > 2 * KEPT ? entries.slice(-KEPT) : entries;
}
