import { z } from "zod";
import { jsonBody, NO_CONTENT, parsed } from "../../shared/cloud/edge-request.ts";
import { defineFunction } from "../../shared/cloud/frame.ts";
import { noteRun } from "../../shared/flows/jobs.ts";
import { tendMailboxes } from "../../shared/flows/mail/tend-mailboxes.ts";
import { renewWatches } from "../../shared/flows/renew-watches.ts";

/** Whose calendars or mailboxes; nothing: all of them. */
const Tick = z.object({ provider: z.string().exactOptional() });

/** Opens, overlaps and stops push channels, has Gmail tell of new mail, and notices those that have gone silent (S28). */
defineFunction({
  name: "watch-renewal",
  auth: "internal",
  requires: { PUBLIC_URL: "the https address providers push to" },
  handle: async (request, { world }) => {
    const tick = parsed(Tick, jsonBody(request.body) ?? {}, "body");
    await renewWatches(world, tick);
    await tendMailboxes(world, tick);
    await noteRun(world, "watch-renewal", tick.provider);
    return NO_CONTENT;
  },
});
