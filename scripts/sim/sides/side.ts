import type { Instant } from "../../../shared/sync/time.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { SandboxRequest } from "../../sandbox/wire.ts";
import type { Unreachable } from "../cell.ts";

/** Names of the private properties that mark an event as Lockstep's. */
export const MARKER = { bookingId: "simulatedBookingId", managed: "simulatedManaged" } as const;

/** The simulated resources: the first and the second room of the source, each with its calendar. */
export function resourceId(index: number): string {
  return `bay-${index + 1}`;
}

/** Everything a side needs to be acted on and looked at. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly zone: string;
  /** Where a source sends its webhooks, with the secret that signs them. */
  readonly webhook: { readonly url: string; readonly secret: string };
  /** Half hour number `slot` of the history, as local wall time `2027-01-11T09:30:00`. */
  wall(slot: number): string;
  now(): number;
}

/** How one deed chooses. */
export interface Choice {
  /** One of those there are; undefined of none. */
  pick<T>(items: readonly T[]): T | undefined;
  readonly slot: number;
  readonly other: number;
  /** A booking of the source, as `pick` chooses; undefined where there is none. */
  readonly booking: BookingFacts | undefined;
  /** A call as a person's screen makes it. Throws where the provider refuses. */
  call(method: string, path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>>;
}

/** Does it and tells it in a few words; undefined where there was nothing to do it to. */
export type Deed = (choice: Choice) => Promise<string | undefined>;

/** A booking as its provider holds it, read by nobody but the oracle. */
export interface BookingFacts {
  readonly id: string;
  /** `rescheduled`: lives on under another id. `pending`: a checkout that was not paid. */
  readonly state: "live" | "pending" | "cancelled" | "rescheduled";
  readonly resource: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly title: string;
  readonly description: string;
  /** What it is, where its source tells kinds apart: `event`, `booking`, `allocation`. */
  readonly kind?: string;
  /** When it takes its room, whole days by the room's wall: epoch milliseconds. */
  readonly takes?: readonly [from: number, to: number];
  /** The allocation it takes place in. */
  readonly within?: string;
  /** The id it was rebooked from, where Lockstep made it. */
  readonly former?: string;
}

/** An event as its provider holds it. */
export interface EventFacts {
  readonly id: string;
  readonly calendar: string;
  readonly state: "live" | "deleted";
  /** Instants; dates where it takes whole days. */
  readonly start: string;
  readonly end: string;
  readonly title: string;
  readonly description: string;
  /** The booking it says it shows. */
  readonly names?: string;
  readonly isFree: boolean;
  readonly isSeries: boolean;
  /** All that people can see of it, for "byte-identical". */
  readonly text: string;
}

/** What is known of a provider's side before it stands in a world. */
interface Kind<Opened extends Side> {
  /** Names of its deeds and its weather. What no side of a history offers is nobody's deed in it. */
  readonly offers: readonly string[];
  /** Faults that not every provider has, with the calls that can have them here; see `faults.ts`. */
  readonly faults: Readonly<Record<string, CanHave>>;
  /** Cells of the table that no history comes to beside this provider, each with what excludes it. */
  readonly unreachable: readonly Unreachable[];
  /** Cells that are reached, but only where chance strikes at one crossing: no directed history is there for them. */
  readonly byChance: readonly Unreachable[];
  /** Loads the provider's client library. With its first call that would take real time, and virtual time would pass. */
  load?(): Promise<unknown>;
  open(stage: Stage): Opened;
}
export type CanHave = (request: SandboxRequest) => boolean;
export type SourceKind = Kind<SourceSide> & {
  /** Nothing can be changed there through Lockstep: an event that people drag or delete is put back, or asked about. */
  readonly isReadOnly?: true;
};
export type CalendarKind = Kind<CalendarSide> & {
  /** What is deleted there can be read and found no more, and no key that it had is taken. */
  readonly hidesDeleted?: true;
};

interface Side {
  /** Registry folder. */
  readonly provider: string;
  /** The environment variable that puts the sandbox in the real one's place, and the path there. */
  readonly root: { readonly variable: string; readonly path: string };
  readonly settings: Readonly<Record<string, unknown>>;
  /** What people do there, by name. */
  readonly deeds: Readonly<Record<string, Deed>>;
  /** What befalls the provider's own bookkeeping: expired tokens, cursors, watches. */
  readonly weather: Readonly<Record<string, () => Promise<void>>>;
}

export interface SourceSide extends Side {
  /** The source's names of its rooms, in the order of the resources. */
  readonly rooms: readonly string[];
  /** How its bookings read on an event, where that is not the usual way. */
  readonly template?: { readonly title: string };
  /** The raw records; a changed one is another object. */
  rows(): readonly object[];
  /** What a record is known by. */
  key(row: object): string;
  facts(row: object): BookingFacts;
}

export interface CalendarSide extends Side {
  /** Calendar ids in the order of the resources. */
  readonly calendars: readonly string[];
  rows(): readonly object[];
  key(row: object): string;
  facts(row: object): EventFacts;
}
