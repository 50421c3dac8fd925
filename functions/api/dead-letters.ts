import { z } from "zod";
import { DEAD_LETTERS, type DeadLetter as DeadLetterDoc } from "../../shared/flows/keep-dead-letter.ts";
import { dropLetter, replayAll, replayLetter } from "../../shared/flows/replay.ts";
import { DeadLetter } from "./answers/kept-items.ts";
import { listQuery, ofStatus, pageAnswer, pageOf } from "./page.ts";
import { type ApiCall, route } from "./route.ts";

const Drop = z.strictObject({ reason: z.string().trim().min(1).max(500) });
const ReplayedAll = z.object({
  replayed: z.int(),
  refused: z.array(z.object({ messageId: z.string(), reason: z.string() })),
  more: z.boolean().describe("Ask again: one call replays a hundred."),
});

export const DEAD_LETTER_ROUTES = [
  route({
    ...{ method: "GET", pattern: "dead-letters", scope: "operate" },
    summary: "Messages given up; what they were about is looked at again by the sweep.",
    query: listQuery(["kept", "replayed", "mended", "dropped"]),
    answer: pageAnswer(DeadLetter),
    handle: ({ world, caller, query }) =>
      pageOf<DeadLetterDoc>(world.store(caller.ws), DEAD_LETTERS, ofStatus(query.status), query),
  }),
  route({
    ...{ method: "POST", pattern: "dead-letters/replay", scope: "operate", action: "replay dead letters" },
    notes: ({ answer: { replayed, refused } }) => ({ target: `${replayed} of ${replayed + refused.length}` }),
    summary: "Publishes every kept message again, a hundred at a time.",
    answer: ReplayedAll,
    problems: ["BUS_UNAVAILABLE"],
    handle: replayEvery,
  }),
  route({
    ...{ method: "POST", pattern: "dead-letters/:id/replay", scope: "operate", path: { id: "Of the message." } },
    action: "replay dead letter",
    summary: "Publishes the message again.",
    answer: DeadLetter,
    problems: ["INVALID_STATE", "BUS_UNAVAILABLE"],
    handle: replayOne,
  }),
  route({
    ...{ method: "POST", pattern: "dead-letters/:id/drop", scope: "operate", path: { id: "Of the message." } },
    action: "drop dead letter",
    summary: "Nobody needs the message any more, and why.",
    body: Drop,
    answer: DeadLetter,
    problems: ["INVALID_STATE"],
    handle: drop,
  }),
];

function replayEvery({ world, caller }: ApiCall) {
  return replayAll(world, caller.ws, caller.actor);
}

function replayOne({ world, caller, param }: ApiCall): Promise<DeadLetterDoc> {
  return replayLetter(world, caller.ws, param("id"), caller.actor);
}

function drop({ world, caller, param, body }: ApiCall<unknown, z.output<typeof Drop>>): Promise<DeadLetterDoc> {
  return dropLetter(world, caller.ws, param("id"), { actor: caller.actor, reason: body.reason });
}
