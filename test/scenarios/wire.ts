import { apiOfPath } from "../../scripts/sandbox/apis.ts";
import type { StoreFactory } from "../../shared/ports/store.ts";
import { memoryStores } from "../fakes/memory-store.ts";

/** A worker that dies: nothing after the await it stands at happens. */
export class Death extends Error {}

/** One call of Lockstep's; what people do does not come through here. */
export interface WireCall {
  /** `events.patch`, `bookit`. */
  readonly operation: string;
  /** With its query. */
  readonly path: string;
  readonly body: string;
  /** -1: never sent; 0: sent, and no answer. */
  status: number;
}

type Act = () => unknown;

/** Which call: by operation, or by anything about it. */
type Which = string | ((call: WireCall) => boolean);

/**
 * What stands between Lockstep and the world outside its process: every provider call and every commit
 * passes here. A test can have something happen right before or after one of them, or the worker die.
 */
export interface Wire {
  readonly fetch: (sandbox: typeof fetch) => typeof fetch;
  readonly stores: StoreFactory;
  /** Lockstep's calls since this was asked last. */
  calls(): WireCall[];
  /** Operations among them that changed something at a provider, or may have, in order; the rest is forgotten too. */
  writes(): string[];
  /** Once, before the next such call is sent. */
  before(which: Which, act: Act): void;
  /** Once, after the next such call took effect, before its answer is seen. */
  after(which: Which, act: Act): void;
  /** From now on such calls are answered by this, and never reach the provider; lifted by what it returns. */
  answer(which: Which, reply: (call: WireCall) => Response): () => void;
  /** Once, at step `n` from now: before or after a provider call or a commit. */
  atStep(n: number, act: Act): void;
  /** Steps since `atStep` was last called. */
  readonly steps: number;
  /** The worker is dead until `revive`: whatever it still tries has no effect. */
  die(): never;
  revive(): void;
}

const WRITES = new Set([
  ...["events.insert", "events.patch", "events.update", "events.delete", "events.move"],
  ...["bookit", "cancelappointment"],
  ...["changeReservation", "cancelReservation", "enableReservation", "createReservation"],
]);

interface Order {
  readonly when: "before" | "after";
  readonly which: Which;
  readonly act: Act;
}

export function openWire(stores: StoreFactory = memoryStores()): Wire {
  const orders: Order[] = [];
  const standing: { readonly which: Which; readonly reply: (call: WireCall) => Response }[] = [];
  let calls: WireCall[] = [];
  let dead = false;
  let steps = 0;
  let planned: { readonly at: number; readonly act: Act } | undefined;

  function die(): never {
    dead = true;
    throw new Death("the worker is dead");
  }

  async function step(): Promise<void> {
    if (dead) die();
    const now = planned?.at === steps ? planned : undefined;
    steps += 1;
    if (now === undefined) return;
    planned = undefined;
    await now.act();
  }

  async function carryOut(when: Order["when"], call: WireCall): Promise<void> {
    const index = orders.findIndex((order) => order.when === when && fits(order.which, call));
    const [order] = index < 0 ? [] : orders.splice(index, 1);
    await order?.act();
    await step();
  }

  const wire: Wire = {
    fetch: (sandbox) => async (input, init) => {
      if (dead) die();
      const call = describe(input, init);
      calls.push(call);
      await carryOut("before", call);
      call.status = 0;
      const answer = standing.find(({ which }) => fits(which, call))?.reply(call) ?? (await sandbox(input, init));
      call.status = answer.status;
      await carryOut("after", call);
      return answer;
    },
    stores: {
      close: () => stores.close(),
      workspace(name) {
        const store = stores.workspace(name);
        return {
          ...store,
          async commit(writes) {
            await step();
            const versions = await store.commit(writes);
            await step();
            return versions;
          },
        };
      },
    },
    calls() {
      const made = calls;
      calls = [];
      return made;
    },
    writes: () =>
      wire
        .calls()
        .filter(({ operation, status }) => WRITES.has(operation) && status >= 0 && status < 300)
        .map(({ operation }) => operation),
    before: (which, act) => void orders.push({ when: "before", which, act }),
    after: (which, act) => void orders.push({ when: "after", which, act }),
    answer(which, reply) {
      const order = { which, reply };
      standing.push(order);
      return () => void standing.splice(standing.indexOf(order), 1);
    },
    atStep(n, act) {
      planned = { at: n, act };
      steps = 0;
    },
    get steps() {
      return steps;
    },
    die,
    revive() {
      dead = false;
    },
  };
  return wire;
}

function fits(which: Which, call: WireCall): boolean {
  return typeof which === "string" ? call.operation === which : which(call);
}

function describe(input: string | URL | Request, init: RequestInit | undefined): WireCall {
  const { pathname, search, searchParams: query } = new URL(input instanceof Request ? input.url : input);
  const method = (input instanceof Request ? input.method : init?.method) ?? "GET";
  const body = typeof init?.body === "string" ? init.body : "";
  const asked = { method, path: pathname, query, headers: {}, body };
  const named = apiOfPath(pathname)?.operation(asked) ?? "unknown";
  // One word on either calendar.
  const operation = named === "events.create" ? "events.insert" : named;
  return { operation, path: `${pathname}${search}`, body, status: -1 };
}
