import type { Call, World } from "../world.ts";
import { guid, refuse, userNotFound } from "./errors.ts";
import type { MailboxRow, RoomTraits } from "./rows.ts";
import { mailboxesOf, roomListsOf } from "./shelves.ts";

export interface MailboxChange {
  readonly email: string;
  readonly displayName?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly refusesSubscriptions?: boolean | undefined;
  /** Absent: as it was; a new mailbox is then a person's. */
  readonly room?: RoomTraits | undefined;
}

/** Makes a mailbox, or changes what is given of one that exists; its events stay. */
export function putMailbox(world: World, given: MailboxChange): MailboxRow {
  const before = mailboxNamed(world, given.email);
  const room = given.room ?? before?.room;
  const row: MailboxRow = {
    id: before?.id ?? guid(world.newId()),
    email: before?.email ?? given.email,
    displayName: given.displayName ?? before?.displayName ?? given.email,
    timeZone: given.timeZone ?? before?.timeZone ?? world.options().timeZone,
    ...(room === undefined ? {} : { room }),
    change: before?.change ?? 0,
    deltaEpoch: before?.deltaEpoch ?? 0,
    refusesSubscriptions: given.refusesSubscriptions ?? before?.refusesSubscriptions ?? false,
  };
  mailboxesOf(world).put("mailboxes", row.id, row);
  return row;
}

export function putRoomList(world: World, email: string, displayName: string): void {
  const id = roomListsOf(world).get("lists", email)?.id ?? guid(world.newId());
  roomListsOf(world).put("lists", email, { id, email, displayName });
}

/** By the directory's id or by address, which has no case. */
export function mailboxNamed(world: World, user: string): MailboxRow | undefined {
  const byId = mailboxesOf(world).get("mailboxes", user.toLowerCase());
  if (byId !== undefined) return byId;
  const wanted = user.toLowerCase();
  return mailboxesOf(world)
    .all("mailboxes")
    .find(({ email }) => email.toLowerCase() === wanted);
}

/** A user as a path writes it. */
export function userInPath(part: string): string {
  return part.replaceAll(/%40/g, "@").toLowerCase();
}

/** The mailbox that a path names. 404 where there is none; 403 where the app may not see it. */
export function mailboxOf(call: Call, user: string): MailboxRow {
  if (call.faults.has("no-access")) {
    refuse(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
  }
  return mailboxNamed(call.world, user) ?? userNotFound(user);
}
