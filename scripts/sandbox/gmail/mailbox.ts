import type { Call, World } from "../world.ts";
import { publishNotice } from "./notices.ts";
import type { AccountRow, HistoryKind, LabelRow, MessageRow } from "./rows.ts";
import { accountsOf, historyOf, labelsOf, messagesOf } from "./shelves.ts";

const SYSTEM_LABELS = ["INBOX", "UNREAD", "SENT", "TRASH", "SPAM"];
/** A mailbox that was never told of begins its history here. */
const FIRST_HISTORY = 1000;

/** The account; one that is not there yet is made, with Gmail's own labels. */
export function openAccount(world: World, email: string): AccountRow {
  const known = accountsOf(world).get("accounts", email);
  if (known !== undefined) return known;
  for (const name of SYSTEM_LABELS) labelsOf(world).put(email, name, { id: name, name, type: "system" });
  const row: AccountRow = { email, historyId: FIRST_HISTORY, forgottenTo: 0 };
  accountsOf(world).put("accounts", email, row);
  return row;
}

/** A label by its id or its exact name. */
export function labelNamed(world: World, email: string, name: string): LabelRow | undefined {
  return labelsOf(world)
    .all(email)
    .find((label) => label.id === name || label.name === name);
}

export function makeLabel(world: World, email: string, name: string): LabelRow {
  const row: LabelRow = { id: `Label_${world.next("gmail-label")}`, name, type: "user" };
  labelsOf(world).put(email, row.id, row);
  return row;
}

/** Puts a mail into the mailbox, tells history and the watch. */
export function deliver(
  call: Call,
  email: string,
  mail: { readonly raw: string; readonly labelIds: readonly string[]; readonly receivedMs: number },
): MessageRow {
  const { world } = call;
  openAccount(world, email);
  const id = (0x190000000000 + world.next("gmail-message")).toString(16);
  const draft: MessageRow = { id, threadId: id, ...mail, historyId: 0 };
  return record(call, email, draft, "messagesAdded", mail.labelIds);
}

/** Changes the labels of a mail; the order of Gmail's history: what came, then what went. */
export function relabel(
  call: Call,
  email: string,
  message: MessageRow,
  change: { readonly add: readonly string[]; readonly remove: readonly string[] },
): MessageRow {
  const added = change.add.filter((id) => !message.labelIds.includes(id));
  const removed = change.remove.filter((id) => message.labelIds.includes(id));
  let row = message;
  if (added.length > 0) {
    row = record(call, email, { ...row, labelIds: [...row.labelIds, ...added] }, "labelsAdded", added);
  }
  if (removed.length > 0) {
    const labelIds = row.labelIds.filter((id) => !removed.includes(id));
    row = record(call, email, { ...row, labelIds }, "labelsRemoved", removed);
  }
  return row;
}

/** For good, as after the bin was emptied. */
export function erase(call: Call, email: string, message: MessageRow): void {
  record(call, email, message, "messagesDeleted", []);
  messagesOf(call.world).remove(email, message.id);
}

function record(
  call: Call,
  email: string,
  message: MessageRow,
  kind: HistoryKind,
  changed: readonly string[],
): MessageRow {
  const { world } = call;
  const account = openAccount(world, email);
  // Ids grow, but not by one (API_FACTS §2).
  const id = account.historyId + 1 + Math.floor(world.dice.roll() * 5);
  accountsOf(world).put("accounts", email, { ...account, historyId: id });
  const row = { ...message, historyId: id };
  messagesOf(world).put(email, row.id, row);
  const { threadId, labelIds } = row;
  historyOf(world).put(email, String(id), { id, kind, messageId: row.id, threadId, labelIds, changed });
  publishNotice(call, email, [...labelIds, ...changed]);
  return row;
}
