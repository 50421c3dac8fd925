import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { isError, LockstepError } from "../../errors.ts";
import type { RawMail } from "../../ports/mailbox.ts";
import { ABSENT, type DocumentRef, type DocumentStore, type Write } from "../../ports/store.ts";
import type { Instant } from "../../sync/time.ts";
import { documentId } from "../document-id.ts";
import { type LeftOut, lessen } from "./lessen.ts";

/** Collection `emails`: the tape. One document per message of a connection, written once, never changed. */
export interface EmailDoc {
  readonly id: string;
  readonly connection: string;
  readonly messageId: string;
  readonly threadId: string;
  readonly labelIds: readonly string[];
  /** By the provider's clock. */
  readonly receivedAt: Instant;
  readonly keptAt: Instant;
  /** Of the message as it came, before its files were left out. */
  readonly size: number;
  readonly sha256: string;
  readonly leftOut: readonly LeftOut[];
  /** The mail in base64; "" where it is in `chunks` numbered documents of `emailChunks`, compressed. */
  readonly raw: string;
  readonly chunks: number;
}

interface ChunkDoc {
  /** Base64 of a piece of the compressed mail. */
  readonly data: string;
}

/** A document holds 1 MiB (API_FACTS §6). */
const MAX_INLINE = 900_000;
/** Gmail takes mails up to 50 MB; what is left without its files beyond this is none to read (law 12). */
const MAX_CHUNKS = 40;

export function emailId(connection: string, messageId: string): string {
  return documentId(`${connection}~${messageId}`);
}

export function emailRef(id: string): DocumentRef {
  return { collection: "emails", id };
}

function chunkRef(id: string, number: number): DocumentRef {
  return { collection: "emailChunks", id: documentId(`${id}~${String(number).padStart(3, "0")}`) };
}

/** Keeps a mail, once; what is kept already stays as it is. Throws PAYLOAD_TOO_LARGE beyond 36 MB of text. */
export async function keepMail(
  store: DocumentStore,
  connection: string,
  mail: RawMail,
  now: Instant,
): Promise<EmailDoc> {
  const { id: messageId, threadId, labelIds, receivedAt } = mail;
  const { raw, leftOut } = lessen(mail.raw);
  const inline = raw.toString("base64");
  const pieces = inline.length <= MAX_INLINE ? [] : piecesOf(raw);
  const doc: EmailDoc = {
    id: emailId(connection, messageId),
    ...{ connection, messageId, threadId, labelIds, receivedAt, keptAt: now, leftOut },
    size: mail.raw.length,
    sha256: createHash("sha256").update(mail.raw).digest("hex"),
    raw: pieces.length === 0 ? inline : "",
    chunks: pieces.length,
  };
  await put(store, doc, pieces);
  return doc;
}

/** Pieces first: a mail whose document is there is whole. */
async function put(store: DocumentStore, doc: EmailDoc, pieces: readonly string[]): Promise<void> {
  for (const [index, data] of pieces.entries()) {
    const chunk: ChunkDoc = { data };
    await store.commit([{ kind: "put", ref: chunkRef(doc.id, index), data: chunk }]);
  }
  const write: Write = { kind: "put", ref: emailRef(doc.id), data: doc, ifVersion: ABSENT };
  try {
    await store.commit([write]);
  } catch (error) {
    // Kept by a worker that died right after it, or by one whose lease ran out: it is the same mail.
    if (!isError(error, "STORE_CONFLICT")) throw error;
  }
}

function piecesOf(raw: Buffer): string[] {
  const packed = gzipSync(raw).toString("base64");
  const pieces: string[] = [];
  for (let at = 0; at < packed.length; at += MAX_INLINE) pieces.push(packed.slice(at, at + MAX_INLINE));
  if (pieces.length > MAX_CHUNKS) {
    throw new LockstepError("PAYLOAD_TOO_LARGE", { detail: "A mail is larger than the tape takes." });
  }
  return pieces;
}

/** The bytes of a kept mail. Throws NOT_FOUND where a piece is missing. */
export async function rawOf(store: DocumentStore, doc: EmailDoc): Promise<Uint8Array> {
  if (doc.chunks === 0) return Buffer.from(doc.raw, "base64");
  const refs = Array.from({ length: doc.chunks }, (_, index) => chunkRef(doc.id, index));
  const pieces = await store.getMany(refs);
  const packed = pieces.map((piece) => {
    if (piece === undefined) throw new LockstepError("NOT_FOUND", { detail: `Mail ${doc.id} is not kept whole.` });
    // Proof: only this file writes `emailChunks`.
    return (piece.data as ChunkDoc).data;
  });
  return gunzipSync(Buffer.from(packed.join(""), "base64"));
}
