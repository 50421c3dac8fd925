import { createHash } from "node:crypto";
import type { DocumentRef, DocumentStore, Stored, Write } from "../../ports/store.ts";
import { ABSENT } from "../../ports/store.ts";
import type { Instant } from "../../sync/time.ts";
import { documentId } from "../document-id.ts";

/** A mail as the browser sees it open. */
export interface OpenMail {
  /** The provider's own id of the message. */
  readonly messageId: string;
  readonly subject: string;
  readonly from: { readonly address: string; readonly name: string };
  readonly receivedAt: Instant | null;
  readonly body: string;
}

/**
 * Collection `emails`: the tape, shared with the mailboxes that are read by themselves. One document per message, written
 * once, never changed. `raw` is base64 of a message composed of what the browser showed.
 */
export interface CapturedDoc {
  readonly id: string;
  readonly connection: string;
  readonly messageId: string;
  readonly threadId: string;
  readonly labelIds: readonly string[];
  readonly receivedAt: Instant;
  readonly keptAt: Instant;
  readonly size: number;
  readonly sha256: string;
  readonly leftOut: readonly never[];
  readonly raw: string;
  readonly chunks: 0;
}

/** Collection `captures`: whom a captured mail is from, to find the mails of one sender. Same id as in `emails`. */
export interface CaptureDoc {
  readonly mail: string;
  /** In lower case. */
  readonly sender: string;
  readonly senderName: string;
  readonly subject: string;
  readonly receivedAt: Instant;
  readonly capturedAt: Instant;
  readonly by: string;
}

/** In the place of a mailbox connection's id: no connection can be called so. */
const OUTLOOK_WEB = "outlook on the web";

export function mailIdOf(messageId: string): string {
  return documentId(`${OUTLOOK_WEB}~${messageId}`);
}

export function captureRef(mail: string): DocumentRef {
  return { collection: "captures", id: mail };
}

/** What is written of a mail that is captured for the first time; STORE_CONFLICT where it was captured meanwhile. */
export function tapeWrites(mail: OpenMail, by: string, now: Instant): Write[] {
  const id = mailIdOf(mail.messageId);
  const raw = Buffer.from(messageOf(mail), "utf8");
  const receivedAt = mail.receivedAt ?? now;
  const email: CapturedDoc = {
    ...{ id, connection: OUTLOOK_WEB, messageId: mail.messageId, threadId: "", labelIds: [], receivedAt, keptAt: now },
    ...{ size: raw.length, sha256: createHash("sha256").update(raw).digest("hex"), leftOut: [], chunks: 0 },
    raw: raw.toString("base64"),
  };
  const { subject, from } = mail;
  const capture: CaptureDoc = {
    ...{
      mail: id,
      sender: from.address.toLowerCase(),
      senderName: from.name,
      subject,
      receivedAt,
      capturedAt: now,
      by,
    },
  };
  return [
    { kind: "put", ref: { collection: "emails", id }, data: email, ifVersion: ABSENT },
    { kind: "put", ref: captureRef(id), data: capture },
  ];
}

/** RFC 5322, with encoded words: readable by whatever reads the other mails. */
function messageOf({ subject, from, receivedAt, body }: OpenMail): string {
  const head = [
    `From: ${from.name === "" ? "" : `${encoded(from.name)} `}<${from.address}>`,
    `Subject: ${encoded(subject)}`,
    ...(receivedAt === null ? [] : [`Date: ${new Date(receivedAt).toUTCString()}`]),
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
  ];
  const lines =
    Buffer.from(body, "utf8")
      .toString("base64")
      .match(/.{1,76}/g) ?? [];
  return `${head.join("\r\n")}\r\n\r\n${lines.join("\r\n")}\r\n`;
}

/** 45 bytes a word, as 75 characters are the limit (RFC 2047). */
function encoded(text: string): string {
  const words: string[] = [];
  let word = "";
  for (const character of text) {
    if (Buffer.byteLength(word + character) > 45) {
      words.push(word);
      word = "";
    }
    word += character;
  }
  return [...words, word].map((each) => `=?utf-8?B?${Buffer.from(each, "utf8").toString("base64")}?=`).join("\r\n ");
}

/** The captured mails of one sender, a page at a time. */
export async function mailsOf(
  store: DocumentStore,
  sender: string,
  paging: { readonly limit: number; readonly after?: string },
): Promise<{ readonly items: CaptureDoc[]; readonly next: string | null }> {
  const where = [{ field: "sender", op: "==", value: sender.toLowerCase() }] as const;
  const rows: Stored<CaptureDoc>[] = await store.query<CaptureDoc>({ collection: "captures", where, ...paging });
  const next = rows.length === paging.limit ? rows.at(-1)?.ref.id : undefined;
  return { items: rows.map(({ data }) => data), next: next ?? null };
}
