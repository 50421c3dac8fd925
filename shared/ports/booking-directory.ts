import type { Instant, PlainDate } from "../sync/time.ts";

/**
 * A source whose bookings people look up and write mails about: rows for a list, and one booking opened. Failures are
 * those of `BookingReader`.
 */
export interface BookingDirectory {
  /**
   * All rows by list calls alone, whatever the window. What could not be had is told in `lacks`. With `until` nothing is
   * tried again, and what has no answer by then throws PROVIDER_UNAVAILABLE.
   */
  rows(options?: { readonly until: Instant }): Promise<DirectoryListing>;
  /** One booking with all that a person wants to see; undefined where the source has no such record. */
  open(id: string): Promise<OpenedBooking | undefined>;
}

export interface DirectoryListing {
  readonly rows: readonly DirectoryRow[];
  /** Rows that could not be read, each alone (law 10). */
  readonly skipped: readonly { readonly id: string; readonly reason: string }[];
  /** Parts of the list that failed, in words for people; the rest is there all the same. */
  readonly lacks: readonly string[];
}

export interface DirectoryRow {
  readonly id: string;
  readonly customerName?: string;
  /** Only where the source lets a contact be read. */
  readonly customerEmail?: string;
  readonly startDate: PlainDate;
  /** The last day, itself included. */
  readonly endDate: PlainDate;
  /** In the source's own word. */
  readonly status: string;
}

export interface OpenedBooking {
  readonly row: DirectoryRow;
  /** What is booked, as the source names it, with its local times. */
  readonly items: readonly {
    readonly id: string;
    readonly start: string;
    readonly end: string;
    readonly people?: number;
  }[];
  readonly comments: readonly BookingComment[];
  /** What could not be had, in words for people. */
  readonly lacks: readonly string[];
}

export interface BookingComment {
  readonly text: string;
  readonly author?: string;
  /** As the source writes it. */
  readonly at?: string;
}

/** How an account stands with a provider that counts calls. */
export interface SourceGovernor {
  show(): Promise<GovernorState>;
  /** A person lifts a block. True where there was one. */
  lift(): Promise<boolean>;
}

export interface GovernorState {
  readonly limit?: number;
  readonly remaining?: number;
  readonly resetsAt?: string;
  readonly pausedUntil?: string;
  readonly blockedAt?: string;
}
