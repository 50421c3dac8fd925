import { setTimeout as sleep } from "node:timers/promises";

const TRIES = 12;
const PAUSE_MS = 250;

/**
 * Opens what an earlier run may be just letting go of (a port, the data folder): tried again for three
 * seconds, then its own error.
 */
export async function patiently<T>(open: () => Promise<T> | T): Promise<T> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await open();
    } catch (error) {
      if (left === 0) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
