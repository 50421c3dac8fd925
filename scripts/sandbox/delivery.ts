import { apiNamed } from "./apis.ts";
import type { PendingNotice } from "./notice.ts";
import type { World } from "./world.ts";

/** Attempts before a notice is given up; with the waits below about four minutes. */
const MAX_ATTEMPTS = 8;
/** No answer at all: refused connection or time-out. Treated as one more reason to try again. */
export const NO_ANSWER = 0;

/** The notice as it leaves: a webhook is signed anew at each attempt, under the same `webhook-id`. */
export function sealNotice(world: World, notice: PendingNotice): PendingNotice {
  return apiNamed(notice.from)?.notices.seal?.(world, notice) ?? notice;
}

/** Settles an attempt: done, again later, or given up. `status` is NO_ANSWER where none came. */
export function settleNotice(world: World, notice: PendingNotice, status: number): void {
  const attempts = notice.attempts + 1;
  if (isDone(notice, status) || attempts >= MAX_ATTEMPTS) {
    world.outbox.remove("pending", notice.id);
    return;
  }
  world.outbox.put("pending", notice.id, { ...notice, attempts, dueMs: world.now() + 1000 * 2 ** attempts });
}

function isDone({ from }: PendingNotice, status: number): boolean {
  return status !== NO_ANSWER && (apiNamed(from)?.notices.settles(status) ?? true);
}
