import { z } from "zod";
import { workspaceOf } from "../../shared/config.ts";
import { type BackfillRow, listBackfill, planBackfill, previewAgain } from "../../shared/flows/backfill.ts";
import { pageAnswer } from "./page.ts";
import { type ApiCall, route } from "./route.ts";

const Row = z
  .object({
    resource: z.string(),
    calendarId: z.string(),
    state: z.enum(["not-connected", "waiting", "running", "done"]),
    hold: z.string().nullable().describe("To be approved before anything is written."),
    counts: z.object({ adopt: z.int(), create: z.int(), import: z.int(), leaveAlone: z.int() }).nullable(),
    done: z.int(),
    total: z.int(),
    progress: z.number().min(0).max(1),
  })
  .meta({ id: "BackfillRow", description: "How far the first connection of one calendar is." });

const When = { start: z.string().exactOptional(), end: z.string().exactOptional() };
export const BackfillPlan = z
  .object({
    resource: z.string(),
    calendarId: z.string(),
    adopt: z.array(z.object({ bookingId: z.string(), eventId: z.string(), why: z.string(), ...When })),
    create: z.array(z.object({ bookingId: z.string(), start: z.string(), end: z.string() })),
    import: z.array(z.object({ eventId: z.string(), ...When })),
    leaveAlone: z.array(z.object({ eventId: z.string(), ...When })),
    inStep: z.int(),
  })
  .meta({ id: "BackfillPlan", description: "What is left to do on one resource, item by item." });

const OF_RESOURCE = { resource: "Of the configuration, e.g. `bay-1`." } as const;

export const BACKFILL_ROUTES = [
  route({
    ...{ method: "GET", pattern: "backfill", scope: "read" },
    summary: "How far the first connection of each calendar is.",
    answer: pageAnswer(Row).extend({ done: z.int(), total: z.int(), progress: z.number() }),
    handle: showBackfill,
  }),
  route({
    ...{ method: "GET", pattern: "backfill/:resource", scope: "read", path: OF_RESOURCE },
    summary: "What is left to do on one resource: read from both sides, nothing is written.",
    answer: BackfillPlan,
    problems: ["PROVIDER_UNAVAILABLE"],
    handle: ({ world, caller, param }) => planBackfill(world, caller.ws, param("resource")),
  }),
  route({
    ...{ method: "POST", pattern: "backfill/:resource/preview", scope: "operate", path: OF_RESOURCE },
    action: "preview connection",
    summary: "Counts a waiting calendar anew and opens its hold again.",
    answer: Row.nullable(),
    problems: ["INVALID_STATE", "PROVIDER_UNAVAILABLE"],
    handle: previewBackfill,
  }),
];

async function showBackfill({ world, caller }: ApiCall) {
  const items = await listBackfill(world, caller.ws, workspaceOf(world.config, caller.ws));
  const done = items.reduce((sum, row) => sum + row.done, 0);
  const total = items.reduce((sum, row) => sum + row.total, 0);
  return { items, done, total, progress: total === 0 ? 1 : done / total, next: null };
}

async function previewBackfill({ world, caller, param }: ApiCall): Promise<BackfillRow | null> {
  const resource = param("resource");
  await previewAgain(world, caller.ws, resource);
  const rows = await listBackfill(world, caller.ws, workspaceOf(world.config, caller.ws));
  return rows.find((row) => row.resource === resource) ?? null;
}
