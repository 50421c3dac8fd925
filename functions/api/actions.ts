import { z } from "zod";
import { OPERATOR_ACTIONS, type OperatorAction } from "../../shared/flows/operator-actions.ts";
import { Action } from "./answers/kept-items.ts";
import { newestOf, Paging, pageAnswer } from "./page.ts";
import { route } from "./route.ts";

const Listed = Paging.extend({
  bookingKey: z.string().min(1).max(400).exactOptional().describe("What concerns this booking alone, by its full key."),
});

export const ACTION_ROUTES = [
  route({
    ...{ method: "GET", pattern: "actions", scope: "read" },
    summary: "What people and programs decided or started: who, what, when; the newest first.",
    query: Listed,
    answer: pageAnswer(Action),
    handle: ({ world, caller, query: { bookingKey, ...paging } }) => {
      const where = bookingKey === undefined ? [] : [{ field: "bookingKey", op: "==", value: bookingKey } as const];
      return newestOf<OperatorAction>(world.store(caller.ws), OPERATOR_ACTIONS, "at", where, paging);
    },
  }),
];
