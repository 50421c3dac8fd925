import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { invalid, notFound } from "./errors.ts";
import { openAccount } from "./mailbox.ts";
import { pageOf } from "./pages.ts";
import type { HistoryKind, HistoryRow } from "./rows.ts";
import { historyOf } from "./shelves.ts";

/** How the query names each kind. */
const TYPES: Readonly<Record<string, HistoryKind>> = {
  messageAdded: "messagesAdded",
  messageDeleted: "messagesDeleted",
  labelAdded: "labelsAdded",
  labelRemoved: "labelsRemoved",
};

/** `history.list`: 404 for a start that is too old; `history` is left out where nothing changed. */
export function listHistory(call: Call, email: string): Reply {
  const { query } = call.request;
  const account = openAccount(call.world, email);
  const start = Number(query.get("startHistoryId") ?? Number.NaN);
  if (!Number.isInteger(start) || start < 0) invalid("Missing or invalid startHistoryId.");
  if (call.faults.has("history-gone") || start < account.forgottenTo || start > account.historyId) notFound();
  const kinds = query.getAll("historyTypes").map((name) => TYPES[name] ?? invalid("Invalid value at 'history_types'."));
  const label = query.get("labelId");
  const found = historyOf(call.world)
    .all(email)
    .filter((row) => row.id > start)
    .filter((row) => kinds.length === 0 || kinds.includes(row.kind))
    .filter((row) => label === null || call.faults.has("wrong-label") || concerns(row, label));
  const { items, next } = pageOf(call, found);
  return json(200, {
    ...(items.length === 0 ? {} : { history: items.map(showHistory) }),
    ...(next === undefined ? {} : { nextPageToken: next }),
    historyId: String(account.historyId),
  });
}

function concerns(row: HistoryRow, label: string): boolean {
  return row.labelIds.includes(label) || row.changed.includes(label);
}

function showHistory({ id, kind, messageId, threadId, labelIds, changed }: HistoryRow): Record<string, unknown> {
  const bare = { id: messageId, threadId };
  const message = { ...bare, labelIds };
  const entry = kind === "labelsAdded" || kind === "labelsRemoved" ? { message, labelIds: changed } : { message };
  return { id: String(id), messages: [bare], [kind]: [entry] };
}
