import type { Alarm } from "./alarm.ts";
import { apiNamed } from "./apis.ts";
import type { CallLog } from "./call-log.ts";
import { NO_ANSWER, nextFor, sealNotices, settleNotice } from "./delivery.ts";
import type { PendingNotice } from "./notice.ts";
import { dueNotices, nextDueMs } from "./outbox.ts";
import type { World } from "./world.ts";

/** Carries notices to their receivers, one at a time per receiver. */
export interface Courier {
  /** Something may be due: look at once, or when the next notice is. */
  wake(): void;
  /** Delivers all that is due now; resolves when nothing due is left. */
  tick(): Promise<void>;
  stop(): void;
}

export interface CourierParts {
  readonly world: World;
  readonly alarm: Alarm;
  readonly log: CallLog;
  /** The transport of notifications. */
  readonly send: typeof fetch;
}

export function openCourier({ world, alarm, log, send }: CourierParts): Courier {
  const busy = new Map<string, Promise<void>>();
  const halt = new AbortController();
  let callOff: () => void = () => {};

  function wake(): void {
    callOff();
    const ms = nextDueMs(world);
    if (ms === undefined || halt.signal.aborted) return;
    callOff = alarm.after(ms, () => void tick());
  }

  async function tick(): Promise<void> {
    const receivers = new Set(dueNotices(world).map(({ receiver }) => receiver));
    for (const receiver of receivers) {
      if (!busy.has(receiver)) busy.set(receiver, serve(receiver));
    }
    await Promise.all(busy.values());
  }

  async function serve(receiver: string): Promise<void> {
    await null; // so that `busy` knows of this round before it can end
    for (let batch = batchFor(receiver); batch.length > 0; batch = batchFor(receiver)) await attempt(batch);
    busy.delete(receiver);
    wake();
  }

  function batchFor(receiver: string): PendingNotice[] {
    return halt.signal.aborted ? [] : nextFor(world, receiver);
  }

  async function attempt(batch: readonly PendingNotice[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    const { url, headers, body } = sealNotices(world, first, batch);
    const startedMs = world.now();
    const status = await post(url, headers, body);
    if (halt.signal.aborted || world.outbox.get("pending", first.id) === undefined) return;
    for (const notice of batch) settleNotice(world, notice, status);
    apiNamed(first.from)?.notices.observe?.(world, first, world.now() - startedMs);
    world.cabinet.commit();
    const at = new Date(world.now()).toISOString();
    log.delivery({ at, from: first.from, receiver: first.receiver, attempt: first.attempts + 1, status });
  }

  async function post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
    try {
      const response = await send(url, { method: "POST", headers, body, signal: halt.signal, redirect: "manual" });
      await response.body?.cancel();
      return response.status;
    } catch {
      return NO_ANSWER;
    }
  }

  function stop(): void {
    callOff();
    halt.abort();
  }

  return { wake, tick, stop };
}

const DELIVERY_MS = 10_000;

/** The real transport: gives up on a receiver after ten seconds. */
export const sendOverHttp: typeof fetch = (input, init) => {
  const timeout = AbortSignal.timeout(DELIVERY_MS);
  const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  return fetch(input, { ...init, signal });
};
