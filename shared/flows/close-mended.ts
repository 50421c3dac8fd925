import { ERRORS, isOurOwnFailure, LockstepError } from "../errors.ts";
import {
  type AlertDoc,
  type CalendarDoc,
  calendarRef,
  type EventMap,
  type ImportDoc,
  mapRef,
  type SnapshotDoc,
  snapshotRef,
} from "./documents.ts";
import { noteMended } from "./given-up.ts";
import { importsInVain } from "./importable.ts";
import { closeAlert } from "./review.ts";
import { windowOf } from "./window.ts";
import type { WorkspaceConfig, World } from "./world.ts";

/**
 * Alerts close when their cause is gone, acknowledged ones too, so that the next time is shown again:
 * a source or calendar that was read since, a calendar on which nothing waits for that error any more, an item that was
 * given up and works now.
 */
export async function closeMended(
  world: World,
  ws: string,
  workspace: WorkspaceConfig,
  standing: readonly AlertDoc[],
): Promise<void> {
  for (const alert of standing) {
    if (await isMended(world, ws, workspace, alert)) await closeAlert(world.store(ws), alert.kind, alert.subject);
  }
}

async function isMended(world: World, ws: string, workspace: WorkspaceConfig, alert: AlertDoc): Promise<boolean> {
  const { kind, subject } = alert;
  if (kind === "source-unreadable") return wasPolledSince(world, ws, alert);
  if (kind === "calendar-unreadable") return wasReadSince(world, ws, alert);
  if (kind === "source-empty")
    return workspace.sources[subject] !== undefined && listsAgain(world, ws, workspace, subject);
  if (kind === "imports-in-vain") return !importsInVain(world, ws, workspace).includes(subject);
  if (kind === "given-up") return goesOn(world, ws, subject);
  if (kind === "watch-down" || kind === "watch-silent") return isWatched(world, ws, alert);
  return Object.hasOwn(ERRORS, kind) && !(await isWaitingFor(world, ws, kind, subject));
}

/** A poll that works is noted at least every 15 minutes; that a listing answers is not all of a poll. */
async function wasPolledSince(world: World, ws: string, { subject, openedAt }: AlertDoc): Promise<boolean> {
  const snapshot = await world.store(ws).get<SnapshotDoc>(snapshotRef(subject));
  return snapshot !== undefined && snapshot.data.lastSuccess > openedAt;
}

/** A pull that brings nothing is noted at least every 15 minutes. */
async function wasReadSince(world: World, ws: string, { subject, openedAt }: AlertDoc): Promise<boolean> {
  const calendar = await world.store(ws).get<CalendarDoc>(calendarRef(subject));
  return calendar !== undefined && calendar.data.lastRead > openedAt;
}

async function listsAgain(world: World, ws: string, workspace: WorkspaceConfig, source: string): Promise<boolean> {
  try {
    return (await world.source(ws, source).list(windowOf(workspace, world.clock.now()))).bookings.length > 0;
  } catch (error) {
    // Why it cannot be read is told by its next poll.
    if (!(error instanceof LockstepError) || isOurOwnFailure(error)) throw error;
    return false;
  }
}

/** A channel stands; one that replaced a silent one must have spoken, too. */
async function isWatched(world: World, ws: string, { kind, subject }: AlertDoc): Promise<boolean> {
  const watch = (await world.store(ws).get<CalendarDoc>(calendarRef(subject)))?.data.watch;
  if (watch === undefined || watch.silent === true || watch.expiresAt <= world.clock.now()) return false;
  return kind === "watch-down" || watch.lastPush !== undefined;
}

/** `subject` is `{booking key}~{resource}`; an item that goes on needs no replay either. */
async function goesOn(world: World, ws: string, subject: string): Promise<boolean> {
  const at = subject.lastIndexOf("~");
  const [key, resource] = [subject.slice(0, at), subject.slice(at + 1)];
  const map = await world.store(ws).get<EventMap>(mapRef(key, resource));
  if (map?.data.status === "error") return false;
  await noteMended(world.store(ws), key, resource);
  return true;
}

/** Whether a map or an import of this calendar is still parked with that error. */
async function isWaitingFor(world: World, ws: string, code: string, calendarId: string): Promise<boolean> {
  const where = [
    { field: "calendarId", op: "==", value: calendarId },
    { field: "dirty", op: "==", value: true },
  ] as const;
  const maps = await world.store(ws).query<EventMap>({ collection: "eventMaps", where });
  const imports = await world.store(ws).query<ImportDoc>({ collection: "imports", where });
  return [...maps, ...imports].some(({ data }) => data.error?.code === code);
}
