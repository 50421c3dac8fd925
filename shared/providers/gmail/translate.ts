import type { RawMail } from "../../ports/mailbox.ts";
import type { HistoryList, RawMessage } from "./schema.ts";

/** The message as the port has it; `raw` is base64url. */
export function toRawMail({ id, threadId, labelIds, internalDate, raw }: RawMessage): RawMail {
  const receivedAt = new Date(internalDate).toISOString();
  return { id, threadId, labelIds, receivedAt, raw: Buffer.from(raw, "base64url") };
}

/**
 * Messages that came to carry the label, in the order of history, each once. A mail that is filed by hand or by a late
 * filter shows as `labelsAdded` alone; one that is delivered with the label as `messagesAdded` (API_FACTS §2).
 */
export function addedIn({ history }: HistoryList, labelId: string): string[] {
  const ids = history.flatMap(({ messagesAdded = [], labelsAdded = [] }) => [
    ...messagesAdded
      .filter(({ message }) => message.labelIds?.includes(labelId) ?? true)
      .map(({ message }) => message.id),
    ...labelsAdded.filter(({ labelIds }) => labelIds.includes(labelId)).map(({ message }) => message.id),
  ]);
  return [...new Set(ids)];
}
