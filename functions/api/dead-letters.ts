import { z } from "zod";
import { logOperatorAction } from "../../shared/edge/edge-log.ts";
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
    ...{ method: "POST", pattern: "dead-letters/replay", scope: "operate" },
    summary: "Publishes every kept message again, a hundred at a time.",
    answer: ReplayedAll,
    problems: ["BUS_UNAVAILABLE"],
    handle: replayEvery,
  }),
  route({
    ...{ method: "POST", pattern: "dead-letters/:id/replay", scope: "operate", path: { id: "Of the message." } },
    summary: "Publishes the message again.",
    answer: DeadLetter,
    problems: ["INVALID_STATE", "BUS_UNAVAILABLE"],
    handle: replayOne,
  }),
  route({
    ...{ method: "POST", pattern: "dead-letters/:id/drop", scope: "operate", path: { id: "Of the message." } },
    summary: "Nobody needs the message any more, and why.",
    body: Drop,
    answer: DeadLetter,
    problems: ["INVALID_STATE"],
    handle: drop,
  }),
];

async function replayEvery(call: ApiCall) {
  const done = await replayAll(call.world, call.caller.ws, call.caller.actor);
  note(call, "replay dead letters", `${done.replayed} of ${done.replayed + done.refused.length}`);
  return done;
}

async function replayOne(call: ApiCall): Promise<DeadLetterDoc> {
  const letter = await replayLetter(call.world, call.caller.ws, call.param("id"), call.caller.actor);
  note(call, "replay dead letter", letter.messageId);
  return letter;
}

async function drop(call: ApiCall<unknown, z.output<typeof Drop>>): Promise<DeadLetterDoc> {
  const by = { actor: call.caller.actor, reason: call.body.reason };
  const letter = await dropLetter(call.world, call.caller.ws, call.param("id"), by);
  note(call, "drop dead letter", letter.messageId);
  return letter;
}

function note({ world, caller }: ApiCall, action: string, target: string): void {
  logOperatorAction(world.log, { actor: caller.actor, ws: caller.ws, action, target });
}
