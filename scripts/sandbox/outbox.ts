import { Webhook } from "standardwebhooks";
import type { NewNotice, PendingNotice } from "./notice.ts";
import type { Call, World } from "./world.ts";

/** Attempts before a notice is given up; with the waits below about four minutes. */
const MAX_ATTEMPTS = 8;
const REORDER_MS = 5000;
/** Google retries on these alone (API_FACTS §1); any other refusal is final. */
const GOOGLE_RETRIES = new Set([500, 502, 503, 504]);
const GOOGLE_SUCCESS = new Set([102, 200, 201, 202, 204]);
/** No answer at all: refused connection or time-out. Treated as one more reason to try again. */
export const NO_ANSWER = 0;

/** Queues a notice, as the faults of this call would have it: lost, doubled, late or passed by later ones. */
export function postNotice({ world, faults }: Call, notice: NewNotice): void {
  if (faults.has("notify-lost")) return;
  const late = Number(faults.value("notify-delay") ?? 0);
  const held = faults.has("notify-reorder") ? Math.ceil(world.dice.roll() * REORDER_MS) : 0;
  const copies = faults.has("notify-double") ? 2 : 1;
  const id = String(world.next("notice"));
  for (let copy = 0; copy < copies; copy++) {
    const key = copy === 0 ? id : `${id}-again`;
    world.outbox.put("pending", key, { ...notice, id: key, dueMs: world.now() + late + held, attempts: 0 });
  }
}

/** What is due now, oldest first. */
export function dueNotices(world: World): PendingNotice[] {
  const now = world.now();
  return world.outbox
    .all("pending")
    .filter((notice) => notice.dueMs <= now)
    .sort((a, b) => a.dueMs - b.dueMs);
}

/** Milliseconds until something is due; undefined when nothing waits. */
export function nextDueMs(world: World): number | undefined {
  const dues = world.outbox.all("pending").map((notice) => notice.dueMs);
  return dues.length === 0 ? undefined : Math.max(0, Math.min(...dues) - world.now());
}

/** The notice as it leaves: a webhook is signed anew at each attempt, under the same `webhook-id`. */
export function sealNotice(world: World, notice: PendingNotice): PendingNotice {
  const webhook = world.options().webhook;
  if (notice.from !== "uschedule" || webhook === null) return notice;
  const at = new Date(world.wall());
  const signed = {
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(webhook.secret).sign(notice.headers["webhook-id"] ?? "", at, notice.body),
  };
  return { ...notice, url: webhook.url, headers: { ...notice.headers, ...signed } };
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

function isDone(notice: PendingNotice, status: number): boolean {
  if (status === NO_ANSWER) return false;
  if (notice.from === "google") return GOOGLE_SUCCESS.has(status) || !GOOGLE_RETRIES.has(status);
  return status >= 200 && status < 300;
}
