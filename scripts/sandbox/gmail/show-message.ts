import { headerOf, type Part, readPart } from "./mime.ts";
import type { MessageRow } from "./rows.ts";

/** A body larger than this comes by `attachments.get` alone, as does every file. */
const INLINE_BYTES = 100_000;
const SNIPPET_LENGTH = 100;

export const FORMATS = ["full", "raw", "minimal", "metadata"] as const;
export type Format = (typeof FORMATS)[number];

/** A message as `messages.get` shows it. */
export function showMessage(row: MessageRow, format: Format, wanted: readonly string[]): Record<string, unknown> {
  const raw = Buffer.from(row.raw, "base64");
  const head = {
    id: row.id,
    threadId: row.threadId,
    labelIds: row.labelIds,
    historyId: String(row.historyId),
    internalDate: String(row.receivedMs),
    sizeEstimate: raw.length,
  };
  if (format === "raw") return { ...head, raw: raw.toString("base64url") };
  const part = readPart(raw.toString("latin1"));
  const shown = { ...head, snippet: snippetOf(part) };
  if (format === "minimal") return shown;
  if (format === "metadata") {
    const headers = part.headers.filter(({ name }) => wanted.length === 0 || wanted.includes(name.toLowerCase()));
    return { ...shown, payload: { mimeType: part.mimeType, headers } };
  }
  return { ...shown, payload: showPart(part, "") };
}

function showPart(part: Part, partId: string): Record<string, unknown> {
  const { mimeType, filename, headers, body, parts } = part;
  const inside = parts.map((each, index) => showPart(each, partId === "" ? String(index) : `${partId}.${index}`));
  const isFile = filename !== "" || body.length > INLINE_BYTES;
  const shown = isFile
    ? { attachmentId: `att-${partId}`, size: body.length }
    : { size: body.length, ...(body.length === 0 ? {} : { data: body.toString("base64url") }) };
  return { partId, mimeType, filename, headers, body: shown, ...(inside.length === 0 ? {} : { parts: inside }) };
}

/** The body behind an attachment id; undefined where the message has no such part. */
export function attachmentOf(row: MessageRow, attachmentId: string): Buffer | undefined {
  const path = attachmentId
    .replace(/^att-/, "")
    .split(".")
    .filter((index) => index !== "");
  let part: Part | undefined = readPart(Buffer.from(row.raw, "base64").toString("latin1"));
  for (const index of path) part = part?.parts[Number(index)];
  return part?.body;
}

function snippetOf(part: Part): string {
  const plain = firstOf(part, "text/plain") ?? firstOf(part, "text/html");
  const text = plain?.body.toString("utf8").replace(/<[^>]*>/g, " ") ?? headerOf(part.headers, "subject");
  return text.replace(/\s+/g, " ").trim().slice(0, SNIPPET_LENGTH).toWellFormed();
}

function firstOf(part: Part, mimeType: string): Part | undefined {
  if (part.mimeType === mimeType && part.filename === "") return part;
  for (const each of part.parts) {
    const found = firstOf(each, mimeType);
    if (found !== undefined) return found;
  }
  return undefined;
}
