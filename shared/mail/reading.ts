import type { Instant, PlainDate } from "../sync/time.ts";

/** What a mail is for. */
export type MailKind =
  | "confirmation"
  | "inquiry"
  | "alteration"
  | "cancellation"
  | "reminder"
  | "guest-message"
  | "review-request"
  | "payout"
  | "other";

/** Whose template a mail is written in; `pms`: Lodgify and other property managers' systems, `osm`: Online Scout Manager. */
export type Platform = "airbnb" | "vrbo" | "booking" | "pms" | "osm";

/**
 * What the mail states about a stay, never what Lockstep does: `create`, a confirmation with both dates and a code
 * or a name; `create-partial`, one that lacks some of these; `cancel`, the stay is cancelled; `none`, all else.
 */
export type MailAction = "create" | "create-partial" | "cancel" | "none";

/**
 * Whether the receiving server vouches for the sender (RFC 8601); `unknown`: it says nothing of it; `borrowed`: a
 * platform's name with somebody else's address, as relays and co-hosts pass mails on.
 */
export type Authenticity = "pass" | "fail" | "unknown" | "borrowed";

/** Something the mail states. */
export interface Fact<T> {
  readonly value: T;
  /** The line it stands in, as people read it. */
  readonly line: string;
  /** 0 to 1. */
  readonly confidence: number;
}

/** An amount as written, in the currency's own unit (`812.5`), never converted. */
export interface Money {
  readonly amount: number;
  /** ISO 4217; null where the mail's sign fits several currencies. */
  readonly currency: string | null;
}

/** What the mail states of the stay; null: it does not state it. */
export interface Facts {
  readonly guestName: Fact<string> | null;
  readonly checkIn: Fact<PlainDate> | null;
  /** The day of departure. */
  readonly checkOut: Fact<PlainDate> | null;
  readonly confirmationCode: Fact<string> | null;
  readonly property: Fact<string> | null;
  /** Everybody who sleeps there, children and infants included where the mail counts them. */
  readonly guestCount: Fact<number> | null;
  /** What the guest pays in all. */
  readonly total: Fact<Money> | null;
  /** What the host gets. */
  readonly payout: Fact<Money> | null;
}

/** One mail, read. The same bytes, arrival and reader version always give the same reading. */
export interface MailReading {
  /** Raised with every change of the readers that changes what they read. */
  readonly readerVersion: number;
  readonly kind: MailKind;
  readonly action: MailAction;
  /** Null where nothing tells. */
  readonly platform: Platform | null;
  readonly facts: Facts;
  readonly authenticity: Authenticity;
  /** 0 to 1, of kind and action together. */
  readonly confidence: number;
  /** Why, in sentences, for the person who reviews it. No guest data. */
  readonly reasons: readonly string[];
  readonly messageId: string | null;
  /** Null where neither the caller nor the mail says when: year-less dates are unstated then. */
  readonly receivedAt: Instant | null;
}

export const NO_FACTS: Facts = {
  guestName: null,
  checkIn: null,
  checkOut: null,
  confirmationCode: null,
  property: null,
  guestCount: null,
  total: null,
  payout: null,
};
