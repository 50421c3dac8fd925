import { z } from "zod";
import { jsonBody, NO_CONTENT, parsed } from "../../shared/cloud/edge-request.ts";
import { defineFunction } from "../../shared/cloud/frame.ts";
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
    await pollSources(world, parsed(Tick, jsonBody(request.body) ?? {}, "body"));
    return NO_CONTENT;
  },
});
