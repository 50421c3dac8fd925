import type { Instant } from "./time.ts";

/** What a booking source tells apart; in one room event goes before booking before allocation (S47). */
export type ReservationKind = "event" | "booking" | "allocation" | "closure";

/** That something takes a room for a time. Ends are exclusive. */
export interface Occupancy {
  /** Whose it is: the booking's key. */
  readonly key: string;
  readonly kind: ReservationKind;
  readonly from: Instant;
  readonly to: Instant;
  /** Key of the allocation it takes place in. */
  readonly within?: string;
  /** People put it on the calendar: nothing is taken away for it, nor is it for others. */
  readonly imported?: boolean;
  /** When it changed last, by its source where that says so. */
  readonly changed: Instant;
}

/** What follows for one occupancy from the others in its room. */
export interface Verdict {
  /** The one that takes the room instead; `equal` where both are of one kind: a double booking. */
  readonly givesWay?: { readonly to: string; readonly equal: boolean };
  /** Of an imported one: what takes the room in that time. */
  readonly meets?: string;
  /** A closure of the room in that time. */
  readonly closedBy?: string;
}

/** An occupancy as the room's agenda has it, with what followed for it last. */
export type Listed = Occupancy & Verdict;

const RANK: Readonly<Record<ReservationKind, number>> = { event: 1, booking: 2, allocation: 3, closure: 4 };

/**
 * Whether an occupancy is shown beside the others of its room. Who gives way itself stands in nobody's way, so that a
 * loser returns when its winner goes. A booking and the allocation it takes place in are no clash: the one is shown
 * within the other. A closure neither takes a room from anybody nor gives way, nor does what people put on the calendar
 * themselves: there the booking system has authority, and a person is told.
 */
export function judge(own: Occupancy, others: readonly Listed[]): Verdict {
  if (own.kind === "closure") return {};
  const met = others.filter((other) => other.key !== own.key && meet(own, other));
  const closure = met.find(({ kind }) => kind === "closure");
  const rivals = met
    .filter(
      (other) =>
        other.kind !== "closure" &&
        other.imported !== true &&
        other.givesWay === undefined &&
        !belongTogether(own, other),
    )
    .sort((a, b) => (goesBefore(a, b) ? -1 : 1));
  const aside = closure === undefined ? {} : { closedBy: closure.key };
  if (own.imported === true) return { ...(rivals[0] === undefined ? {} : { meets: rivals[0].key }), ...aside };
  const winner = rivals.find((other) => goesBefore(other, own));
  const givesWay = winner === undefined ? {} : { givesWay: { to: winner.key, equal: winner.kind === own.kind } };
  return { ...givesWay, ...aside };
}

/** True where the two share at least one moment. */
export function meet(a: Occupancy, b: Occupancy): boolean {
  return a.from < b.to && b.from < a.to;
}

function belongTogether(a: Occupancy, b: Occupancy): boolean {
  return a.within === b.key || b.within === a.key;
}

/** A strict order: by kind, then what changed last, then by key, so that every worker comes to the same. */
export function goesBefore(a: Occupancy, b: Occupancy): boolean {
  if (a.kind !== b.kind) return RANK[a.kind] < RANK[b.kind];
  if (a.changed !== b.changed) return a.changed > b.changed;
  return a.key < b.key;
}
