import { NO_CONTENT } from "../../shared/cloud/edge-request.ts";
import { defineFunction } from "../../shared/cloud/frame.ts";
import { renewWatches } from "../../shared/flows/renew-watches.ts";

/** Opens, overlaps and stops push channels, and notices those that have gone silent (S28). */
defineFunction({
  name: "watch-renewal",
  auth: "internal",
  requires: { PUBLIC_URL: "the https address providers push to" },
  handle: async (_request, { world }) => {
    await renewWatches(world);
    return NO_CONTENT;
  },
});
