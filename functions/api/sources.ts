import { z } from "zod";
import { workspaceOf } from "../../shared/config.ts";
import { liftBlock, listSources } from "../../shared/flows/blocked.ts";
import { Instant } from "./answers/values.ts";
import { pageAnswer } from "./page.ts";
import { type ApiCall, route } from "./route.ts";

const Budget = z.object({
  limit: z.int().exactOptional(),
  remaining: z.int().exactOptional(),
  resetsAt: Instant.exactOptional(),
  pausedUntil: Instant.exactOptional(),
  blockedAt: Instant.exactOptional().describe("No call is made until a person lifts that."),
});
const Source = z
  .object({
    source: z.string(),
    provider: z.string(),
    budget: Budget.nullable().describe("Null where the provider does not count our calls."),
  })
  .meta({ id: "Source", description: "A booking source, and what its provider leaves us of the hour's calls." });

export const SOURCE_ROUTES = [
  route({
    ...{ method: "GET", pattern: "sources", scope: "read" },
    summary: "The workspace's booking sources, and how each stands with its provider.",
    answer: pageAnswer(Source),
    handle: showSources,
  }),
  route({
    ...{ method: "POST", pattern: "sources/:source/unblock", scope: "operate", action: "unblock source" },
    path: { source: "Of the configuration, e.g. `osm`." },
    summary: "A block was settled with the provider: calls go on.",
    answer: z.object({ source: z.string(), blocked: z.literal(false) }),
    problems: ["INVALID_STATE"],
    handle: unblock,
  }),
];

async function showSources({ world, caller }: ApiCall) {
  return { items: await listSources(world, caller.ws, workspaceOf(world.config, caller.ws)), next: null };
}

async function unblock({ world, caller, param }: ApiCall) {
  const source = param("source");
  await liftBlock(world, caller.ws, source);
  return { source, blocked: false as const };
}
