import { type Edge, edgeOf } from "../../shared/cloud/edge.ts";
import type { Config } from "../../shared/config.ts";
import { buildWorld } from "../../shared/edge/build-world.ts";
import { isError, LockstepError } from "../../shared/errors.ts";
import type { World } from "../../shared/flows/world.ts";
import type { Publisher } from "../../shared/ports/bus.ts";
import type { NewId } from "../../shared/ports/clock.ts";
import type { DocumentStore, StoreFactory, Write } from "../../shared/ports/store.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { readRequest, toResponse } from "../sandbox/fetch-entry.ts";
import type { Outcome, Reply, SandboxRequest } from "../sandbox/wire.ts";
import { type Crossing, OWN_CALL_FAULTS } from "./faults.ts";
import { SECRETS } from "./secrets.ts";
import type { Timeline } from "./timeline.ts";

/** Longer than any delivery may take: who waited so long is not alone any more. */
const STALL_MS = 320_000;
const SLOW_MS = 25_000;
/** So late a call may still reach its provider, after whoever sent it gave up. */
const LATE_MS = 17_000;
/** The transport gives up on a call after this long, as `timedFetch` does. */
const CALL_LIMIT_MS = 10_000;

/** What becomes of one crossing. */
export interface Luck {
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly fault: string | undefined;
}

/** What an instance stands on: the outside of all instances. */
export interface Ground {
  readonly timeline: Timeline;
  readonly config: Config;
  readonly environment: Readonly<Record<string, string>>;
  readonly publicUrl: string;
  readonly newId: NewId;
  readonly stores: StoreFactory;
  readonly publisher: Publisher;
  /** Brings a call to the simulated providers; the state machine has run when it returns. */
  readonly callProvider: (request: SandboxRequest, instance: string) => Promise<Outcome>;
  readonly luck: (crossing: Crossing, site: string, call?: SandboxRequest) => Luck;
  /** A commit met another's, or a call came late: whoever made it may write the same once more. */
  readonly conflicted: () => void;
  readonly log: (
    instance: string,
    severity: string,
    message: string,
    fields: Readonly<Record<string, unknown>>,
  ) => void;
}

/** One running copy of one function, with a clock, a memory and connections of its own. */
export interface Instance {
  readonly name: string;
  readonly edge: Edge;
  readonly isDead: () => boolean;
  /** Resolves when it dies. */
  readonly died: Promise<void>;
  /** From now on nothing that runs here takes another step: what it waits for never comes. */
  kill(): void;
}

/** What a dead instance waits for: one of its own each time, or what waits would be kept for as long as the process. */
function never(): Promise<never> {
  return new Promise(() => {});
}

export function openInstance(ground: Ground, name: string, skewMs: number): Instance {
  const { timeline } = ground;
  let dead = false;
  let tellDeath: () => void = () => {};
  const died = new Promise<void>((resolve) => {
    tellDeath = resolve;
  });
  const kill = () => {
    dead = true;
    tellDeath();
  };

  /** One step over the border: wait, perhaps die, act, perhaps die, wait. */
  async function cross<T>(luck: Luck, act: () => Promise<T>): Promise<T> {
    if (dead) return never();
    if (luck.fault === "die-before") kill();
    await timeline.sleep(luck.beforeMs);
    if (dead) return never();
    const done = act();
    // Whoever is dead does not hear of it; that it failed is nobody's matter then.
    done.catch(() => {});
    if (luck.fault === "die-after") {
      await done.catch(() => {});
      kill();
    }
    if (dead) return never();
    const result = await done.finally(() => timeline.sleep(luck.afterMs + waitAfter(luck.fault)));
    // Long held up, it goes on beside whoever took its work over.
    if (luck.fault === "stall") ground.conflicted();
    return dead ? never() : result;
  }

  const simulatedFetch: typeof fetch = async (input, init) => {
    const asked = await readRequest(input, init);
    const luck = ground.luck("call", name, asked);
    const request = withFault(asked, luck.fault);
    return cross(luck, async () => {
      if (luck.fault === "arrives-late") {
        timeline.after(LATE_MS, () => {
          ground.conflicted();
          void ground.callProvider(request, name);
        });
        throw await brokenAfter(timeline, CALL_LIMIT_MS);
      }
      const outcome = await ground.callProvider(request, name);
      if (outcome.end === "closed") throw await brokenAfter(timeline, CALL_LIMIT_MS);
      return outcome.end === "whole" ? new TextResponse(outcome.reply) : toResponse(outcome);
    });
  };

  const world = buildWorld({
    config: structuredClone(ground.config),
    clock: timeline.clock(skewMs),
    newId: ground.newId,
    log: { write: (severity, message, fields = {}) => dead || ground.log(name, severity, message, fields) },
    publisher: troubledPublisher(ground, name, cross),
    secrets: { read: async (secret) => SECRETS(secret), write: async () => {} },
    publicUrl: ground.publicUrl,
    stores: troubledStores(ground, name, cross),
    providers: PROVIDERS,
    environment: ground.environment,
    fetch: simulatedFetch,
  });
  return { name, edge: edgeOfInstance(world), isDead: () => dead, died, kill };
}

/** Who calls an internal edge is proven by its own tests; here everybody inside is who they say. */
function edgeOfInstance(world: World): Edge {
  return edgeOf(world, {
    verifyToken: async () => "simulation",
    demoOperator: { ws: Object.keys(world.config.workspaces)[0] ?? "" },
  });
}

/** A whole answer of text, without the streams that `Response` builds to give it away piece by piece. */
class TextResponse extends Response {
  override readonly text: () => Promise<string>;

  constructor({ body, status, headers }: Reply) {
    super(null, { status, headers });
    this.text = async () => body;
  }
}

function waitAfter(fault: string | undefined): number {
  return fault === "stall" ? STALL_MS : fault === "slow-after" ? SLOW_MS : 0;
}

function withFault(request: SandboxRequest, fault: string | undefined): SandboxRequest {
  if (fault === undefined || OWN_CALL_FAULTS.has(fault)) return request;
  return { ...request, headers: { ...request.headers, "x-sandbox-fault": fault } };
}

/** No answer within the limit, as the real transport says it. */
async function brokenAfter(timeline: Timeline, ms: number): Promise<DOMException> {
  await timeline.sleep(ms);
  return new DOMException("The operation was aborted due to timeout", "TimeoutError");
}

type Cross = <T>(luck: Luck, act: () => Promise<T>) => Promise<T>;

function troubledPublisher(ground: Ground, name: string, cross: Cross): Publisher {
  return {
    publish(topic, messages) {
      const luck = ground.luck("publish", `${name} ${topic}`);
      return cross(luck, async () => {
        if (luck.fault === "unavailable-before") throw new LockstepError("BUS_UNAVAILABLE", { detail: "simulated" });
        await ground.publisher.publish(topic, messages);
        if (luck.fault === "unavailable-after") throw new LockstepError("BUS_UNAVAILABLE", { detail: "simulated" });
      });
    },
    close: async () => {},
  };
}

function troubledStores(ground: Ground, name: string, cross: Cross): StoreFactory {
  return {
    close: async () => {},
    workspace(ws): DocumentStore {
      const store = ground.stores.workspace(ws);
      const read = <T>(what: string, act: () => Promise<T>): Promise<T> => {
        const luck = ground.luck("read", `${name} ${what}`);
        return cross(luck, () => (luck.fault === "unavailable" ? Promise.reject(storeDown()) : act()));
      };
      return {
        get: (ref) => read(ref.collection, () => store.get(ref)),
        getMany: (refs) => read(collectionsOf(refs), () => store.getMany(refs)),
        query: (query) => read(query.collection, () => store.query(query)),
        count: (query) => read(query.collection, () => store.count(query)),
        commit(writes) {
          const luck = ground.luck("commit", `${name} ${collectionsOf(writes.map(({ ref }) => ref))}`);
          return cross(luck, () =>
            commit(store, writes, luck.fault).catch((error: unknown) => {
              if (isError(error, "STORE_CONFLICT")) ground.conflicted();
              throw error;
            }),
          );
        },
      };
    },
  };
}

async function commit(store: DocumentStore, writes: readonly Write[], fault: string | undefined): Promise<string[]> {
  if (fault === "unavailable-before") throw storeDown();
  if (fault === "conflict" && writes.some((write) => write.ifVersion !== undefined)) {
    throw new LockstepError("STORE_CONFLICT", { detail: "simulated" });
  }
  const versions = await store.commit(writes);
  if (fault === "unavailable-after") throw storeDown();
  return versions;
}

function storeDown(): LockstepError {
  return new LockstepError("STORE_UNAVAILABLE", { detail: "simulated" });
}

function collectionsOf(refs: readonly { readonly collection: string }[]): string {
  return [...new Set(refs.map(({ collection }) => collection))].join("+");
}
