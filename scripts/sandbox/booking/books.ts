import { Webhook } from "standardwebhooks";
import type { PendingNotice } from "../notice.ts";
import { postNotice } from "../outbox.ts";
import type { Call, World } from "../world.ts";
import type { ReservationRow } from "./rows.ts";
import { reservationsOf, tombstonesOf } from "./shelves.ts";

type ChangeType = "created" | "changed" | "cancelled" | "enabled" | "deleted";

/** A row without what `enter` fills in. */
export type Entry = Omit<ReservationRow, "version" | "updatedAt" | "sequence" | "former">;

const GROUP = "reservations";

/** Puts a reservation where it is kept, one version further, and queues its webhook in the same commit. */
export function enter(call: Call, entry: Entry, type: ChangeType): ReservationRow {
  const { world } = call;
  const before = reservationsOf(world).get(GROUP, entry.id);
  const row: ReservationRow = {
    ...entry,
    version: (before?.version ?? 0) + 1,
    updatedAt: new Date(world.now()).toISOString(),
    sequence: world.next("reservation-change"),
    ...(before === undefined ? {} : { former: withoutFormer(before) }),
  };
  reservationsOf(world).put(GROUP, row.id, row);
  notify(call, row.id, row.version, type);
  return row;
}

function withoutFormer({ former: _older, ...row }: ReservationRow): ReservationRow {
  return row;
}

/** Takes a reservation out of the books: its tombstone is one version further. */
export function erase(call: Call, row: ReservationRow): void {
  const { world } = call;
  const version = row.version + 1;
  const changedAt = new Date(world.now()).toISOString();
  reservationsOf(world).remove(GROUP, row.id);
  tombstonesOf(world).put(GROUP, row.id, {
    id: row.id,
    version,
    changedAt,
    sequence: world.next("reservation-change"),
  });
  notify(call, row.id, version, "deleted");
}

function notify(call: Call, id: string, version: number, type: ChangeType): void {
  const { world } = call;
  const webhook = world.options().bookingWebhook;
  if (webhook === null) return;
  postNotice(call, {
    from: "booking",
    receiver: "booking-webhook",
    url: webhook.url,
    headers: { "content-type": "application/json", "webhook-id": `msg_${world.newId()}` },
    body: JSON.stringify({
      type: `reservation.${type}`,
      timestamp: new Date(world.now()).toISOString(),
      data: { id, version },
    }),
  });
}

/** Signed anew at each attempt, under the same `webhook-id`; sent where the option says now. */
export function signNotice(world: World, notice: PendingNotice): PendingNotice {
  const webhook = world.options().bookingWebhook;
  if (webhook === null) return notice;
  const at = new Date(world.wall());
  const signature = new Webhook(webhook.secret).sign(notice.headers["webhook-id"] ?? "", at, notice.body);
  const signed = {
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": signature,
  };
  return { ...notice, url: webhook.url, headers: { ...notice.headers, ...signed } };
}
