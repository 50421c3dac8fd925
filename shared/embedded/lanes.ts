import type { Instant } from "../sync/time.ts";
import type { Pending } from "./queue.ts";
import type { Timer } from "./timer.ts";

/**
 * What one subscription has to deliver, as lanes: one per ordering key, one per message without a
 * key. A lane hands out its first message and stays shut until that one is settled.
 *
 *     add ─▶ waiting ─(first of its lane)─▶ ready ─ take ─▶ out ─ settle ─▶ the lane's next is ready
 *                                             ▲              └─ postpone ─┐
 *                                             └──────── backoff over ◀────┘
 */
export class Lanes {
  readonly #timer: Timer;
  readonly #ordered: boolean;
  readonly #onReady: () => void;
  readonly #lanes = new Map<string, Lane>();
  readonly #ready = new Set<Lane>();

  /** `onReady` is called whenever a lane that waited for its backoff has become ready. */
  constructor(timer: Timer, ordered: boolean, onReady: () => void) {
    this.#timer = timer;
    this.#ordered = ordered;
    this.#onReady = onReady;
  }

  get hasReady(): boolean {
    return this.#ready.size > 0;
  }

  /** When the next postponed message is due; undefined where none is. */
  get nextDue(): Instant | undefined {
    const dues = [...this.#lanes.values()].flatMap((lane) => lane.backoff?.due ?? []);
    return dues.toSorted()[0];
  }

  add({ messageId, orderingKey, due }: Pending): void {
    const name = this.#ordered && orderingKey !== undefined ? `key ${orderingKey}` : `message ${messageId}`;
    const lane = this.#lanes.get(name) ?? { name, messages: [] };
    this.#lanes.set(name, lane);
    lane.messages.push(messageId);
    if (lane.messages.length === 1) this.#open(lane, due);
  }

  /** The longest ready lane with its first message, now out; undefined where none is ready. */
  take(): Out | undefined {
    const [lane] = this.#ready;
    const messageId = lane?.messages[0];
    if (lane === undefined || messageId === undefined) return undefined;
    this.#ready.delete(lane);
    return { lane, messageId };
  }

  /** The message is acknowledged or buried: the lane goes on with its next. */
  settle({ lane }: Out): void {
    lane.messages.shift();
    if (lane.messages.length > 0) this.#open(lane, "");
    else this.#lanes.delete(lane.name);
  }

  /** The message is to be delivered again at `due`; its lane waits. */
  postpone({ lane }: Out, due: Instant): void {
    this.#open(lane, due);
  }

  clear(): void {
    for (const lane of this.#lanes.values()) lane.backoff?.cancel();
    this.#lanes.clear();
    this.#ready.clear();
  }

  #open(lane: Lane, due: Instant): void {
    const wait = due === "" ? 0 : Date.parse(due) - Date.parse(this.#timer.now());
    if (wait <= 0) {
      this.#ready.add(lane);
      return;
    }
    const cancel = this.#timer.after(wait, () => {
      delete lane.backoff;
      this.#ready.add(lane);
      this.#onReady();
    });
    lane.backoff = { due, cancel };
  }
}

/** A message handed out and not yet settled. */
export interface Out {
  readonly lane: Lane;
  readonly messageId: number;
}

interface Lane {
  readonly name: string;
  readonly messages: number[];
  backoff?: { readonly due: Instant; readonly cancel: () => void };
}
