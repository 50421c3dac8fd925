import { z } from "zod";
import { workspaceOf } from "../../shared/config.ts";
import { connectionHealth } from "../../shared/flows/health.ts";
import { Instant } from "./answers/values.ts";
import { pageAnswer } from "./page.ts";
import { route } from "./route.ts";

export const WatchHealth = z
  .object({
    state: z.enum(["live", "silent", "expired", "refused", "stopped", "none"]),
    expiresAt: Instant.nullable(),
    lastPush: Instant.nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: "WatchHealth", description: "A calendar's push channel. Without a live one its changes are polled." });

const Connection = z
  .object({
    kind: z.enum(["source", "calendar"]),
    id: z.string(),
    resource: z.string().nullable(),
    provider: z.string(),
    state: z.enum(["ok", "parked", "stale", "waiting", "not-connected"]),
    lastRead: Instant.nullable().describe("A heartbeat: up to fifteen minutes old while everything is well."),
    parked: z.int().describe("Items that wait for their next try."),
    reason: z.string().nullable(),
    watch: WatchHealth.nullable(),
  })
  .meta({ id: "ConnectionHealth", description: "How one source or calendar is." });

export const HEALTH_ROUTES = [
  route({
    ...{ method: "GET", pattern: "health/deep", scope: "read" },
    summary: "How every source and calendar is: last read, parked items, push channel.",
    answer: pageAnswer(Connection),
    handle: async ({ world, caller }) => ({
      items: await connectionHealth(world, caller.ws, workspaceOf(world.config, caller.ws)),
      next: null,
    }),
  }),
];
