import { z } from "zod";
import { sourceAccountOf, type WorkspaceConfig, workspaceOf } from "../../shared/config.ts";
import { LockstepError } from "../../shared/errors.ts";
import { planBackfill } from "../../shared/flows/backfill.ts";
import { bookingKey } from "../../shared/flows/documents.ts";
import { pollSources } from "../../shared/flows/poll-sources.ts";
import { publishBookingHint } from "../../shared/flows/publish.ts";
import { messageOf, TOPIC } from "../../shared/topics/calendar-touched.ts";
import { UNROUTED } from "../../shared/topics/observations.ts";
import { BackfillPlan } from "./backfill.ts";
import { type ApiCall, route } from "./route.ts";

/** What to look at again; nothing: everything of the workspace. */
const Wish = z
  .strictObject({
    source: z.string().exactOptional(),
    resource: z.string().exactOptional(),
    bookingId: z.string().min(1).max(200).exactOptional(),
    direction: z
      .enum(["both", "to-calendar", "from-calendar"])
      .default("both")
      .describe("Which side is looked at: the booking sources, the calendars, or both."),
    dryRun: z.boolean().default(false).describe("Only answer what would be started."),
  })
  .prefault({});
type Wish = z.output<typeof Wish>;

const Started = z
  .object({
    dryRun: z.boolean(),
    sources: z.array(z.string()),
    calendars: z.array(z.string()),
    booking: z
      .object({ source: z.string(), bookingId: z.string(), resource: z.string() })
      .exactOptional()
      .describe("One booking alone: then nothing is polled."),
    plan: BackfillPlan.exactOptional().describe(
      "Of a dry run for one resource: what is left to do there, item by item.",
    ),
  })
  .meta({ id: "StartedSync", description: "What is looked at again." });

export const SYNC_ROUTES = [
  route({
    ...{ method: "POST", pattern: "sync", scope: "operate", status: 202, dryRun: true },
    action: "request sync",
    notes: ({ body, answer: { booking } }) => ({
      target: targetOf(body),
      ...(booking !== undefined && { bookingKey: bookingKey(booking.source, booking.bookingId) }),
    }),
    summary: "Looks again at once, at everything or at what is named, as the triggers would.",
    body: Wish,
    answer: Started,
    problems: ["NOT_FOUND", "BUS_UNAVAILABLE", "PROVIDER_UNAVAILABLE"],
    handle: requestSync,
  }),
];

interface Plan {
  readonly sources: readonly string[];
  readonly calendars: readonly string[];
  /** One booking alone: then nothing is polled. */
  readonly booking?: { readonly source: string; readonly bookingId: string; readonly resource: string };
}

/** Answers what it started; the work itself is done by `sync`. */
async function requestSync({ world, caller, body: wish }: ApiCall<unknown, Wish>) {
  const plan = planOf(workspaceOf(world.config, caller.ws), wish);
  if (wish.dryRun) {
    const { resource } = wish;
    return {
      dryRun: true,
      ...plan,
      ...(resource !== undefined && { plan: await planBackfill(world, caller.ws, resource) }),
    };
  }
  if (plan.booking !== undefined) {
    await publishBookingHint(world, { ws: caller.ws, ...plan.booking }, `request:${world.newId()}`);
  }
  const touched = plan.calendars.map((calendarId) => messageOf({ ws: caller.ws, calendarId, via: "request" }));
  if (touched.length > 0) await world.publisher.publish(TOPIC, touched);
  for (const source of plan.sources) await pollSources(world, { ws: caller.ws, source });
  return { dryRun: false, ...plan };
}

function planOf(workspace: WorkspaceConfig, wish: Wish): Plan {
  const resources = Object.entries(workspace.resources).filter(
    ([id, { source }]) => (wish.resource ?? id) === id && (wish.source ?? source) === source,
  );
  if (wish.source !== undefined) sourceAccountOf(workspace, wish.source);
  if (wish.resource !== undefined && resources.length === 0) {
    throw new LockstepError("NOT_FOUND", { detail: `There is no resource ${wish.resource} there.` });
  }
  const named = wish.source === undefined ? [] : [wish.source];
  const sources = [...new Set([...named, ...resources.map(([, { source }]) => source)])];
  if (wish.bookingId === undefined) {
    return {
      sources: wish.direction === "from-calendar" ? [] : sources,
      calendars: wish.direction === "to-calendar" ? [] : resources.map(([, { calendar }]) => calendar),
    };
  }
  const [source, ...others] = sources;
  if (source === undefined || others.length > 0) {
    throw new LockstepError("INVALID_REQUEST", { detail: "body.source: say which source the booking is of." });
  }
  const booking = { source, bookingId: wish.bookingId, resource: wish.resource ?? UNROUTED };
  return { sources: [], calendars: [], booking };
}

function targetOf(wish: Wish): string {
  return [wish.source, wish.resource, wish.bookingId].filter((part) => part !== undefined).join("/") || "everything";
}
