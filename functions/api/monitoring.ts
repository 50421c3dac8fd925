import { z } from "zod";
import { workspaceOf } from "../../shared/config.ts";
import { auditCalendar } from "../../shared/flows/audit.ts";
import { settingsOf } from "../../shared/flows/desk.ts";
import { type ImportDoc, type SnapshotDoc, snapshotRef } from "../../shared/flows/documents.ts";
import { statsOf } from "../../shared/flows/stats.ts";
import { calendarsOf } from "../../shared/flows/watches.ts";
import { Failure, Instant } from "./answers/values.ts";
import { listQuery, ofStatus, pageAnswer, pageOf } from "./page.ts";
import { type ApiCall, route } from "./route.ts";

const Count = z.int().min(0);

const Stats = z
  .object({
    maps: z.object({
      ...{ pending: Count, active: Count, conflict: Count, held: Count, error: Count, cancelled: Count },
      parked: Count.describe("Those that wait for their next try, of whatever status."),
    }),
    imports: z.object({ creating: Count, done: Count, refused: Count, gone: Count }),
    waiting: z
      .object({ reviews: Count, holds: Count, alerts: Count, deadLetters: Count })
      .describe("For a person, in the whole workspace."),
  })
  .meta({ id: "Stats", description: "How much there is of what." });

const Polled = z
  .object({
    kind: z.enum(["source", "calendar"]),
    id: z.string(),
    lastRead: Instant.nullable(),
    known: Count.nullable().describe("Bookings the last listing had."),
    missing: Count.nullable().describe("Of those known, how many the last listing lacked; not yet taken for gone."),
    incremental: z.boolean().nullable().describe("Whether the next listing of the calendar is of changes only."),
  })
  .meta({ id: "PollingState", description: "Where the polling of one source or calendar stands." });

const Import = z
  .object({
    status: z.enum(["creating", "done", "refused", "gone"]),
    source: z.string(),
    resource: z.string(),
    calendarId: z.string(),
    eventId: z.string(),
    bookingKey: z.string().nullable(),
    at: Instant,
    attempts: Count,
    nextAttempt: Instant.nullable(),
    error: Failure.nullable(),
  })
  .meta({ id: "Import", description: "A meeting of people's own that was to become a booking." });

const Audit = z
  .object({
    resource: z.string(),
    calendarId: z.string(),
    expected: Count,
    inStep: Count,
    score: z.number().min(0).max(1),
    drifts: z.array(
      z.object({
        kind: z.enum(["missing", "differs", "orphan"]),
        bookingKey: z.string().nullable(),
        eventId: z.string(),
      }),
    ),
  })
  .meta({ id: "Audit", description: "A full compare of one calendar with what Lockstep knows of it." });

export const MONITORING_ROUTES = [
  route({
    ...{ method: "GET", pattern: "stats", scope: "read" },
    summary: "How much there is of what, by status; counted, not read.",
    query: z.object({ resource: z.string().min(1).max(60).exactOptional() }),
    answer: Stats,
    handle: showStats,
  }),
  route({
    ...{ method: "GET", pattern: "polling", scope: "read" },
    summary: "Where the polling of every source and calendar stands.",
    answer: pageAnswer(Polled),
    handle: showPolling,
  }),
  route({
    ...{ method: "GET", pattern: "imports", scope: "read" },
    summary: "People's own meetings that were to become bookings: under way, done, refused.",
    query: listQuery(["creating", "done", "refused", "gone"]),
    answer: pageAnswer(Import),
    handle: showImports,
  }),
  route({
    ...{ method: "GET", pattern: "audit/:resource", scope: "read" },
    summary: "A full compare of one calendar, orphaned events included: changes nothing; `POST sync` repairs.",
    path: { resource: "Of the configuration, e.g. `bay-1`." },
    answer: Audit,
    problems: ["PROVIDER_UNAVAILABLE", "PROVIDER_FORBIDDEN"],
    handle: ({ world, caller, param }) => auditCalendar(world, caller.ws, param("resource")),
  }),
];

async function showStats({ world, caller, query }: ApiCall<{ readonly resource?: string }>) {
  if (query.resource !== undefined) settingsOf(world, { ws: caller.ws, resource: query.resource });
  return statsOf(world.store(caller.ws), query.resource);
}

async function showPolling({ world, caller: { ws } }: ApiCall) {
  const workspace = workspaceOf(world.config, ws);
  const sources = Object.keys(workspace.sources);
  const snapshots = await world.store(ws).getMany(sources.map(snapshotRef));
  const polled = sources.map((id, index) => {
    // Proof: only Lockstep writes snapshots, with this shape.
    const doc = snapshots[index]?.data as SnapshotDoc | undefined;
    const entries = doc === undefined ? undefined : Object.values(doc.entries);
    return {
      ...{ kind: "source" as const, id, lastRead: doc?.lastSuccess ?? null, incremental: null },
      known: entries?.length ?? null,
      missing: entries?.filter(({ missing }) => missing !== undefined).length ?? null,
    };
  });
  const calendars = (await calendarsOf(world, ws, workspace)).map(({ calendarId: id, doc }) => {
    const incremental = doc === undefined ? null : doc.cursor !== undefined;
    return { kind: "calendar" as const, id, lastRead: doc?.lastRead ?? null, known: null, missing: null, incremental };
  });
  return { items: [...polled, ...calendars], next: null };
}

async function showImports({ world, caller, query }: ApiCall<{ status: string; limit: number; after?: string }>) {
  const page = await pageOf<ImportDoc>(world.store(caller.ws), "imports", ofStatus(query.status), query);
  return { ...page, items: page.items.map(shownImport) };
}

function shownImport(doc: ImportDoc) {
  const { status, source, resource, calendarId, eventId, at, attempts } = doc;
  return {
    ...{ status, source, resource, calendarId, eventId, at, attempts },
    bookingKey: doc.bookingKey ?? null,
    nextAttempt: doc.nextAttempt === "" ? null : doc.nextAttempt,
    error: doc.error ?? null,
  };
}
