import { DEAD_LETTERS, type DeadLetter as DeadLetterDoc } from "../../shared/flows/keep-dead-letter.ts";
import { DeadLetter } from "./answers/kept-items.ts";
import { listQuery, ofStatus, pageAnswer, pageOf } from "./page.ts";
import { route } from "./route.ts";

export const DEAD_LETTER_ROUTES = [
  route({
    ...{ method: "GET", pattern: "dead-letters", scope: "operate" },
    summary: "Messages given up; what they were about is looked at again by the sweep.",
    query: listQuery(["kept", "replayed", "mended"]),
    answer: pageAnswer(DeadLetter),
    handle: ({ world, caller, query }) =>
      pageOf<DeadLetterDoc>(world.store(caller.ws), DEAD_LETTERS, ofStatus(query.status), query),
  }),
];
