import { Webhook } from "standardwebhooks";
import type { PendingNotice } from "../notice.ts";
import { postNotice } from "../outbox.ts";
import type { Call, World } from "../world.ts";
import type { BookingRow } from "./rows.ts";
import { bookingsOf } from "./shelves.ts";

/**
 * Puts the booking where it is kept. OSM tells nobody; where option `osmWebhook` says so, a relay (somebody's browser or
 * script beside OSM) sends which booking was touched, and nothing else.
 */
export function keepBooking(call: Call, row: BookingRow): BookingRow {
  const { world } = call;
  bookingsOf(world).put("bookings", String(row.id), row);
  const webhook = world.options().osmWebhook;
  if (webhook === null) return row;
  postNotice(call, {
    from: "osm",
    receiver: "osm-relay",
    url: webhook.url,
    headers: { "content-type": "application/json", "webhook-id": `msg_${world.newId()}` },
    body: JSON.stringify({ bookingId: row.id }),
  });
  return row;
}

/** Signed anew at each attempt, under the same `webhook-id`; sent where the option says now. */
export function signTouch(world: World, notice: PendingNotice): PendingNotice {
  const webhook = world.options().osmWebhook;
  if (webhook === null) return notice;
  const at = new Date(world.wall());
  const signed = {
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(webhook.secret).sign(notice.headers["webhook-id"] ?? "", at, notice.body),
  };
  return { ...notice, url: webhook.url, headers: { ...notice.headers, ...signed } };
}
