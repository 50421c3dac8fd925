import { apiNamed } from "./apis.ts";
import type { PendingNotice } from "./notice.ts";
import { dueNotices } from "./outbox.ts";
import type { World } from "./world.ts";

/** Attempts before a notice is given up; with the waits below about four minutes. */
const MAX_ATTEMPTS = 8;
/** No answer at all: refused connection or time-out. Treated as one more reason to try again. */
export const NO_ANSWER = 0;

export interface Sealed {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What leaves next for a receiver: its oldest due notice, and those behind it that may travel along. */
export function nextFor(world: World, receiver: string): PendingNotice[] {
  const due = dueNotices(world).filter((notice) => notice.receiver === receiver);
  const most = apiNamed(due[0]?.from ?? "")?.notices.together?.most ?? 1;
  return due.filter(({ from }) => from === due[0]?.from).slice(0, most);
}

/** The message as it leaves: a webhook is signed anew at each attempt, under the same `webhook-id`. */
export function sealNotices(world: World, first: PendingNotice, all: readonly PendingNotice[]): Sealed {
  const rules = apiNamed(first.from)?.notices;
  const body = rules?.together?.join(all.map((notice) => notice.body)) ?? first.body;
  return rules?.seal?.(world, { ...first, body }) ?? { ...first, body };
}

/** Settles an attempt: done, again later, or given up. `status` is NO_ANSWER where none came. */
export function settleNotice(world: World, notice: PendingNotice, status: number): void {
  if (world.outbox.get("pending", notice.id) === undefined) return;
  const attempts = notice.attempts + 1;
  const wait = isDone(notice, status) ? undefined : waitAfter(notice, attempts);
  if (wait === undefined) world.outbox.remove("pending", notice.id);
  else world.outbox.put("pending", notice.id, { ...notice, attempts, dueMs: world.now() + wait });
}

function isDone({ from }: PendingNotice, status: number): boolean {
  return status !== NO_ANSWER && (apiNamed(from)?.notices.settles(status) ?? true);
}

function waitAfter({ from }: PendingNotice, attempts: number): number | undefined {
  const rules = apiNamed(from)?.notices;
  if (rules?.waitMs !== undefined) return rules.waitMs(attempts);
  return attempts >= MAX_ATTEMPTS ? undefined : 1000 * 2 ** attempts;
}
