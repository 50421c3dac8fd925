import type { World } from "../world.ts";
import { etagOf, eventId, iCalUId } from "./ids.ts";
import type { EventRow, MailboxRow } from "./rows.ts";
import { eventsOf, mailboxesOf, mailsOf, roomListsOf, subscriptionsOf } from "./shelves.ts";
import { typeOf } from "./show-event.ts";

/** Mailboxes with their events, tombstones too; subscriptions without their secrets; mails to guests. */
export function showGraph(world: World): Record<string, unknown> {
  return {
    roomLists: roomListsOf(world).all("lists"),
    mailboxes: mailboxesOf(world)
      .all("mailboxes")
      .map((mailbox) => showMailbox(world, mailbox)),
    subscriptions: subscriptionsOf(world)
      .all("subscriptions")
      .map(({ clientState: _, ...row }) => ({
        ...row,
        expiresAt: new Date(row.expiresMs).toISOString(),
        open: row.expiresMs > world.now(),
      })),
    mails: mailsOf(world).all("mails"),
  };
}

function showMailbox(world: World, mailbox: MailboxRow): Record<string, unknown> {
  return { ...mailbox, events: eventsOf(world).all(mailbox.id).map(showRow) };
}

function showRow(row: EventRow): Record<string, unknown> {
  const { body, span, ...rest } = row;
  const start = new Date(span.startMs).toISOString();
  const end = new Date(span.endMs).toISOString();
  return {
    ...rest,
    ...body,
    ...{ id: eventId(row, false), immutableId: eventId(row, true), iCalUId: iCalUId(row) },
    ...{ type: typeOf(row), etag: etagOf(row), isAllDay: span.isAllDay, start, end },
  };
}
