import { z } from "zod";
import type { HoldDoc } from "../../shared/flows/documents.ts";
import { holdDiff } from "../../shared/flows/hold-diff.ts";
import { approveHold, rejectHold, undoHold } from "../../shared/flows/holds.ts";
import { Hold, HoldDiff } from "./answers/kept-items.ts";
import { newestOf, ofStatus, Paging, pageAnswer } from "./page.ts";
import { type ApiCall, route } from "./route.ts";

const Listed = Paging.extend({
  status: z.enum(["all", "open", "approved", "rejected", "undone"]).default("all"),
});

const DECISIONS = { approve: approveHold, reject: rejectHold, undo: undoHold } as const;
const DECIDING = { scope: "operate", path: { id: "Of the hold." }, answer: Hold, problems: ["INVALID_STATE"] } as const;

export const HOLD_ROUTES = [
  route({
    ...{ method: "GET", pattern: "holds", scope: "read" },
    summary: "What waits for a person: adoption previews, and what the breaker holds; the newest first.",
    query: Listed,
    answer: pageAnswer(Hold),
    handle: ({ world, caller, query }) =>
      newestOf<HoldDoc>(world.store(caller.ws), "holds", "openedAt", ofStatus(query.status), query),
  }),
  route({
    ...{ method: "GET", pattern: "holds/:id", scope: "read", path: { id: "Of the hold." } },
    summary: "What approving a hold would do, item by item, as both sides stand now.",
    answer: HoldDiff,
    handle: ({ world, caller, param }) => holdDiff(world, caller.ws, param("id")),
  }),
  route({
    ...{ method: "POST", pattern: "holds/:id/approve", action: "approve hold", ...DECIDING },
    summary: "Lets what was held go on; bookings are cancelled after a delay in which undo is free.",
    handle: decideHold("approve"),
  }),
  route({
    ...{ method: "POST", pattern: "holds/:id/reject", action: "reject hold", ...DECIDING },
    summary: "Refuses what was held; events are put back.",
    handle: decideHold("reject"),
  }),
  route({
    ...{ method: "POST", pattern: "holds/:id/undo", action: "undo hold", ...DECIDING },
    summary: "Takes an approval back: events are made again, bookings booked again where the slot is free.",
    handle: decideHold("undo"),
  }),
];

/** A person's decision over a hold. Throws NOT_FOUND; INVALID_STATE where it was decided otherwise before. */
function decideHold(decision: keyof typeof DECISIONS): (call: ApiCall) => Promise<HoldDoc> {
  return ({ world, caller, param }) => DECISIONS[decision](world, caller.ws, param("id"), caller.actor);
}
