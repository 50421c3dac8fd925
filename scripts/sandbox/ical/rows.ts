/** One listing of one home at one host, and how that host writes its calendar. */
export interface FeedRow {
  /** `/ical/<name>.ics`. */
  readonly name: string;
  readonly host: Host;
  /**
   * - `stable`: one UID per entry for good.
   * - `dates`: a new one whenever dates change (S16).
   * - `daily`: a new one each day for stays under way, which begin today then.
   * - `fetch`: new ones at every fetch (S17).
   */
  readonly uids: "stable" | "dates" | "daily" | "fetch";
  /** What is cancelled vanishes, or stays with STATUS:CANCELLED. */
  readonly cancelled: "vanishes" | "stays";
  /** Stays that ended longer ago are left out. */
  readonly daysBack: number;
  /** Closed from so many days ahead to a year ahead; null: open (S53). */
  readonly windowDays: number | null;
  /** Closed for so many days from today on; 0: open at once (S53). */
  readonly noticeDays: number;
  /** Other feeds whose stays it blocks, as hosts do that import each other's calendars (S19). */
  readonly imports: readonly string[];
}

export const HOSTS = ["airbnb", "vrbo", "booking", "manager"] as const;
export type Host = (typeof HOSTS)[number];

export interface EntryRow {
  readonly id: string;
  readonly feed: string;
  readonly kind: "stay" | "block";
  /** Dates; the end is the day of check-out. */
  readonly start: string;
  readonly end: string;
  /** With these an entry is written as a time in UTC. */
  readonly startTime?: string;
  readonly endTime?: string;
  readonly guest: string;
  readonly code: string;
  readonly phone: string;
  readonly notes: string;
  readonly cancelled: boolean;
  /** Rises with every change of dates. */
  readonly moves: number;
  readonly changedAt: string;
}
