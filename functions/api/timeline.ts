import { z } from "zod";
import { workspaceOf } from "../../shared/config.ts";
import { timelineOf } from "../../shared/flows/timeline.ts";
import { Span } from "./answers/values.ts";
import { type ApiCall, route } from "./route.ts";
import { window } from "./window.ts";

/** A week, and what daylight saving adds. */
const MAX_MS = 8 * 24 * 3_600_000;
const Window = window(MAX_MS);

const Pair = z
  .object({
    bookingKey: z.string(),
    resource: z.string(),
    state: z.enum(["in-step", "pending", "conflict", "held", "failed"]),
    title: z.string(),
    booking: Span.nullable().describe("When its source says that it is."),
    event: Span.nullable().describe("When the calendar says that it is."),
    detail: z.string().nullable(),
    holdId: z.string().nullable(),
    reviewId: z.string().nullable(),
  })
  .meta({ id: "TimelinePair", description: "Both sides of a booking on one resource." });

const Resource = z.object({ id: z.string(), calendarId: z.string(), source: z.string(), timeZone: z.string() });

export const TIMELINE_ROUTES = [
  route({
    ...{ method: "GET", pattern: "timeline", scope: "read" },
    summary: "Both sides of every pair that lies in a window of at most eight days.",
    query: Window,
    answer: z.object({
      resources: z.array(Resource),
      items: z.array(Pair),
      more: z.boolean().describe("There is more in the window than one answer holds: ask for less of it."),
    }),
    handle: showTimeline,
  }),
];

async function showTimeline({ world, caller, query: { from, to } }: ApiCall<z.output<typeof Window>>) {
  const { resources } = workspaceOf(world.config, caller.ws);
  return {
    resources: Object.entries(resources).map(([id, { calendar: calendarId, source, timeZone }]) => {
      return { id, calendarId, source, timeZone };
    }),
    ...(await timelineOf(world.store(caller.ws), from, to)),
  };
}
