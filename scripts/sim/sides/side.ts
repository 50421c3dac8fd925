import type { Instant } from "../../../shared/sync/time.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";

/** Everything a side needs to be acted on and looked at. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly zone: string;
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
