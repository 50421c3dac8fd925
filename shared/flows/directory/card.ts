import { createHash } from "node:crypto";
import type { DirectoryRow } from "../../ports/booking-directory.ts";
import type { DocumentRef } from "../../ports/store.ts";
import type { Instant, PlainDate } from "../../sync/time.ts";
import { documentId } from "../document-id.ts";
import { type BookingKey, bookingKey, bookingRef } from "../documents.ts";

/** Collection `cards`: a booking as people look it up, of sources that have a directory. */
export interface CardDoc {
  readonly key: BookingKey;
  readonly source: string;
  readonly bookingId: string;
  readonly customerName: string | null;
  readonly customerEmail: string | null;
  readonly startDate: PlainDate;
  /** The last day, itself included. */
  readonly endDate: PlainDate;
  /** In the source's own word. */
  readonly status: string;
  /** When the source told it last; while it tells the same, `DirectoryDoc.fetchedAt` is newer. */
  readonly lastFetched: Instant;
}

/**
 * Document `{source}~directory` of collection `sources`: what the last listing had, so that one read tells what is new,
 * and whom a name or an address may mean.
 */
export interface DirectoryDoc {
  readonly source: string;
  readonly fetchedAt: Instant;
  readonly entries: Readonly<Record<string, DirectoryEntry>>;
}

export interface DirectoryEntry {
  readonly hash: string;
  /** The customer's name, folded; "" where it is not known. */
  readonly name: string;
  /** In lower case; "" where it is not known. */
  readonly email: string;
}

export function cardRef(key: BookingKey): DocumentRef {
  return { collection: "cards", id: bookingRef(key).id };
}

export function directoryRef(source: string): DocumentRef {
  return { collection: "sources", id: documentId(`${source}~directory`) };
}

export function cardOf(source: string, row: DirectoryRow, now: Instant): CardDoc {
  const { id, customerName = null, customerEmail = null, startDate, endDate, status } = row;
  const key = bookingKey(source, id);
  return { key, source, bookingId: id, customerName, customerEmail, startDate, endDate, status, lastFetched: now };
}

export function entryOf(row: DirectoryRow): DirectoryEntry {
  const { id: _id, customerName = "", customerEmail = "", ...rest } = row;
  const text = JSON.stringify([customerName, customerEmail, rest.startDate, rest.endDate, rest.status]);
  const hash = createHash("sha256").update(text).digest("base64url").slice(0, 12);
  return { hash, name: folded(customerName), email: customerEmail.toLowerCase() };
}

/** Letters and digits alone, in lower case, single spaces between: how names are compared. */
export function folded(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
