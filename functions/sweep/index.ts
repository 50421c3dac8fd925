import { z } from "zod";
import { jsonBody, NO_CONTENT, parsed } from "../../shared/cloud/edge-request.ts";
import { defineFunction } from "../../shared/cloud/frame.ts";
import { tendJobs } from "../../shared/flows/jobs.ts";
import { sweep } from "../../shared/flows/sweep.ts";
import { tend } from "../../shared/flows/tend.ts";

/** `due`: only what must not wait for the full compare. */
const Tick = z.object({ only: z.literal("due").exactOptional() });

const WORK = { due: tend, everything: sweep } as const;

/** Compares everything, retries what is parked, tidies what was left over, raises alerts. */
defineFunction({
  name: "sweep",
  auth: "internal",
  handle: async (request, { world }) => {
    const { only } = parsed(Tick, jsonBody(request.body) ?? {}, "body");
    await WORK[only ?? "everything"](world);
    await tendJobs(world, only ?? "sweep");
    return NO_CONTENT;
  },
});
