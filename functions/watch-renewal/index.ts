import { NO_CONTENT } from "../../shared/cloud/edge-request.ts";
import { defineFunction } from "../../shared/cloud/frame.ts";
import { pollMailboxes } from "../../shared/flows/mail/touch-mailbox.ts";
import { watchMailboxes } from "../../shared/flows/mail/watch-mailboxes.ts";
import { renewWatches } from "../../shared/flows/renew-watches.ts";

/** Opens, overlaps and stops push channels, has Gmail tell of new mail, and notices what has gone silent (S28, S35). */
defineFunction({
  name: "watch-renewal",
  auth: "internal",
  requires: { PUBLIC_URL: "the https address providers push to" },
  handle: async (_request, { world }) => {
    await renewWatches(world);
    await watchMailboxes(world);
    await pollMailboxes(world);
    return NO_CONTENT;
  },
});
