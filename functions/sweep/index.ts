import { NO_CONTENT } from "../../shared/cloud/edge-request.ts";
import { defineFunction } from "../../shared/cloud/frame.ts";
import { sweep } from "../../shared/flows/sweep.ts";

/** Compares everything, retries what is parked, tidies what was left over, raises alerts. */
defineFunction({
  name: "sweep",
  auth: "internal",
  handle: async (_request, { world }) => {
    await sweep(world);
    return NO_CONTENT;
  },
});
