import { z } from "zod";
import { jsonBody, NO_CONTENT, parsed } from "../../shared/cloud/edge-request.ts";
import { defineFunction } from "../../shared/cloud/frame.ts";
import { renewWatches } from "../../shared/flows/renew-watches.ts";

/** Whose calendars; nothing: all of them. */
const Tick = z.object({ provider: z.string().exactOptional() });

/** Opens, overlaps and stops push channels, and notices those that have gone silent (S28). */
defineFunction({
  name: "watch-renewal",
  auth: "internal",
  requires: { PUBLIC_URL: "the https address providers push to" },
  handle: async (request, { world }) => {
    await renewWatches(world, parsed(Tick, jsonBody(request.body) ?? {}, "body"));
    return NO_CONTENT;
  },
});
