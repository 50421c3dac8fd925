import type { DocumentStore } from "../ports/store.ts";
import type { Instant } from "../sync/time.ts";
import type { EventMap } from "./documents.ts";
import { dueImports, importsInVain } from "./importable.ts";
import { publishBookingHint, publishObservation } from "./publish.ts";
import { raiseAlert } from "./review.ts";
import type { WorkspaceConfig, World } from "./world.ts";

/** Retries and repairs asked for at once; the rest waits for the next time (law 12). */
export const MAX_RETRIES = 500;

/**
 * Asks for another attempt at everything whose time has come; answers the maps, the longest due first. A few reads and no write
 * where nothing waits, however much is in step: so it runs far more often than the full compare.
 */
export async function retryDue(world: World, ws: string, workspace: WorkspaceConfig): Promise<readonly EventMap[]> {
  const due = await retryParked(world, ws);
  await retryImports(world, ws, workspace);
  return due;
}

/** Whatever waits for its next attempt, and intents that nobody finished. */
async function retryParked(world: World, ws: string): Promise<readonly EventMap[]> {
  const due = await dueMaps(world.store(ws), world.clock.now());
  for (const data of due) await publishBookingHint(world, { ws, ...data }, "retry");
  return due;
}

/** Maps whose time for another attempt has come, the longest due first. */
async function dueMaps(store: DocumentStore, now: Instant): Promise<EventMap[]> {
  const due = await store.query<EventMap>({
    collection: "eventMaps",
    where: [
      { field: "dirty", op: "==", value: true },
      { field: "nextAttempt", op: "<=", value: now },
    ],
    orderBy: { field: "nextAttempt" },
    limit: MAX_RETRIES,
  });
  return due.map(({ data }) => data);
}

/** Imports that nobody finished. */
async function retryImports(world: World, ws: string, workspace: WorkspaceConfig): Promise<void> {
  for (const resource of importsInVain(world, ws, workspace)) {
    const detail = `Meetings on ${resource} are to be imported, and its source takes no bookings from outside: set its policy to imports: never, or let the source take them.`;
    await raiseAlert(world.store(ws), { kind: "imports-in-vain", subject: resource, detail }, world.clock.now());
  }
  const run = { id: "retry", complete: false, absent: 0 };
  for (const { resource, calendarId, item } of await dueImports(world, ws, workspace)) {
    const seenAt = world.clock.now();
    await publishObservation(world, { kind: "event-seen", ws, resource, calendarId, run, seenAt, items: [item] });
  }
}
