import { z } from "zod";
import { workspaceOf } from "../../shared/config.ts";
import { busyTimes, discoverCalendars } from "../../shared/flows/discovery.ts";
import { Instant } from "./answers/values.ts";
import { pageAnswer } from "./page.ts";
import { type ApiCall, route } from "./route.ts";
import { window } from "./window.ts";

const Window = window();

const Calendar = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(["room", "group"]),
    list: z.string().exactOptional(),
    capacity: z.int().exactOptional(),
    account: z.string(),
    resource: z.string().nullable().describe("The resource that uses it already."),
  })
  .meta({ id: "FoundCalendar", description: "A calendar that the workspace's accounts can see." });

const Busy = z.object({
  resource: z.string(),
  from: Instant,
  to: Instant,
  busy: z
    .array(z.object({ start: Instant, end: Instant }))
    .nullable()
    .describe("Null where the provider cannot tell."),
});

export const DISCOVERY_ROUTES = [
  route({
    ...{ method: "GET", pattern: "calendars", scope: "read" },
    summary: "Rooms and groups that the workspace's accounts can see, each with the resource that uses it already.",
    answer: pageAnswer(Calendar).extend({ without: z.array(z.string()).describe("Accounts that list none.") }),
    problems: ["PROVIDER_UNAVAILABLE"],
    handle: showCalendars,
  }),
  route({
    ...{ method: "GET", pattern: "calendars/:resource/busy", scope: "read" },
    summary: "When a resource's calendar is taken, as its provider tells it to everybody.",
    path: { resource: "Of the configuration, e.g. `bay-1`." },
    query: Window,
    answer: Busy,
    problems: ["PROVIDER_UNAVAILABLE"],
    handle: showBusy,
  }),
];

async function showCalendars({ world, caller }: ApiCall) {
  return { ...(await discoverCalendars(world, caller.ws, workspaceOf(world.config, caller.ws))), next: null };
}

async function showBusy({ world, caller, query: { from, to }, param }: ApiCall<z.output<typeof Window>>) {
  const resource = param("resource");
  const busy = await busyTimes(world, caller.ws, resource, { kind: "timed", start: from, end: to });
  return { resource, from, to, busy };
}
