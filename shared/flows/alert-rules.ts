import type { DocumentStore } from "../ports/store.ts";
import { type Instant, later } from "../sync/time.ts";
import type { AlertDoc, EventMap, ReviewItem } from "./documents.ts";
import { freshnessSince } from "./freshness.ts";
import { BEAT_MS, isMissed, JOBS, type JobDoc } from "./jobs.ts";
import { closeAlert, raiseAlert } from "./review.ts";
import type { WorkspaceConfig, World } from "./world.ts";

/** What the run read already. */
interface Seen {
  readonly standing: readonly AlertDoc[];
  /** The longest due first. */
  readonly due: readonly EventMap[];
}

/** What a rule found: `subject` and why. */
interface Finding {
  readonly subject: string;
  readonly detail: string;
}

/**
 * An alert by a threshold. Measuring reads the store, judging is pure: so each rule can be tried on two measurements,
 * one at which it must fire and one at which it must not, with the thresholds that the workspace really has (S57).
 */
interface AlertRule<Measured> {
  readonly kind: string;
  measure(store: DocumentStore, now: Instant, seen: Seen): Promise<readonly Measured[]>;
  judge(measured: Measured, workspace: WorkspaceConfig, now: Instant): Finding | undefined;
  examples(workspace: WorkspaceConfig, now: Instant): { readonly fires: Measured; readonly quiet: Measured };
}

/** Fewer changes of an hour tell no rate. */
const LEAST_TRIES = 10;
const MAX_DOUBLE_BOOKINGS = 50;

interface Way {
  readonly name: string;
  readonly failed: number;
  readonly done: number;
}

const ERROR_RATE: AlertRule<Way> = {
  kind: "error-rate",
  async measure(store, now) {
    const ways = await freshnessSince(store, later(now, -3_600_000));
    return ways.map(({ from, to, failures, effects }) => ({
      ...{ name: `${from} → ${to}`, failed: sum(failures), done: sum(effects) },
    }));
  },
  judge({ name, failed, done }, { thresholds }) {
    const percent = (failed / Math.max(1, failed + done)) * 100;
    if (failed + done < LEAST_TRIES || percent < thresholds.errorRatePercent) return undefined;
    const detail = `${failed} of ${failed + done} changes ${name} failed within the last hour. GET /api/freshness shows by what.`;
    return { subject: name, detail };
  },
  examples: () => ({
    fires: { name: "test", failed: LEAST_TRIES, done: 0 },
    quiet: { name: "test", failed: 0, done: LEAST_TRIES },
  }),
};

const STALLED: AlertRule<{ readonly dueSince: Instant }> = {
  kind: "stalled",
  async measure(_store, _now, { due: [oldest] }) {
    return oldest === undefined ? [] : [{ dueSince: oldest.nextAttempt }];
  },
  judge({ dueSince }, { thresholds }, now) {
    if (dueSince > later(now, -thresholds.stalledMinutes * 60_000)) return undefined;
    const detail = `Something has waited to be tried again since ${dueSince}, and nobody takes it up: look at the sweep and at the function sync.`;
    return { subject: "items", detail };
  },
  examples: ({ thresholds }, now) => ({
    fires: { dueSince: later(now, -thresholds.stalledMinutes * 60_000) },
    quiet: { dueSince: later(now, 1) },
  }),
};

const DOUBLE_BOOKING: AlertRule<Pick<ReviewItem, "id" | "resource" | "detail" | "openedAt">> = {
  kind: "double-booking",
  async measure(store) {
    const rows = await store.query<ReviewItem>({
      collection: "reviewItems",
      where: [
        { field: "kind", op: "==", value: "double-booking" },
        { field: "status", op: "==", value: "open" },
      ],
      limit: MAX_DOUBLE_BOOKINGS,
    });
    return rows.map(({ data }) => data);
  },
  judge({ id, detail, openedAt }, { thresholds }, now) {
    if (openedAt > later(now, -thresholds.doubleBookingMinutes * 60_000)) return undefined;
    return { subject: id, detail };
  },
  examples: ({ thresholds }, now) => ({
    fires: { id: "test", detail: "", openedAt: later(now, -thresholds.doubleBookingMinutes * 60_000) },
    quiet: { id: "test", detail: "", openedAt: later(now, 1) },
  }),
};

/** Raises what the thresholds call wrong, and closes what they no longer do. */
export async function evaluateAlerts(world: World, ws: string, workspace: WorkspaceConfig, seen: Seen): Promise<void> {
  const store = world.store(ws);
  const evaluate = async <Measured>(rule: AlertRule<Measured>) => {
    const now = world.clock.now();
    const found = (await rule.measure(store, now, seen)).flatMap((each) => rule.judge(each, workspace, now) ?? []);
    const subjects = new Set(found.map(({ subject }) => subject));
    for (const { subject, detail } of found) {
      if (seen.standing.some((alert) => alert.kind === rule.kind && alert.subject === subject)) continue;
      await raiseAlert(store, { kind: rule.kind, subject, detail }, now);
    }
    for (const { kind, subject } of seen.standing) {
      if (kind === rule.kind && !subjects.has(subject)) await closeAlert(store, kind, subject);
    }
  };
  await evaluate(ERROR_RATE);
  await evaluate(STALLED);
  await evaluate(DOUBLE_BOOKING);
}

export interface TriedRule {
  readonly kind: string;
  /** It fires where it must. */
  readonly fires: boolean;
  /** It does not fire where all is well. */
  readonly quiet: boolean;
}

/** Tries every rule with the workspace's thresholds: one that can never fire, or always does, is found (S57). */
export function tryRules(workspace: WorkspaceConfig, now: Instant): TriedRule[] {
  const tried = <Measured>(rule: AlertRule<Measured>): TriedRule => {
    const { fires, quiet } = rule.examples(workspace, now);
    return {
      kind: rule.kind,
      fires: rule.judge(fires, workspace, now) !== undefined,
      quiet: rule.judge(quiet, workspace, now) === undefined,
    };
  };
  return [tried(ERROR_RATE), tried(STALLED), tried(DOUBLE_BOOKING)];
}

/** The same for the heartbeat of one job. */
export function tryJob(job: string, workspace: WorkspaceConfig, now: Instant): TriedRule {
  const last = (ms: number): JobDoc => ({ job, lastRun: later(now, -ms), missed: false });
  const overdueMs = BEAT_MS + (workspace.thresholds.missedRuns + 1) * (JOBS[job] ?? 0) * 60_000;
  return {
    kind: "job-missed",
    fires: isMissed(last(overdueMs), workspace, now),
    quiet: !isMissed(last(0), workspace, now),
  };
}

function sum(counts: Readonly<Partial<Record<string, number>>>): number {
  return Object.values(counts).reduce<number>((all, count = 0) => all + count, 0);
}
