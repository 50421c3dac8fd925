import { z } from "zod";
import { jsonBody, NO_CONTENT, parsed } from "../../shared/cloud/edge-request.ts";
import { defineFunction } from "../../shared/cloud/frame.ts";
import { noteRun } from "../../shared/flows/jobs.ts";
import { sweep } from "../../shared/flows/sweep.ts";
import { tick } from "../../shared/flows/tick.ts";

/** `due`: what must not wait, or the full compare when it is due; nothing: the compare at once. */
const Tick = z.object({ only: z.literal("due").exactOptional() });

/** Compares everything, retries what is parked, tidies what was left over, raises alerts. */
defineFunction({
  name: "sweep",
  auth: "internal",
  handle: async (request, { world }) => {
    const { only } = parsed(Tick, jsonBody(request.body) ?? {}, "body");
    if (only === "due") await tick(world);
    else {
      await sweep(world);
      await noteRun(world, "compare");
    }
    return NO_CONTENT;
  },
});
