import type { PushEnvelope, SubscriptionSpec } from "../ports/bus.ts";
import type { Log } from "../ports/log.ts";
import { type Instant, later } from "../sync/time.ts";
import { Lanes, type Out } from "./lanes.ts";
import type { Pending, Queue } from "./queue.ts";
import type { Timer } from "./timer.ts";

export interface Delivery {
  readonly spec: SubscriptionSpec;
  readonly envelope: PushEnvelope;
}

export interface DispatcherOptions {
  readonly queue: Queue;
  readonly subscriptions: readonly SubscriptionSpec[];
  /** Deliveries at a time per subscription: a slow function does not starve another. */
  readonly parallel: number;
  readonly timer: Timer;
  /** True: acknowledged. Never rejects. */
  readonly push: (delivery: Delivery) => Promise<boolean>;
  readonly log: Log;
}

interface Desk {
  readonly spec: SubscriptionSpec;
  readonly lanes: Lanes;
  readonly running: Set<Promise<void>>;
}

/** Hands queued messages out: in order per key, in parallel over keys, awake only when there is work. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #desks = new Map<string, Desk>();
  #started = false;
  #pumping = false;
  #idlers: (() => void)[] = [];

  constructor(options: DispatcherOptions) {
    this.#options = options;
    for (const spec of options.subscriptions) {
      const lanes = new Lanes(options.timer, spec.ordered, () => this.#wake());
      this.#desks.set(spec.name, { spec, lanes, running: new Set() });
    }
  }

  /** Throws when called while `stop` still waits: what runs would be delivered a second time. */
  start(): void {
    if (this.#started) return;
    if (this.#running().length > 0) throw new Error("The bus is still stopping.");
    this.#started = true;
    this.add(this.#options.queue.pending());
  }

  async stop(): Promise<void> {
    this.#started = false;
    for (const { lanes } of this.#desks.values()) lanes.clear();
    while (this.#running().length > 0) await Promise.all(this.#running());
    this.#tellIdle();
  }

  /** New messages; before `start` they wait in the queue alone. */
  add(pending: readonly Pending[]): void {
    if (!this.#started) return;
    // A subscription that is no longer configured keeps its messages in the file.
    for (const each of pending) this.#desks.get(each.subscription)?.lanes.add(each);
    this.#wake();
  }

  idle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.#idlers.push(resolve));
  }

  nextDue(): Instant | undefined {
    return [...this.#desks.values()].flatMap(({ lanes }) => lanes.nextDue ?? []).toSorted()[0];
  }

  /** In a microtask, so that a publisher's call returns before its message is delivered. */
  #wake(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    queueMicrotask(() => {
      this.#pumping = false;
      for (const desk of this.#desks.values()) this.#pump(desk);
      this.#tellIdle();
    });
  }

  #pump(desk: Desk): void {
    while (this.#started && desk.running.size < this.#options.parallel) {
      const out = desk.lanes.take();
      if (out === undefined) return;
      const work = this.#deliver(desk, out).finally(() => {
        desk.running.delete(work);
        this.#wake();
      });
      desk.running.add(work);
    }
  }

  async #deliver(desk: Desk, out: Out): Promise<void> {
    const { queue, timer, push, log } = this.#options;
    const { spec, lanes } = desk;
    try {
      const { envelope, attempt } = queue.begin(spec, out.messageId);
      // Beyond the limit only after a crash within the last attempt: it counts as refused.
      const exhausted = spec.deadLetterTopic !== undefined && attempt > spec.maxDeliveryAttempts;
      if (!exhausted && (await push({ spec, envelope }))) {
        queue.acknowledge(spec, out.messageId);
        if (this.#started) lanes.settle(out);
        return;
      }
      this.#refused(desk, out, attempt);
    } catch {
      // The queue's own disk failed: whatever was done is done again after the longest backoff.
      log.write("ERROR", "local queue failed", { subscription: spec.name, messageId: out.messageId });
      if (this.#started) lanes.postpone(out, later(timer.now(), spec.maxBackoffMs));
    }
  }

  #refused(desk: Desk, out: Out, attempt: number): void {
    const { queue, timer, log } = this.#options;
    const { spec, lanes } = desk;
    if (spec.deadLetterTopic !== undefined && attempt >= spec.maxDeliveryAttempts) {
      const letters = queue.bury(spec, out.messageId, spec.deadLetterTopic, timer.now());
      log.write("WARNING", "message dead-lettered", { subscription: spec.name, messageId: out.messageId, attempt });
      if (this.#started) lanes.settle(out);
      this.add(letters);
      return;
    }
    const due = later(timer.now(), backoff(spec, attempt));
    queue.postpone(spec, out.messageId, due);
    if (this.#started) lanes.postpone(out, due);
  }

  #isIdle(): boolean {
    if (this.#pumping || this.#running().length > 0) return false;
    return ![...this.#desks.values()].some(({ lanes }) => lanes.hasReady);
  }

  #tellIdle(): void {
    if (!this.#isIdle()) return;
    for (const resolve of this.#idlers.splice(0)) resolve();
  }

  #running(): Promise<void>[] {
    return [...this.#desks.values()].flatMap(({ running }) => [...running]);
  }
}

/** Doubles from the least to the greatest with every refused attempt, as Pub/Sub's retry policy. */
function backoff({ minBackoffMs, maxBackoffMs }: SubscriptionSpec, attempt: number): number {
  return Math.min(maxBackoffMs, minBackoffMs * 2 ** Math.min(attempt - 1, 30));
}
