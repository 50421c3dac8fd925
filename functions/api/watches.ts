import { z } from "zod";
import { workspaceOf } from "../../shared/config.ts";
import type { CalendarDoc } from "../../shared/flows/documents.ts";
import { type WatchHealth as Health, watchOf } from "../../shared/flows/health.ts";
import { calendarsOf, renewWatch, stopWatch } from "../../shared/flows/watches.ts";
import { Instant } from "./answers/values.ts";
import { WatchHealth } from "./health.ts";
import { pageAnswer } from "./page.ts";
import { type ApiCall, route } from "./route.ts";

const Watch = WatchHealth.extend({
  resource: z.string(),
  calendarId: z.string(),
  channelId: z.string().nullable(),
  createdAt: Instant.nullable(),
}).meta({ id: "Watch", description: "The push channel (Google) or subscription (Graph) of one calendar." });

const DECIDING = {
  method: "POST",
  scope: "operate",
  answer: Watch,
  path: { resource: "Of the configuration, e.g. `bay-1`." },
  problems: ["INVALID_STATE", "WATCH_REFUSED", "PROVIDER_UNAVAILABLE", "PROVIDER_FORBIDDEN", "PROVIDER_UNAUTHORIZED"],
} as const;

export const WATCH_ROUTES = [
  route({
    ...{ method: "GET", pattern: "watches", scope: "read" },
    summary: "The push channel of every calendar, and how it is.",
    answer: pageAnswer(Watch),
    handle: showWatches,
  }),
  route({
    ...{ pattern: "watches/:resource/renew", action: "renew watch", ...DECIDING },
    summary: "Opens a push channel now, where there is none or in place of the present one.",
    handle: (call) => decide(call, (ws, resource) => renewWatch(call.world, ws, resource)),
  }),
  route({
    ...{ pattern: "watches/:resource/stop", action: "stop watch", ...DECIDING },
    summary: "Stops a push channel until somebody renews it; changes are found by polling meanwhile.",
    handle: (call) => decide(call, (ws, resource) => stopWatch(call.world, ws, resource, call.caller.actor)),
  }),
];

interface ShownWatch extends Health {
  readonly resource: string;
  readonly calendarId: string;
  readonly channelId: string | null;
  readonly createdAt: string | null;
}

async function showWatches({ world, caller }: ApiCall) {
  const rows = await calendarsOf(world, caller.ws, workspaceOf(world.config, caller.ws));
  const now = world.clock.now();
  return { items: rows.map(({ resource, calendarId, doc }) => shown(resource, calendarId, doc, now)), next: null };
}

async function decide(
  { world, caller, param }: ApiCall,
  work: (ws: string, resource: string) => Promise<CalendarDoc>,
): Promise<ShownWatch> {
  const resource = param("resource");
  const doc = await work(caller.ws, resource);
  return shown(resource, doc.calendarId, doc, world.clock.now());
}

function shown(resource: string, calendarId: string, doc: CalendarDoc | undefined, now: string): ShownWatch {
  const health: Health =
    doc === undefined
      ? { state: "none", expiresAt: null, lastPush: null, reason: "not connected yet" }
      : watchOf(doc, now);
  const { channelId = null, createdAt = null } = doc?.watch ?? {};
  return { ...health, resource, calendarId, channelId, createdAt };
}
