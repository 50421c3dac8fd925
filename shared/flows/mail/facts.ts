import type { MailReading } from "../../mail/reading.ts";
import type { DocumentRef, DocumentStore, Stored } from "../../ports/store.ts";
import type { Instant } from "../../sync/time.ts";
import type { BookingKey } from "../documents.ts";
import { codeKey } from "../stay-keys.ts";
import type { EmailDoc } from "./tape.ts";

/**
 * Collection `facts`: what a mail states, as a reader read it, and what came of it. Same id as in `emails`.
 *
 * - `nothing`: it asks for nothing to be done.
 * - `open`: a review item stands for it.
 * - `settled`: it is about `bookingKey`, and what it adds is written there.
 * - `ignored`: by a person's word, or by a rule that one made.
 * - `isolated`: it carries another connection's label, so that nobody can say whose it is.
 * - `unreadable`: it is kept, and waits for a reader that can read it.
 */
export interface FactsDoc {
  readonly id: string;
  readonly connection: string;
  readonly messageId: string;
  readonly receivedAt: Instant;
  readonly readAt: Instant;
  readonly state: "nothing" | "open" | "settled" | "ignored" | "isolated" | "unreadable";
  /** Left out where it was not read. */
  readonly reading?: MailReading;
  /** The code it states, as codes are compared; "" where it states none. */
  readonly code: string;
  readonly bookingKey?: BookingKey;
  /** Why it came to this, in a sentence without guest data. */
  readonly why: string;
}

export function factsRef(id: string): DocumentRef {
  return { collection: "facts", id };
}

export function factsOf(store: DocumentStore, id: string): Promise<Stored<FactsDoc> | undefined> {
  return store.get<FactsDoc>(factsRef(id));
}

/** The facts of a mail before anything came of them. */
export function blankFacts(email: EmailDoc, now: Instant, reading?: MailReading): FactsDoc {
  const { id, connection, messageId, receivedAt } = email;
  const stated = reading?.facts.confirmationCode?.value;
  return {
    ...{ id, connection, messageId, receivedAt, readAt: now, state: "nothing", why: "" },
    code: stated === undefined ? "" : codeKey(stated),
    ...(reading === undefined ? {} : { reading }),
  };
}
