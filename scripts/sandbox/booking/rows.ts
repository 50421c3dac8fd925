export const KINDS = ["event", "booking", "allocation"] as const;
export type Kind = (typeof KINDS)[number];

/** As it is told: a time with its offset and zone, or a whole day. */
export type Time = { readonly dateTime: string; readonly timeZone: string } | { readonly date: string };

export interface Organiser {
  readonly name: string;
  readonly email?: string;
}

/** What a person or program says of a reservation. */
export interface Said {
  readonly resources: readonly string[];
  readonly start: Time;
  readonly end: Time;
  readonly title: string;
  readonly organiser?: Organiser;
  readonly description: string;
  readonly allocationId?: string;
  readonly recurrence?: string;
}

export interface ReservationRow extends Said {
  readonly id: string;
  readonly version: number;
  readonly kind: Kind;
  readonly active: boolean;
  /** Start and end as epoch milliseconds; whole days from midnight to midnight of the system's zone. */
  readonly startMs: number;
  readonly endMs: number;
  /** The idempotency key it was made with, where a program made it. */
  readonly madeWith?: string;
  /** Title, organiser and description are withheld from programs. */
  readonly isPrivate: boolean;
  readonly updatedAt: string;
  /** Its place in the order of all changes. */
  readonly sequence: number;
  /** As it was before the last change: what a lagging copy still shows. */
  readonly former?: ReservationRow;
}

/** What is left of a deleted reservation. */
export interface TombstoneRow {
  readonly id: string;
  readonly version: number;
  readonly changedAt: string;
  readonly sequence: number;
}

export interface RoomRow {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly capacity: number;
  readonly active: boolean;
}

export interface ClosureRow {
  readonly id: string;
  readonly resource: string;
  readonly start: Time;
  readonly end: Time;
  readonly startMs: number;
  readonly endMs: number;
  readonly reason: string;
}

/** An idempotency key that was used: for which order, and what it made. */
export interface KeyRow {
  readonly order: string;
  readonly id: string;
  readonly usedMs: number;
}
