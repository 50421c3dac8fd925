import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { invalid, notFound } from "./errors.ts";
import { pageOf } from "./pages.ts";
import type { MessageRow } from "./rows.ts";
import { messagesOf } from "./shelves.ts";
import { attachmentOf, FORMATS, type Format, showMessage } from "./show-message.ts";

/** Gmail keeps these out of lists unless they are asked for. */
const HIDDEN = ["SPAM", "TRASH"];

/** `messages.list`: the newest first; of each only its ids. */
export function listMessages(call: Call, email: string): Reply {
  const { query } = call.request;
  const wanted = query.getAll("labelIds");
  const hides = query.get("includeSpamTrash") !== "true" && !wanted.some((id) => HIDDEN.includes(id));
  const found = messagesOf(call.world)
    .all(email)
    .filter(({ labelIds }) => wanted.every((id) => labelIds.includes(id)))
    .filter(({ labelIds }) => !hides || !labelIds.some((id) => HIDDEN.includes(id)))
    .sort((a, b) => b.receivedMs - a.receivedMs || (a.id < b.id ? 1 : -1));
  const { items, next } = pageOf(call, pretend(call, found));
  const messages = items.map(({ id, threadId }) => ({ id, threadId }));
  return json(200, {
    ...(messages.length === 0 ? {} : { messages }),
    ...(next === undefined ? {} : { nextPageToken: next }),
    resultSizeEstimate: found.length,
  });
}

/** Lists that lie: none, half of it, all but one. */
function pretend({ faults }: Call, rows: readonly MessageRow[]): readonly MessageRow[] {
  if (faults.has("empty")) return [];
  const omitted = faults.value("omit");
  const told = rows.filter(({ id }) => id !== omitted);
  return faults.has("truncate") ? told.slice(0, Math.ceil(told.length / 2)) : told;
}

/** `messages.get`. */
export function getMessage(call: Call, email: string, [id = ""]: readonly string[]): Reply {
  const row = messagesOf(call.world).get(email, id) ?? notFound();
  const { query } = call.request;
  const headers = query.getAll("metadataHeaders").map((name) => name.toLowerCase());
  return json(200, showMessage(row, formatOf(query.get("format")), headers));
}

function formatOf(text: string | null): Format {
  if (text === null) return "full";
  return FORMATS.find((format) => format === text.toLowerCase()) ?? invalid("Invalid value at 'format'.");
}

/** `messages.attachments.get`. */
export function getAttachment(call: Call, email: string, [id = "", attachment = ""]: readonly string[]): Reply {
  const row = messagesOf(call.world).get(email, id) ?? notFound();
  const body = attachmentOf(row, attachment) ?? notFound();
  return json(200, { size: body.length, data: body.toString("base64url") });
}
