import { Webhook } from "standardwebhooks";
import type { PendingNotice } from "../notice.ts";
import { postNotice } from "../outbox.ts";
import type { Call, World } from "../world.ts";
import { unitName } from "./fields.ts";
import type { AppointmentRow } from "./rows.ts";
import { appointmentsOf } from "./shelves.ts";

export type ChangeType = "appointment.created" | "appointment.updated" | "appointment.cancelled";

/**
 * Puts the appointment where it is kept and queues its webhook, in one commit. Signing happens at
 * each attempt; the `webhook-id` stays the same.
 */
export function storeAppointment(call: Call, row: AppointmentRow, type: ChangeType): AppointmentRow {
  const { world } = call;
  appointmentsOf(world).put("appointments", String(row.AppointmentID), row);
  const webhook = world.options().webhook;
  if (webhook === null) return row;
  const { AppointmentID, StartTime, EndTime, StatusID, CustomerName } = row;
  const data = {
    AppointmentID,
    ResourceName: unitName(world, row.ResourceUnitID),
    StartTime,
    EndTime,
    StatusID,
    CustomerName,
  };
  postNotice(call, {
    from: "uschedule",
    receiver: "uschedule-webhook",
    url: webhook.url,
    headers: { "content-type": "application/json", "webhook-id": `msg_${world.newId()}` },
    body: JSON.stringify({ type, timestamp: new Date(world.wall()).toISOString(), data }),
  });
  return row;
}

/** Signed anew at each attempt, under the same `webhook-id`; sent where the option says now. */
export function signWebhook(world: World, notice: PendingNotice): PendingNotice {
  const webhook = world.options().webhook;
  if (webhook === null) return notice;
  const at = new Date(world.wall());
  const signed = {
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(webhook.secret).sign(notice.headers["webhook-id"] ?? "", at, notice.body),
  };
  return { ...notice, url: webhook.url, headers: { ...notice.headers, ...signed } };
}
