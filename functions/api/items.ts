import { z } from "zod";
import { workspaceOf } from "../../shared/config.ts";
import { tryRules } from "../../shared/flows/alert-rules.ts";
import { testAlerts } from "../../shared/flows/deliver-alerts.ts";
import { type AlertDoc, alertRef, type ReviewItem as ReviewDoc, reviewRef } from "../../shared/flows/documents.ts";
import { resolveReview } from "../../shared/flows/resolve-review.ts";
import { requireOpen } from "../../shared/flows/review.ts";
import { Alert, ReviewItem, TestedAlerts, TriedRule } from "./answers/kept-items.ts";
import { decide } from "./mail-decisions.ts";
import { listQuery, ofStatus, pageAnswer, pageOf } from "./page.ts";
import { type ApiCall, route } from "./route.ts";

export const ITEM_ROUTES = [
  route({
    ...{ method: "GET", pattern: "review-items", scope: "read" },
    summary: "What needs a person.",
    query: listQuery(["open", "resolved"]),
    answer: pageAnswer(ReviewItem),
    handle: ({ world, caller, query }) =>
      pageOf<ReviewDoc>(world.store(caller.ws), "reviewItems", ofStatus(query.status), query),
  }),
  route({
    ...{ method: "POST", pattern: "review-items/:id/resolve", scope: "operate", path: { id: "Of the item." } },
    action: "resolve review item",
    notes: ({ answer: { key } }) => (key === undefined ? {} : { bookingKey: key }),
    summary: "The matter is settled; it opens again by itself where its cause is still there.",
    answer: ReviewItem,
    problems: ["INVALID_STATE"],
    handle: resolveReviewItem,
  }),
  route({
    ...{ method: "GET", pattern: "alerts", scope: "read" },
    summary: "What is wrong now.",
    query: listQuery(["open", "acknowledged", "closed"]),
    answer: pageAnswer(Alert),
    handle: ({ world, caller, query }) =>
      pageOf<AlertDoc>(world.store(caller.ws), "alerts", ofStatus(query.status), query),
  }),
  route({
    ...{ method: "POST", pattern: "alerts/test", scope: "operate", action: "test alerts" },
    summary: "Raises an alert, delivers it to the workspace's webhook and closes it; tries every rule of alerts.",
    answer: TestedAlerts.extend({ rules: z.array(TriedRule) }).meta({ id: "TestedWay" }),
    handle: testHere,
  }),
  route({
    ...{ method: "POST", pattern: "alerts/:id/acknowledge", scope: "operate", path: { id: "Of the alert." } },
    action: "acknowledge alert",
    summary: "Somebody has seen it; it is not raised again until its cause was gone.",
    answer: Alert,
    problems: ["INVALID_STATE"],
    handle: acknowledgeAlert,
  }),
];

async function testHere({ world, caller }: ApiCall) {
  const workspace = workspaceOf(world.config, caller.ws);
  const rules = tryRules(workspace, world.clock.now());
  return { ...(await testAlerts(world, caller.ws, workspace)), rules };
}

/** A question about a mail is settled by ignoring the mail: what it called off is taken for what its source says. */
async function resolveReviewItem(call: ApiCall): Promise<ReviewDoc> {
  const { caller, world } = call;
  const item = await world.store(caller.ws).get<ReviewDoc>(reviewRef(call.param("id")));
  if (item?.data.mail !== undefined) return decide(call, { kind: "ignore", always: false });
  return resolveReview(world, caller.ws, call.param("id"), caller.actor);
}

/** Throws NOT_FOUND, INVALID_STATE where it is not open, STORE_CONFLICT on a race. */
async function acknowledgeAlert({ world, caller, param }: ApiCall): Promise<AlertDoc> {
  const store = world.store(caller.ws);
  const stored = await requireOpen<AlertDoc>(store, alertRef(param("id")));
  const alert: AlertDoc = { ...stored.data, status: "acknowledged", acknowledgedBy: caller.actor };
  await store.commit([{ kind: "put", ref: stored.ref, data: alert, ifVersion: stored.version }]);
  return alert;
}
