/** What is to be undone at the end, in reverse order of its making. */
export interface Cleanup {
  add(step: () => Promise<void> | void): void;
  /** Runs every step once, a failing one does not keep the others from it. */
  run(): Promise<void>;
}

export function createCleanup(): Cleanup {
  const steps: (() => Promise<void> | void)[] = [];
  return {
    add: (step) => {
      steps.push(step);
    },
    async run() {
      for (const step of steps.splice(0).reverse()) {
        await Promise.resolve()
          .then(step)
          .catch(() => {});
      }
    },
  };
}

const SAME_WISH_MS = 400;

/**
 * Calls `stop` at the first Ctrl-C or SIGTERM, and `atOnce` at a second one. A terminal and npm both pass the
 * same Ctrl-C on: what arrives within moments is one wish. When the launcher is gone without a word
 * (kill -9), everything ends at once, as if it had been killed itself.
 */
export function onStopSignals(stop: () => void, atOnce: (code: number) => void): void {
  let firstAt: number | undefined;
  const wish = (code: number) => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      stop();
    } else if (now - firstAt > SAME_WISH_MS) {
      atOnce(code);
    }
  };
  process.on("SIGINT", () => wish(130));
  process.on("SIGTERM", () => wish(143));
  process.on("SIGHUP", () => wish(129));
  process.on("disconnect", () => atOnce(137));
}
