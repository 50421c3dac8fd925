import type { ReservationKind } from "../sync/agenda.ts";
import type { Field } from "../sync/content.ts";
import type { Instant, Span } from "../sync/time.ts";
import type { BookingDirectory, DirectoryListing, SourceGovernor } from "./booking-directory.ts";

/**
 * Where bookings live. Every call may throw PROVIDER_UNAVAILABLE, PROVIDER_RATE_LIMITED,
 * PROVIDER_UNAUTHORIZED, PROVIDER_FORBIDDEN; an error is never an absence (law 2).
 */
export interface SourceBooking {
  readonly id: string;
  /** The source's own names of its rooms, bays or units. */
  readonly resources: readonly string[];
  readonly status: SourceStatus;
  readonly span: Span;
  /** Text for the templates, e.g. `customer`, `notes`. What the source did not say is left out. */
  readonly fields: Readonly<Record<string, string>>;
  /** What it is where the source tells kinds apart. */
  readonly kind?: ReservationKind;
  /** Id of the allocation it takes place in. */
  readonly within?: string;
  /** Nothing can be done to it through Lockstep: a closure, one occurrence of a series. */
  readonly fixed?: boolean;
  /** When it changed last by the source's clock, where it says so. */
  readonly modified?: Instant;
  /** Rises with every change, where the source has such a number; without it every message is a hint (R1). */
  readonly version?: number;
  /** The key of `create` that made it, where the source tells: so it is known whatever became of the answer. */
  readonly madeWith?: string;
  /** Id of the booking it lives on as, where the source tells (S07). */
  readonly successor?: string;
  /** Id of the booking it goes on from, where the source tells (S07). */
  readonly predecessor?: string;
  /** Hash of all that is observed, statuses included; equal hashes mean nothing new. */
  readonly hash: string;
}

/**
 * A booking as it was read, by which a change recognises it: by the version at a source that tells versions, else by
 * the hash. A whole `SourceBooking` is one; a version alone will do where it is told.
 */
export type AsRead = { readonly version: number } | { readonly hash: string };

/** Kinds that can be made; a closure is only told of. */
export type CreatedKind = Exclude<ReservationKind, "closure">;

/**
 * - `live`: takes place.
 * - `pending`: a checkout that may never be paid; its slot is held (S12).
 * - `cancelled`: said so by the source, or by a record whose slot is free again (S11).
 * - `rescheduled`: lives on under another id (S07).
 * - `unclear`: the source's answer does not tell; nothing may be derived from it.
 */
export type SourceStatus = "live" | "pending" | "cancelled" | "rescheduled" | "unclear";

/** A row that could not be read. What it says of its booking's end is told all the same: nobody needs the rest then. */
export interface BadRow {
  readonly id: string;
  readonly reason: string;
  readonly cancelled?: true;
}

export interface SourceListing {
  readonly bookings: readonly SourceBooking[];
  /** Rows that could not be read, each alone (law 10). */
  readonly bad: readonly BadRow[];
  /** False where any page, status or day is missing: then no absence follows from it (S03). */
  readonly complete: boolean;
  /** The same calls' rows for people, where the source has a directory: those outside of the window, too. */
  readonly told?: DirectoryListing;
  /**
   * Ids of bookings it could not look for, where a source is made of several: one feed that fails keeps nobody from
   * being missed in the others. Nothing follows from their absence (law 2).
   */
  readonly unread?: readonly string[];
  /** What a person should know of the source as it is now; one that is not told again is over. */
  readonly notices?: readonly SourceNotice[];
}

/** Becomes an alert `kind` about `subject`, below the source's own name. */
export interface SourceNotice {
  readonly kind: string;
  readonly subject: string;
  /** A sentence, without secrets and guest data. */
  readonly detail: string;
}

/** A booking that is asked for, and where it was last seen. */
export interface WantedBooking {
  readonly id: string;
  readonly around?: Span;
}

export interface BookingReader {
  /** All bookings whose span touches the window, cancelled ones too where the source shows them. */
  list(window: { readonly from: Instant; readonly to: Instant }): Promise<SourceListing>;
  /**
   * The truth about single bookings, with every confirmation the source needs; the cheapest calls
   * that give it. `around` is where each was last seen. Undefined: the source has no such record.
   */
  read(bookings: readonly WantedBooking[]): Promise<ReadonlyMap<string, SourceBooking | undefined>>;
  /** Where people look its bookings up. */
  readonly directory?: BookingDirectory;
  /** Where the provider counts our calls. */
  readonly governor?: SourceGovernor;
}

/** What is told about a source, as values; what can be *done* there are the tags of `BookingSource`. */
export interface SourceCapabilities {
  /** Fields that people can author on the booking side through Lockstep. */
  readonly writes: readonly Field[];
  /** True where a status in a listing can be believed. */
  readonly statusReliable: boolean;
  /** True where what `create` made tells its key as `madeWith`: then a booking without one is nobody's import. */
  readonly tellsKeys: boolean;
}

/**
 * A source and what can be done there. Each tag brings the calls that go with it, so that no call
 * compiles whose capability was not looked at:
 *
 *   moves    update: changed in place · rebook: a move is a new booking under a new id · none
 *   cancels  whether a booking can be cancelled; whoever rebooks must be able to
 *   creates  whether what people put on a calendar can become a booking
 */
export type BookingSource = BookingReader & { readonly capabilities: SourceCapabilities } & Moving &
  Cancelling &
  Creating;

export type UpdatingSource = Extract<BookingSource, { moves: "update" }>;
export type RebookingSource = Extract<BookingSource, { moves: "rebook" }>;

type Moving =
  | ({ readonly moves: "update" } & BookingUpdater)
  | ({ readonly moves: "rebook"; readonly cancels: true } & BookingRebooker)
  | { readonly moves: "none" };
type Cancelling = ({ readonly cancels: true } & BookingCanceller) | { readonly cancels: false };
type Creating = ({ readonly creates: true } & BookingCreator) | { readonly creates: false };

/** `unsure`: it is cancelled, by an attempt of ours that had no answer or by somebody else. */
export type Cancellation = "cancelled" | "already-cancelled" | "unsure";

export interface BookingCanceller {
  /**
   * Success also where it was cancelled before. Not begun after `before`, however long a login or an attempt took: whoever
   * was held up so long is not alone any more. Throws PROVIDER_UNAVAILABLE then.
   */
  cancel(id: string, before?: Instant): Promise<Cancellation>;
}

export interface BookingUpdater {
  /**
   * Changes the booking if it still is `as` it was read, and answers it as it is then: looking and changing are one step
   * at the source. What is left out stays; `resource` takes the place of the one it is on. Throws BOOKING_CHANGED where
   * it is not as it was, is cancelled or gone: read again, decide again. Throws SLOT_TAKEN, UNKNOWN_RESOURCE, and
   * PROVIDER_REFUSED where the source's rules forbid it. May be repeated: what took effect unseen
   * shows as BOOKING_CHANGED.
   */
  update(change: {
    readonly id: string;
    readonly as: AsRead;
    readonly span?: Span;
    readonly resource?: string;
    /** By the names of `SourceBooking.fields`; PROVIDER_REFUSED for one that cannot be written. */
    readonly fields?: Readonly<Record<string, string>>;
  }): Promise<SourceBooking>;
  /** Takes a cancellation back, under the same id. Throws SLOT_TAKEN, PROVIDER_REFUSED; BOOKING_CHANGED where it is gone. */
  enable(id: string): Promise<SourceBooking>;
}

export type Availability = "free" | "taken" | "unknown" | "impossible";

export interface BookingRebooker {
  /**
   * Whether `resource` is free during `span`; "unknown" where the source's answer does not tell,
   * "impossible" where it has no bookings of such a time at all (whole days, a time that comes twice), or none of which
   * it is known how long they are (across a clock change).
   */
  available(slot: { readonly resource: string; readonly span: Span }): Promise<Availability>;
  /**
   * Books anew, for the same customer as `like`. `marker` (1 to 100 characters of `A-Za-z0-9_-`) is
   * written where `findByMarker` finds it, and comes back as `fields.marker`.
   * Not begun after `before`, as `cancel`. Throws SLOT_TAKEN. A time-out leaves open whether it took effect: search by marker first (R4).
   */
  book(order: {
    readonly resource: string;
    readonly span: Span;
    readonly marker: string;
    readonly like: SourceBooking;
    readonly before?: Instant;
  }): Promise<{ readonly id: string }>;
  /** Bookings that carry the marker around `span`, live and cancelled. */
  findByMarker(marker: string, span: Span): Promise<SourceBooking[]>;
}

export interface BookingCreator {
  /**
   * Makes a booking once per `key` (1 to 100 characters of `A-Za-z0-9_-`): repeated with the same order
   * it answers the booking that is there (R2). Throws SLOT_TAKEN, UNKNOWN_RESOURCE, PROVIDER_REFUSED: then the
   * key is as unused as before. Throws BOOKING_CHANGED where the key made one that is deleted since.
   */
  create(order: { readonly key: string } & NewBooking): Promise<SourceBooking>;
}

export interface NewBooking {
  readonly kind: CreatedKind;
  readonly resource: string;
  readonly span: Span;
  /** `title`, `notes`, `customer` and `email`, as in `SourceBooking.fields`; text longer than the source takes is cut. */
  readonly fields: Readonly<Record<string, string>>;
}
