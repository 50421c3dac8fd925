import type { LockstepError } from "../errors.ts";
import type { DocumentStore, Write } from "../ports/store.ts";
import type { Desk } from "./desk.ts";
import { type BookingKey, mapRef } from "./documents.ts";
import { DEAD_LETTERS, type DeadLetter } from "./keep-dead-letter.ts";
import { bookingHint, messagesOf } from "./publish.ts";

/**
 * An item that was refused too often is a dead letter like a message that no function could take (S27):
 * kept once, with its reason and the hint that has it tried again when it is published anew.
 */
export function giveUp(desk: Desk, error: LockstepError): Write {
  const { place, now } = desk;
  const [message] = messagesOf(bookingHint(place, "replay", now));
  if (message === undefined) throw new Error("a hint makes one message");
  const ref = letterRef(desk.key, place.resource);
  const letter: DeadLetter = {
    messageId: ref.id,
    subscription: "sync",
    reason: `${error.code}: ${error.message}`,
    data: message.data,
    encoding: "text",
    attributes: message.attributes,
    orderingKey: message.orderingKey,
    publishedAt: now,
    keptAt: now,
    status: "kept",
  };
  return { kind: "put", ref, data: letter };
}

/** The item works again: its letter stays for the record, but asks for nothing any more. */
export async function noteMended(store: DocumentStore, key: BookingKey, resource: string): Promise<void> {
  const letter = await store.get<DeadLetter>(letterRef(key, resource));
  if (letter?.data.status !== "kept") return;
  const data: DeadLetter = { ...letter.data, status: "mended" };
  await store.commit([{ kind: "put", ref: letter.ref, data, ifVersion: letter.version }]);
}

function letterRef(key: BookingKey, resource: string) {
  return { collection: DEAD_LETTERS, id: `given-up~${mapRef(key, resource).id}` };
}
