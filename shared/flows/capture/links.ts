import { LockstepError } from "../../errors.ts";
import type { DocumentRef, DocumentStore, Stored, Write } from "../../ports/store.ts";
import type { Instant } from "../../sync/time.ts";
import { documentId } from "../document-id.ts";
import type { BookingKey } from "../documents.ts";

/**
 * Collection `links`: which booking a mail is about, captured or of a mailbox.
 *
 * - `linked`: by what the mail says, or by a person.
 * - `waiting`: it names a number that no booking has yet.
 * - `removed`: a person said that it is not; what the mail says does not bring it back.
 */
export interface LinkDoc {
  /** Id in `emails`. */
  readonly mail: string;
  readonly status: "linked" | "waiting" | "removed";
  /** "" while it waits. */
  readonly bookingKey: BookingKey;
  readonly ref: string;
  readonly reason: string;
  readonly confidence: number;
  /** `lockstep`, or who did it. */
  readonly by: string;
  readonly at: Instant;
}

/** As it is shown. */
export type Link = Pick<LinkDoc, "mail" | "bookingKey" | "reason" | "confidence" | "by" | "at">;

const MAX_LINKS = 200;

export function linkRef(mail: string, bookingKey: BookingKey): DocumentRef {
  return { collection: "links", id: documentId(`${mail}~${bookingKey}`) };
}

export function waitingRef(mail: string, ref: string): DocumentRef {
  return { collection: "links", id: documentId(`${mail}~#${ref}`) };
}

/** All that is known between a mail and bookings, waiting and removed ones too. */
export async function linksOfMail(store: DocumentStore, mail: string): Promise<LinkDoc[]> {
  const where = [{ field: "mail", op: "==", value: mail }] as const;
  return dataOf(await store.query<LinkDoc>({ collection: "links", where, limit: MAX_LINKS }));
}

/** The mails about a booking, at most 200. */
export async function linksOfBooking(store: DocumentStore, bookingKey: BookingKey): Promise<Link[]> {
  const where = [{ field: "bookingKey", op: "==", value: bookingKey }] as const;
  const links = dataOf(await store.query<LinkDoc>({ collection: "links", where, limit: MAX_LINKS }));
  return links.filter(({ status }) => status === "linked").map(shownLink);
}

export function shownLink({ mail, bookingKey, reason, confidence, by, at }: LinkDoc): Link {
  return { mail, bookingKey, reason, confidence, by, at };
}

function dataOf(rows: readonly Stored<LinkDoc>[]): LinkDoc[] {
  return rows.map(({ data }) => data);
}

/** What says that a mail of a mailbox is about the booking it was matched with: the write that keeps it. */
export function foundLink(
  mail: string,
  bookingKey: BookingKey,
  { reason, confidence }: Pick<LinkDoc, "reason" | "confidence">,
  by: string,
  at: Instant,
): Write {
  return {
    kind: "put",
    ref: linkRef(mail, bookingKey),
    data: linked({ mail, bookingKey, reason, confidence, by, at }),
  };
}

function linked(link: Link): LinkDoc {
  return { ...link, status: "linked", ref: link.bookingKey.slice(link.bookingKey.indexOf(":") + 1) };
}

/** A person says that the mail is about the booking. The same again changes nothing. */
export async function linkByHand(
  store: DocumentStore,
  mail: string,
  bookingKey: BookingKey,
  by: string,
  now: Instant,
): Promise<Link> {
  const ref = linkRef(mail, bookingKey);
  const stored = await store.get<LinkDoc>(ref);
  if (stored?.data.status === "linked") return shownLink(stored.data);
  const link = linked({ mail, bookingKey, reason: "Linked by hand.", confidence: 1, by, at: now });
  await store.commit([{ kind: "put", ref, data: link }]);
  return shownLink(link);
}

/** A person says that it is not. Throws NOT_FOUND where they are not linked. */
export async function unlink(
  store: DocumentStore,
  mail: string,
  bookingKey: BookingKey,
  by: string,
  now: Instant,
): Promise<void> {
  const ref = linkRef(mail, bookingKey);
  const stored = await store.get<LinkDoc>(ref);
  if (stored === undefined)
    throw new LockstepError("NOT_FOUND", { detail: "This mail is not linked with that booking." });
  if (stored.data.status === "removed") return;
  await store.commit([
    { kind: "put", ref, data: { ...stored.data, status: "removed", by, at: now }, ifVersion: stored.version },
  ]);
}
