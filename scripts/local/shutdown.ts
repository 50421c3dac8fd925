/** What is to be undone at the end, in reverse order of its making. */
export interface Cleanup {
  add(step: () => unknown): void;
  /** Runs every step once, a failing one does not keep the others from it. */
  run(): Promise<void>;
}

export function createCleanup(): Cleanup {
  const steps: (() => unknown)[] = [];
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

/** Waits for running work, at most `graceMs`: what is not settled then is done again at the next start. */
export async function withinGrace(work: Promise<unknown>, graceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((done) => {
    timer = setTimeout(done, graceMs);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
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
