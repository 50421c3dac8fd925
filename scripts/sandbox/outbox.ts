import type { NewNotice, PendingNotice } from "./notice.ts";
import type { Call, World } from "./world.ts";

const REORDER_MS = 5000;

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
