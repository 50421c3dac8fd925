import type { BookingObservation } from "./booking.ts";
import type { Content, Field } from "./content.ts";
import type { EventObservation } from "./event.ts";
import type { Policy } from "./policy.ts";
import type { Instant } from "./time.ts";

/**
 * What both sides agreed on last: a pair, one half as each side returned it (R3), so that a
 * provider's own spelling never looks like an edit (law 9).
 */
export interface Base {
  readonly booking: Content;
  readonly event: Content;
  /** Counts agreements of this map, from 1. */
  readonly agreement: number;
}

export type MapStatus = "pending" | "active" | "conflict" | "held" | "error" | "cancelled";

/** Everything a decision may look at: values only, `now` included. */
export interface Known {
  readonly now: Instant;
  readonly resource: string;
  readonly policy: Policy;
  readonly capabilities: Capabilities;
  readonly booking: BookingObservation | undefined;
  readonly event: EventObservation | undefined;
  /** True while the map points at an event of the present incarnation. */
  readonly hasEvent: boolean;
  readonly base: Base | undefined;
  /** What the booking said when it was read last, whatever became of it since. */
  readonly said?: Content;
  /** The resource to which the booking had followed its event before; its staff took it back since. */
  readonly followed?: string;
  /** Another reservation takes the room (S47); `equal`: one of the same kind, a double booking. */
  readonly givesWay?: { readonly equal: boolean };
  /** The room is closed for at least a part of that time. */
  readonly closed?: boolean;
  /** People's own event, in whose time a reservation takes the room. */
  readonly clashes?: boolean;
  /** How often a deleted event was put back since the booking last changed (S05). */
  readonly restored: number;
  /** When the booking last came to differ from the base: after the first, not after the second (R14). */
  readonly bookingChanged?: { readonly after: Instant; readonly before: Instant };
  /** Provider time at which the event first differed from the base; never after a write of ours (R14). */
  readonly eventEdited?: Instant;
}

/** What Lockstep can do at the booking source. */
export interface Capabilities {
  /** Fields it can change there, in place or by rebooking. */
  readonly writes: readonly Field[];
  readonly cancel: boolean;
  /** Whether a booking can be moved to another resource. */
  readonly changeResource: boolean;
}
