import type { Shelf } from "../shelf.ts";
import type { World } from "../world.ts";
import type { EndpointRow, EventRow, MailboxRow, MailRow, RoomListRow, SubscriptionRow, TokenRow } from "./rows.ts";

/** Id: the directory's. */
export function mailboxesOf({ cabinet }: World): Shelf<MailboxRow> {
  return cabinet.shelf("graph-mailboxes");
}

export function roomListsOf({ cabinet }: World): Shelf<RoomListRow> {
  return cabinet.shelf("graph-room-lists");
}

/** Group: id of the mailbox; id: the event's key. */
export function eventsOf({ cabinet }: World): Shelf<EventRow> {
  return cabinet.shelf("graph-events");
}

export function subscriptionsOf({ cabinet }: World): Shelf<SubscriptionRow> {
  return cabinet.shelf("graph-subscriptions");
}

export function tokensOf({ cabinet }: World): Shelf<TokenRow> {
  return cabinet.shelf("graph-tokens");
}

export function mailsOf({ cabinet }: World): Shelf<MailRow> {
  return cabinet.shelf("graph-mails");
}

/** Id: the address. */
export function endpointsOf({ cabinet }: World): Shelf<EndpointRow> {
  return cabinet.shelf("graph-endpoints");
}
