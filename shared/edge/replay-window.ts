import type { Instant } from "../sync/time.ts";

/**
 * Deliveries this instance took in the last ten minutes, at most 10,000: enough to answer a replay without
 * work. Best effort by design: another instance does not know them, and every message takes effect once anyway.
 */
export class ReplayWindow {
  readonly #seen = new Map<string, number>();

  /** True where `id` was remembered and is still inside the window. */
  has(id: string, now: Instant): boolean {
    const seenAt = this.#seen.get(id);
    return seenAt !== undefined && Date.parse(now) - seenAt <= WINDOW_MS;
  }

  /** Remembers a delivery, once it is published: one that failed is taken again. */
  remember(id: string, now: Instant): void {
    this.#seen.delete(id);
    this.#seen.set(id, Date.parse(now));
    for (const oldest of this.#seen.keys()) {
      if (this.#seen.size <= MAX_IDS) {
        return;
      }
      this.#seen.delete(oldest);
    }
  }
}

const WINDOW_MS = 10 * 60_000;
const MAX_IDS = 10_000;
