import type { Clock } from "../../shared/ports/clock.ts";
import type { Instant } from "../../shared/sync/time.ts";

/** Virtual time for everything in one history: nothing waits in earnest, and nothing happens by itself. */
export interface Timeline {
  /** Epoch milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Runs `run` after `ms`, unless the answered function is called before. */
  after(ms: number, run: () => void): () => void;
  /** This time as somebody sees it whose clock is `offMs` fast. */
  clock(offMs: number): Clock;
  /**
   * Lets time pass until `at`: what is due wakes in the order of its moments, and between two of them everything
   * that can run without waiting has run. Throws where one history wakes more often than `MAX_WAKES`.
   */
  runUntil(at: number): Promise<void>;
  /** Lets as much time pass as this work needs. Throws where it needs more than an hour. */
  passing<T>(work: Promise<T>): Promise<T>;
}

/** A history needs some ten thousand; beyond this it goes round in circles (law 12). */
const MAX_WAKES = 1_000_000;
const HOUR_MS = 3_600_000;

interface Wake {
  readonly due: number;
  readonly order: number;
  off: boolean;
  readonly run: () => void;
}

export function openTimeline(start: Instant): Timeline {
  let now = Date.parse(start);
  let order = 0;
  let wakes = 0;
  const heap: Wake[] = [];

  function after(ms: number, run: () => void): () => void {
    const wake: Wake = { due: now + Math.max(0, ms), order: ++order, off: false, run };
    push(heap, wake);
    return () => {
      wake.off = true;
    };
  }

  function nextDue(): Wake | undefined {
    while (heap[0]?.off === true) pop(heap);
    return heap[0];
  }

  async function runUntil(at: number): Promise<void> {
    for (;;) {
      await everythingThatCanRun();
      const next = nextDue();
      if (next === undefined || next.due > at) break;
      if (++wakes > MAX_WAKES) throw new Error(`${MAX_WAKES} wakes in one history: something goes round in circles`);
      pop(heap);
      now = Math.max(now, next.due);
      next.run();
    }
    now = Math.max(now, at);
  }

  async function passing<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    done.catch(() => {});
    for (const limit = now + HOUR_MS; !isDone; ) {
      if (now > limit) throw new Error("an hour of virtual time and no answer");
      await runUntil(now + 20);
    }
    return done;
  }

  const sleep = (ms: number) => new Promise<void>((resolve) => void after(ms, resolve));
  return {
    now: () => now,
    sleep,
    after,
    clock: (offMs) => ({ now: textClock(() => now + offMs), sleep }),
    runUntil,
    passing,
  };
}

/** The time as text; it is asked for far more often than it changes. */
function textClock(read: () => number): () => Instant {
  let at = Number.NaN;
  let text = "";
  return () => {
    const now = read();
    if (now !== at) {
      at = now;
      text = new Date(now).toISOString();
    }
    return text;
  };
}

/** A turn of the event loop comes after every microtask and tick, so that all who could go on have. */
function everythingThatCanRun(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isBefore(a: Wake, b: Wake): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}

function push(heap: Wake[], wake: Wake): void {
  let at = heap.push(wake) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !isBefore(wake, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = wake;
}

function pop(heap: Wake[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    const least = right !== undefined && left !== undefined && isBefore(right, left) ? right : left;
    if (least === undefined || !isBefore(least, last)) break;
    heap[at] = least;
    at = least === left ? 2 * at + 1 : 2 * at + 2;
  }
  heap[at] = last;
}
