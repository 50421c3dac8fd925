import type { Shelf } from "../shelf.ts";
import type { World } from "../world.ts";
import type { AccessRow, AccountRow, CodeRow, GrantRow, HistoryRow, LabelRow, MessageRow, WatchRow } from "./rows.ts";

export function accountsOf({ cabinet }: World): Shelf<AccountRow> {
  return cabinet.shelf("gmail-accounts");
}

/** Group: the account's address. */
export function labelsOf({ cabinet }: World): Shelf<LabelRow> {
  return cabinet.shelf("gmail-labels");
}

/** Group: the account's address. */
export function messagesOf({ cabinet }: World): Shelf<MessageRow> {
  return cabinet.shelf("gmail-messages");
}

/** Group: the account's address. */
export function historyOf({ cabinet }: World): Shelf<HistoryRow> {
  return cabinet.shelf("gmail-history");
}

export function watchesOf({ cabinet }: World): Shelf<WatchRow> {
  return cabinet.shelf("gmail-watches");
}

export function grantsOf({ cabinet }: World): Shelf<GrantRow> {
  return cabinet.shelf("gmail-grants");
}

export function accessOf({ cabinet }: World): Shelf<AccessRow> {
  return cabinet.shelf("gmail-access");
}

export function codesOf({ cabinet }: World): Shelf<CodeRow> {
  return cabinet.shelf("gmail-codes");
}
