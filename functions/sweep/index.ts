import { z } from "zod";
import { jsonBody, NO_CONTENT, parsed } from "../../shared/cloud/edge-request.ts";
import { defineFunction } from "../../shared/cloud/frame.ts";
import { retryDue, sweep } from "../../shared/flows/sweep.ts";

/** `retry`: only what waits for its next attempt; nothing: the full compare too. */
const Tick = z.object({ only: z.literal("retry").exactOptional() });

/** Compares everything, retries what is parked, tidies what was left over, raises alerts. */
defineFunction({
  name: "sweep",
  auth: "internal",
  handle: async (request, { world }) => {
    const { only } = parsed(Tick, jsonBody(request.body) ?? {}, "body");
    await (only === "retry" ? retryDue(world) : sweep(world));
    return NO_CONTENT;
  },
});
