import { LockstepError } from "../errors.ts";
import type { OutgoingMessage, Publisher, PushEnvelope, SubscriptionSpec } from "../ports/bus.ts";
import { checkMessages } from "../ports/bus-checks.ts";
import type { Log } from "../ports/log.ts";
import type { Instant } from "../sync/time.ts";
import { type Delivery, Dispatcher } from "./dispatcher.ts";
import { openQueue, type Queue, type QueueDepth } from "./queue.ts";
import { systemTimer, type Timer } from "./timer.ts";

/**
 * Brings one message to its function and answers the HTTP status. `signal` is aborted at the
 * subscription's ack deadline. A rejection counts as a refused delivery.
 */
export type Push = (
  subscription: SubscriptionSpec,
  envelope: PushEnvelope,
  signal: AbortSignal,
) => Promise<{ readonly status: number }>;

/** The bus of one machine: publisher and dispatcher over a durable queue. */
export interface SqliteBus extends Publisher {
  /** Starts delivering, first of all what an earlier process left without an acknowledgement. */
  start(): void;
  /** Starts no more deliveries and resolves when the running ones are settled. */
  stop(): Promise<void>;
  /** Resolves when nothing runs and nothing is deliverable now; messages in backoff do not count. */
  idle(): Promise<void>;
  /** When the next message in backoff is due; undefined where none waits. */
  nextDue(): Instant | undefined;
  /** What is not yet acknowledged, per subscription. */
  depth(): QueueDepth[];
}

export interface SqliteBusOptions {
  /** The queue's own file (":memory:" for none); the store never shares it (DESIGN R9). */
  readonly file: string;
  readonly subscriptions: readonly SubscriptionSpec[];
  readonly push: Push;
  /** Default: the system's. Simulations pass `timerOf(clock)`. */
  readonly timer?: Timer;
  readonly log?: Log;
  /** Deliveries at a time per subscription, default 8. */
  readonly parallel?: number;
  /** Stands in subscription names, default `local`. */
  readonly project?: string;
}

/** Opens the bus; it takes messages at once and delivers from `start()` on. Throws CONFIG_INVALID. */
export function openSqliteBus(options: SqliteBusOptions): SqliteBus {
  const { subscriptions, push, timer = systemTimer, log, parallel = 8 } = options;
  checkSubscriptions(subscriptions);
  const queue = openQueue(options.file, subscriptions, options.project ?? "local");
  const dispatcher = new Dispatcher({
    queue,
    subscriptions,
    parallel,
    timer,
    push: (delivery) => pushInTime(push, delivery, timer),
    log: log ?? { write: () => {} },
  });
  return {
    publish: async (topic, messages) => {
      checkMessages(messages);
      dispatcher.add(accept(queue, subscriptions, topic, messages, timer.now()));
    },
    start: () => dispatcher.start(),
    stop: () => dispatcher.stop(),
    idle: () => dispatcher.idle(),
    nextDue: () => dispatcher.nextDue(),
    depth: () => queue.depth(),
    async close() {
      await dispatcher.stop();
      queue.close();
    },
  };
}

function accept(
  queue: Queue,
  subscriptions: readonly SubscriptionSpec[],
  topic: string,
  messages: readonly OutgoingMessage[],
  now: Instant,
) {
  // Pub/Sub answers NOT_FOUND for an unknown topic; accepting would lose the message silently.
  if (!subscriptions.some((spec) => spec.topic === topic)) {
    throw new LockstepError("BUS_UNAVAILABLE", { detail: `No subscription takes topic ${topic}.` });
  }
  try {
    return queue.accept(topic, messages, now);
  } catch (cause) {
    throw new LockstepError("BUS_UNAVAILABLE", { detail: `The local queue did not take ${topic}.`, cause });
  }
}

/** Statuses Pub/Sub takes as an acknowledgement (API_FACTS §4). */
const ACKNOWLEDGED: readonly number[] = [102, 200, 201, 202, 204];

async function pushInTime(push: Push, { spec, envelope }: Delivery, timer: Timer): Promise<boolean> {
  const deadline = new AbortController();
  const late = new Promise<{ status: number }>((resolve) => {
    deadline.signal.addEventListener("abort", () => resolve({ status: 504 }));
  });
  const cancel = timer.after(spec.ackDeadlineMs, () => deadline.abort());
  try {
    const { status } = await Promise.race([push(spec, envelope, deadline.signal), late]);
    return ACKNOWLEDGED.includes(status);
  } catch {
    return false;
  } finally {
    cancel();
  }
}

function checkSubscriptions(specs: readonly SubscriptionSpec[]): void {
  for (const [at, { name, deadLetterTopic }] of specs.entries()) {
    if (specs.findIndex((spec) => spec.name === name) !== at) misconfigured(`two subscriptions are called ${name}`);
    if (deadLetterTopic !== undefined && !specs.some((spec) => spec.topic === deadLetterTopic)) {
      misconfigured(`nothing takes the dead letters of ${name}: topic ${deadLetterTopic} has no subscription`);
    }
  }
}

function misconfigured(what: string): never {
  throw new LockstepError("CONFIG_INVALID", { detail: `Message bus: ${what}.` });
}
