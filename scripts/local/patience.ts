import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 3000;
const PAUSE_MS = 150;

/**
 * Opens what an earlier run may be just letting go of (a port, the data folder): tried again for three
 * seconds, then its own error.
 */
export async function patiently<T>(open: () => Promise<T> | T): Promise<T> {
  for (const end = performance.now() + PATIENCE_MS; ; ) {
    try {
      return await open();
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
