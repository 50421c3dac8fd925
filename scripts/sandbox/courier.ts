import type { Alarm } from "./alarm.ts";
import type { CallLog } from "./call-log.ts";
import { NO_ANSWER, sealNotice, settleNotice } from "./delivery.ts";
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
    for (let notice = firstFor(receiver); notice !== undefined; notice = firstFor(receiver)) await attempt(notice);
    busy.delete(receiver);
    wake();
  }

  function firstFor(receiver: string): PendingNotice | undefined {
    return halt.signal.aborted ? undefined : dueNotices(world).find((notice) => notice.receiver === receiver);
  }

  async function attempt(notice: PendingNotice): Promise<void> {
    const { url, headers, body } = sealNotice(world, notice);
    const status = await post(url, headers, body);
    if (halt.signal.aborted) return;
    if (world.outbox.get("pending", notice.id) === undefined) return;
    settleNotice(world, notice, status);
    world.cabinet.commit();
    const at = new Date(world.now()).toISOString();
    log.delivery({ at, from: notice.from, receiver: notice.receiver, attempt: notice.attempts + 1, status });
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
