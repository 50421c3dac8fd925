import { z } from "zod";
import { jsonBody, NO_CONTENT, parsed } from "../../shared/cloud/edge-request.ts";
import { defineFunction } from "../../shared/cloud/frame.ts";
import { noteRun } from "../../shared/flows/jobs.ts";
import { pollSources } from "../../shared/flows/poll-sources.ts";

/** What a scheduler job may narrow the poll to; nothing: every source of every workspace. */
const Tick = z.object({
  ws: z.string().exactOptional(),
  source: z.string().exactOptional(),
  provider: z.string().exactOptional(),
});

/** Looks at every booking source and tells what is new or missing there. */
defineFunction({
  name: "source-poll",
  auth: "internal",
  handle: async (request, { world }) => {
    const tick = parsed(Tick, jsonBody(request.body) ?? {}, "body");
    await pollSources(world, tick);
    if (tick.ws === undefined && tick.source === undefined) await noteRun(world, "source-poll", tick.provider);
    return NO_CONTENT;
  },
});
