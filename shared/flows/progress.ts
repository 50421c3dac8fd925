import type { DocumentRef } from "../ports/store.ts";
import { type Instant, later } from "../sync/time.ts";
import type { World } from "./world.ts";

/** Collection `progress`: how far long work is, by its name; gone when it ends. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly at: Instant;
}

/** What ends within so long says nothing and writes nothing; what takes longer says so as often. */
const TELL_EVERY_MS = 5_000;
/** Left behind by work that died, it is no progress any more. */
const STALE_MS = 10 * 60_000;

/** Follows work of so many steps, in the log and in the store. */
export function followWork(world: World, ws: string, work: string, total: number) {
  const store = world.store(ws);
  const ref = progressRef(work);
  let [done, told, written] = [0, world.clock.now(), false];
  return {
    /** One more step is done. */
    async step(): Promise<void> {
      done += 1;
      const now = world.clock.now();
      if (done === total || now < later(told, TELL_EVERY_MS)) return;
      [told, written] = [now, true];
      world.log.write("NOTICE", "work in progress", { ws, work, done, total });
      const data: Progress = { done, total, at: now };
      await store.commit([{ kind: "put", ref, data, expiresAt: later(now, STALE_MS) }]);
    },
    /** It ended, well or not. */
    async end(): Promise<void> {
      if (written) await store.commit([{ kind: "delete", ref }]);
    },
  };
}

/** How far work is; undefined where none is under way, or what was died. */
export function currentProgress(doc: object | undefined, now: Instant): Progress | undefined {
  // Proof: only this file writes the collection.
  const progress = doc as Progress | undefined;
  return progress === undefined || progress.at < later(now, -STALE_MS) ? undefined : progress;
}

export function progressRef(work: string): DocumentRef {
  return { collection: "progress", id: work };
}
