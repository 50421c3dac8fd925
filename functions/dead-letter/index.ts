import { NO_CONTENT } from "../../shared/cloud/edge-request.ts";
import { defineFunction } from "../../shared/cloud/frame.ts";
import { envelopeOf } from "../../shared/cloud/push-envelope.ts";
import { keepDeadLetter } from "../../shared/flows/keep-dead-letter.ts";

/** Keeps a message that was refused too often, with its reason, for replay (R6). */
defineFunction({
  name: "dead-letter",
  auth: "internal",
  handle: async (request, { world }) => {
    await keepDeadLetter(world, envelopeOf(request.body));
    return NO_CONTENT;
  },
});
