import { type Instant, later } from "../sync/time.ts";
import { type CalendarDoc, calendarRef, type EventMap, type SnapshotDoc, snapshotRef } from "./documents.ts";
import type { WorkspaceConfig, World } from "./world.ts";

/**
 * How one connection is:
 *
 *   ok             read lately, nothing waits for it
 *   parked         it answers, but items wait for their next try
 *   stale          not read for longer than its reads are apart
 *   waiting        a person approves its first connection
 *   not-connected  nothing was ever read
 */
export type ConnectionState = "ok" | "parked" | "stale" | "waiting" | "not-connected";

export interface ConnectionHealth {
  readonly kind: "source" | "calendar";
  readonly id: string;
  /** Of a calendar. */
  readonly resource: string | null;
  readonly provider: string;
  readonly state: ConnectionState;
  /** A heartbeat: up to fifteen minutes old while everything is well (R12). */
  readonly lastRead: Instant | null;
  /** Items that wait for their next try, and the newest reason. */
  readonly parked: number;
  readonly reason: string | null;
  readonly watch: WatchHealth | null;
}

export interface WatchHealth {
  readonly state: "live" | "silent" | "expired" | "refused" | "stopped" | "none";
  readonly expiresAt: Instant | null;
  readonly lastPush: Instant | null;
  readonly reason: string | null;
}

/** Heartbeat, the longest cadence of reads, and as long again. */
const STALE_MS = 40 * 60_000;
/** Parked items that are looked at (law 12). */
const MAX_PARKED = 500;

/** Every source and calendar of the workspace, from what is kept of them. */
export async function connectionHealth(
  world: World,
  ws: string,
  workspace: WorkspaceConfig,
): Promise<ConnectionHealth[]> {
  const store = world.store(ws);
  const now = world.clock.now();
  const sources = Object.entries(workspace.sources);
  const resources = Object.entries(workspace.resources);
  const [snapshots, calendars, parked] = await Promise.all([
    store.getMany(sources.map(([name]) => snapshotRef(name))),
    store.getMany(resources.map(([, { calendar }]) => calendarRef(calendar))),
    store.query<EventMap>({
      collection: "eventMaps",
      where: [{ field: "dirty", op: "==", value: true }],
      limit: MAX_PARKED,
    }),
  ]);
  const failing = parked.map(({ data }) => data).filter(({ error }) => error !== undefined);
  return [
    ...sources.map(([name, { provider }], index) => {
      // Proof: only Lockstep writes snapshots and calendars, with these shapes.
      const doc = snapshots[index]?.data as SnapshotDoc | undefined;
      const items = failing.filter(({ source, error }) => source === name && isOfSource(error?.effect));
      return rowOf({ kind: "source", id: name, resource: null, provider }, doc?.lastSuccess, items, now);
    }),
    ...resources.map(([resource, { calendar, calendarAccount }], index) => {
      const doc = calendars[index]?.data as CalendarDoc | undefined;
      const account = calendarAccount ?? Object.keys(workspace.calendars)[0] ?? "";
      const provider = workspace.calendars[account]?.provider ?? account;
      const items = failing.filter(({ calendarId, error }) => calendarId === calendar && !isOfSource(error?.effect));
      const row = rowOf({ kind: "calendar", id: calendar, resource, provider }, doc?.lastRead, items, now);
      const waits = doc?.waitsFor !== undefined;
      return {
        ...row,
        ...(waits && { state: "waiting" as const }),
        watch: doc === undefined ? null : watchOf(doc, now),
      };
    }),
  ];
}

function isOfSource(effect: string | undefined): boolean {
  return effect?.endsWith("booking") ?? false;
}

function rowOf(
  of: Pick<ConnectionHealth, "kind" | "id" | "resource" | "provider">,
  lastRead: Instant | undefined,
  parked: readonly EventMap[],
  now: Instant,
): ConnectionHealth {
  const newest = parked.map(({ error }) => error).sort((a, b) => ((a?.at ?? "") < (b?.at ?? "") ? 1 : -1))[0];
  return {
    ...of,
    state: stateOf(lastRead, parked.length, now),
    lastRead: lastRead ?? null,
    parked: parked.length,
    reason: newest === undefined ? null : `${newest.code}: ${newest.detail}`,
    watch: null,
  };
}

function stateOf(lastRead: Instant | undefined, parked: number, now: Instant): ConnectionState {
  if (lastRead === undefined) return "not-connected";
  if (lastRead < later(now, -STALE_MS)) return "stale";
  return parked > 0 ? "parked" : "ok";
}

/** Of a calendar's push channel. Without a live one its changes are found by polling. */
export function watchOf({ watch, watchError, watchStopped }: CalendarDoc, now: Instant): WatchHealth {
  if (watchStopped !== undefined) {
    return { state: "stopped", expiresAt: null, lastPush: null, reason: `stopped by ${watchStopped.by}` };
  }
  if (watch === undefined) {
    const reason = watchError?.reason ?? null;
    return { state: reason === null ? "none" : "refused", expiresAt: null, lastPush: null, reason };
  }
  const state = watch.expiresAt <= now ? "expired" : watch.silent === true ? "silent" : "live";
  return { state, expiresAt: watch.expiresAt, lastPush: watch.lastPush ?? null, reason: null };
}
