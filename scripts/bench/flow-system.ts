import { SANDBOXES } from "../local/options.ts";
import { runLocally } from "../local/run-local.ts";
import { freePort } from "./deployed/instance.ts";
import { bookAt, type Order } from "./flow-order.ts";

/** Everything that `npm start` starts, in this process, with a data folder of its own. */
export interface LocalSystem {
  readonly sandboxUrl: string;
  /** Makes the bookings, and waits until each is carried out. */
  carry(orders: readonly Order[]): Promise<void>;
  close(): Promise<void>;
}

const WITHIN_MS = 60_000;

export async function openLocalSystem(root: string, data: string): Promise<LocalSystem> {
  const [port, sandboxPort] = [await freePort(), await freePort()];
  const carried = openTally();
  const options = { port, sandboxPort, data, emulators: false, sandbox: SANDBOXES, help: false };
  const run = await runLocally(options, root, (text) => {
    const [, id] = /uschedule (\d+) → gcal {2}created/.exec(text) ?? [];
    if (id !== undefined) carried.add(id);
  });
  const sandboxUrl = `http://localhost:${sandboxPort}`;
  return {
    sandboxUrl,
    async carry(orders) {
      const ids: string[] = [];
      for (const order of orders) ids.push(await bookAt(sandboxUrl, order));
      await carried.all(ids);
    },
    close: () => run.stop(),
  };
}

interface Tally {
  add(id: string): void;
  /** Resolves when each of these was added. Rejects after a minute. */
  all(ids: readonly string[]): Promise<void>;
}

function openTally(): Tally {
  const done = new Set<string>();
  let look = () => {};
  return {
    add(id) {
      done.add(id);
      look();
    },
    all(ids) {
      return new Promise((resolve, reject) => {
        const missing = () => ids.filter((id) => !done.has(id));
        const limit = setTimeout(() => reject(new Error(`Not carried out: ${missing().join(", ")}.`)), WITHIN_MS);
        look = () => {
          if (missing().length > 0) return;
          clearTimeout(limit);
          resolve();
        };
        look();
      });
    },
  };
}
