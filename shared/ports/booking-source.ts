import type { Field } from "../sync/content.ts";
import type { Instant, Span } from "../sync/time.ts";

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
  /** An ordered version where the source has one; without it every message is a hint (R1). */
  readonly version?: string;
  /** Hash of all that is observed, statuses included; equal hashes mean nothing new. */
  readonly hash: string;
}

/**
 * - `live`: takes place.
 * - `pending`: a checkout that may never be paid; its slot is held (S12).
 * - `cancelled`: said so by the source, or by a record whose slot is free again (S11).
 * - `rescheduled`: lives on under another id (S07).
 * - `unclear`: the source's answer does not tell; nothing may be derived from it.
 */
export type SourceStatus = "live" | "pending" | "cancelled" | "rescheduled" | "unclear";

export interface SourceListing {
  readonly bookings: readonly SourceBooking[];
  /** Rows that could not be read, each alone (law 10). */
  readonly bad: readonly { readonly id: string; readonly reason: string }[];
  /** False where any page, status or day is missing: then no absence follows from it (S03). */
  readonly complete: boolean;
}

export interface BookingReader {
  /** All bookings whose span touches the window, cancelled ones too where the source shows them. */
  list(window: { readonly from: Instant; readonly to: Instant }): Promise<SourceListing>;
  /**
   * The truth about single bookings, with every confirmation the source needs; the cheapest calls
   * that give it. `around` is where each was last seen. Undefined: the source has no such record.
   */
  read(
    bookings: readonly { readonly id: string; readonly around?: Span }[],
  ): Promise<ReadonlyMap<string, SourceBooking | undefined>>;
}

export interface SourceCapabilities {
  /** `update`: changed in place. `rebook`: a move is a new booking under a new id. `none`: read-only. */
  readonly move: "update" | "rebook" | "none";
  readonly cancel: boolean;
  /** Fields that people can author on the booking side through Lockstep. */
  readonly writes: readonly Field[];
  /** True where a status in a listing can be believed. */
  readonly statusReliable: boolean;
}

export type Availability = "free" | "taken" | "unknown" | "impossible";

export interface BookingWriter {
  readonly capabilities: SourceCapabilities;
  /**
   * Whether `resource` is free during `span`; "unknown" where the source's answer does not tell,
   * "impossible" where it has no bookings of such a time at all (whole days, a time that comes twice).
   */
  available(slot: { readonly resource: string; readonly span: Span }): Promise<Availability>;
  /**
   * Books anew, for the same customer as `like`. `marker` (1 to 100 characters of `A-Za-z0-9_-`) is
   * written where `findByMarker` finds it, and comes back as `fields.marker`.
   * Throws SLOT_TAKEN. A time-out leaves open whether it took effect: search by marker first (R4).
   */
  book(order: {
    readonly resource: string;
    readonly span: Span;
    readonly marker: string;
    readonly like: SourceBooking;
  }): Promise<{ readonly id: string }>;
  /** Bookings that carry the marker around `span`, live and cancelled. */
  findByMarker(marker: string, span: Span): Promise<SourceBooking[]>;
  /** Success also where it was cancelled before. */
  cancel(id: string): Promise<"cancelled" | "already-cancelled">;
}

export type BookingSource = BookingReader & BookingWriter;
