import { isError } from "../errors.ts";
import { type Instant, later } from "../sync/time.ts";
import type { EventItem } from "../topics/observations.ts";
import { type CalendarDoc, calendarRef, type Watch } from "./documents.ts";
import { agreementOf } from "./marker.ts";
import { digest } from "./render.ts";
import { isStruckOut } from "./struck-title.ts";
import type { World } from "./world.ts";

/** How late a push may be before its channel is called silent. */
const PUSH_PATIENCE_MS = 120_000;

/** An event that looks as we wrote it: as agreed, or struck out. */
export function isEcho({ state, properties, content }: EventItem): boolean {
  const written = agreementOf(properties);
  if (state !== "live" || written === undefined) return false;
  return written.digest === digest(content) || (content.title !== undefined && isStruckOut(content.title));
}

/** True where an edit is found, made while the channel was open, since it spoke last and not just now, that no push told of (S28). */
export function wasUntold(watch: Watch, items: readonly EventItem[], now: Instant): boolean {
  const late = [later(now, -PUSH_PATIENCE_MS), watch.expiresAt].sort()[0] ?? now;
  const spoke = later(watch.lastPush ?? watch.createdAt, PUSH_PATIENCE_MS);
  return items.some(
    (item) => !isEcho(item) && item.updated !== undefined && item.updated > spoke && item.updated < late,
  );
}

/** Where others than the poll find such edits first: notes that the channel is silent, to be replaced. */
export async function noteSilence(
  world: World,
  ws: string,
  calendarId: string,
  items: readonly EventItem[],
): Promise<void> {
  if (items.every(isEcho)) return;
  const stored = await world.store(ws).get<CalendarDoc>(calendarRef(calendarId));
  const watch = stored?.data.watch;
  if (stored === undefined || watch === undefined || watch.silent === true) return;
  if (!wasUntold(watch, items, world.clock.now())) return;
  const data: CalendarDoc = { ...stored.data, watch: { ...watch, silent: true } };
  try {
    await world.store(ws).commit([{ kind: "put", ref: stored.ref, data, ifVersion: stored.version }]);
  } catch (error) {
    // A pull was faster: it knows better whether the channel speaks.
    if (!isError(error, "STORE_CONFLICT")) throw error;
  }
}
