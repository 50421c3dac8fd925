import { isError } from "../errors.ts";
import { ABSENT, type DocumentRef } from "../ports/store.ts";
import { type Instant, later } from "../sync/time.ts";
import { freshnessSince } from "./freshness.ts";
import { countOf, EMPTY, merged, quantile } from "./histogram.ts";
import { statsOf } from "./stats.ts";
import type { WorkspaceConfig, World } from "./world.ts";

/** The hour of the workspace's day from which on it is due. */
const DUE_HOUR = 8;

interface Logged {
  /** Of the workspace's day. */
  readonly date: string;
  /** Within the hour before the next day's: until then nobody looks at the wall, which costs a new instance a tenth of its start. */
  readonly notBefore?: Instant;
}

const LOGGED: DocumentRef = { collection: "counters", id: "daily-statistics" };

/**
 * Once a day, from 08:00 of the workspace's zone (that of its first resource), one log line of what there is and what the
 * last day did. Numbers only. One read where it is not due; two at once: one logs.
 */
export async function logDailyStatistics(world: World, ws: string, workspace: WorkspaceConfig): Promise<void> {
  const now = world.clock.now();
  const store = world.store(ws);
  const logged = await store.get<Logged>(LOGGED);
  if (logged?.data.notBefore !== undefined && now < logged.data.notBefore) return;
  const { date, hour } = wallOf(now, Object.values(workspace.resources)[0]?.timeZone ?? "UTC");
  if (hour < DUE_HOUR || logged?.data.date === date) return;
  const data: Logged = { date, notBefore: later(now, (23 + DUE_HOUR - hour) * 3_600_000) };
  try {
    await store.commit([{ kind: "put", ref: LOGGED, data, ifVersion: logged?.version ?? ABSENT }]);
  } catch (error) {
    if (isError(error, "STORE_CONFLICT")) return;
    throw error;
  }
  const { maps, imports, waiting } = await statsOf(store);
  const ways = await freshnessSince(store, later(now, -86_400_000));
  const took = ways.reduce((all, way) => merged(all, way.took), EMPTY);
  const changes = ways.flatMap(({ effects }) => Object.values(effects)).reduce((all, count) => all + count, 0);
  const failed = ways.flatMap(({ failures }) => Object.values(failures)).reduce((all, count) => all + count, 0);
  world.log.write("INFO", "daily statistics", {
    ...{ ws, date, ...maps, changes, failed, timed: countOf(took), importsDone: imports.done, ...waiting },
    p50Ms: finite(quantile(took, 0.5)),
    p95Ms: finite(quantile(took, 0.95)),
  });
}

function finite(ms: number | null): number | undefined {
  return ms === null || !Number.isFinite(ms) ? undefined : ms;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** One per zone: making it costs more than all else that the job does on an idle day. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-CA", {
    ...{ timeZone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", hourCycle: "h23" },
  });
  formats.set(timeZone, format);
  return format;
}

function wallOf(now: string, timeZone: string): { readonly date: string; readonly hour: number } {
  const parts = formatOf(timeZone).formatToParts(new Date(now));
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return { date: `${of("year")}-${of("month")}-${of("day")}`, hour: Number(of("hour")) };
}
