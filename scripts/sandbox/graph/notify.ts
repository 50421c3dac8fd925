import { postNotice } from "../outbox.ts";
import type { Call } from "../world.ts";
import { deliveryTo } from "./endpoints.ts";
import { etagOf, eventId } from "./ids.ts";
import type { ChangeType, EventRow, MailboxRow, SubscriptionRow } from "./rows.ts";
import { subscriptionsOf } from "./shelves.ts";
import { stamp } from "./show-event.ts";

export const TENANT = "5a9dbc08-0000-4000-8000-000000000001";
const SLOW_MS = 10_000;

export type LifecycleEvent = "reauthorizationRequired" | "subscriptionRemoved" | "missed";
export const LIFECYCLE_EVENTS: readonly LifecycleEvent[] = ["reauthorizationRequired", "subscriptionRemoved", "missed"];

/** Tells the subscriptions of the mailbox what happened to an event; those that have ended are forgotten. */
export function notifyChange(call: Call, mailbox: MailboxRow, event: EventRow, type: ChangeType): void {
  for (const row of subscriptionsOf(call.world).all("subscriptions")) {
    if (row.expiresMs <= call.world.now()) subscriptionsOf(call.world).remove("subscriptions", row.id);
    else if (row.mailbox === mailbox.id && row.changeTypes.includes(type)) tell(call, row, event, type);
  }
}

function tell(call: Call, row: SubscriptionRow, event: EventRow, type: ChangeType): void {
  const instead = LIFECYCLE_EVENTS.find((name) => name === call.faults.value("lifecycle"));
  if (instead === undefined) sendChange(call, row, event, type);
  else sendLifecycle(call, row, instead);
}

function sendChange(call: Call, row: SubscriptionRow, event: EventRow, type: ChangeType): void {
  const delivery = row.delivery === "normal" ? deliveryTo(call.world, row.notificationUrl) : row.delivery;
  if (delivery !== "normal" && delivery !== "slow") return;
  const id = eventId(event, row.immutable);
  const path = `Users/${row.mailbox}/Events/${id}`;
  const resourceData = { "@odata.type": "#Microsoft.Graph.Event", "@odata.id": path, "@odata.etag": etagOf(event), id };
  post(call, row.notificationUrl, { ...head(row), changeType: type, resource: path, resourceData }, delivery);
}

/** A lifecycle notification, and what it says happens: removed, or paused until it is authorized again. */
export function sendLifecycle(call: Call, row: SubscriptionRow, lifecycleEvent: LifecycleEvent): void {
  const subscriptions = subscriptionsOf(call.world);
  if (lifecycleEvent === "subscriptionRemoved") subscriptions.remove("subscriptions", row.id);
  if (lifecycleEvent === "reauthorizationRequired") {
    subscriptions.put("subscriptions", row.id, { ...row, delivery: "unauthorized" });
  }
  if (row.lifecycleNotificationUrl === undefined) return;
  post(call, row.lifecycleNotificationUrl, { ...head(row), lifecycleEvent }, "normal");
}

function head(row: SubscriptionRow): Record<string, unknown> {
  return {
    subscriptionId: row.id,
    subscriptionExpirationDateTime: stamp(new Date(row.expiresMs).toISOString()),
    tenantId: TENANT,
    clientState: row.clientState ?? null,
  };
}

/** One item; `joinItems` makes a message of those that leave together. */
function post(call: Call, url: string, item: Record<string, unknown>, delivery: "normal" | "slow"): void {
  postNotice(call, {
    from: "graph",
    receiver: url,
    url,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(item),
    ...(delivery === "slow" ? { afterMs: SLOW_MS } : {}),
  });
}

/** One message for items that may be of several subscriptions (API_FACTS §3). */
export function joinItems(bodies: readonly string[]): string {
  return `{"value":[${bodies.join(",")}]}`;
}
