import type {
  BookingSource,
  CreatedKind,
  RebookingSource,
  SourceBooking,
  UpdatingSource,
} from "../../shared/ports/booking-source.ts";
import type { Span } from "../../shared/sync/time.ts";
import type { Trouble } from "./trouble.ts";

/** One account of a source, and what guests, staff and trouble do to it behind our back. */
export interface SourceBench {
  readonly source: BookingSource;
  /** Two of its rooms. */
  readonly rooms: readonly [string, string];
  /** What can be created there, where anything can. */
  readonly kind: CreatedKind;
  /** False where a booking belongs to its room for good: elsewhere it is another one. */
  readonly changesRooms: boolean;
  /** The source tells no notes of a booking; what `notes` changes there is something else that it tells. */
  readonly lacksNotes?: true;
  readonly outside: {
    book(booking: { room: string; span: Span; customer: string; notes?: string }): Promise<string>;
    /** In place, under the same id. */
    change(id: string, to: { room?: string; span?: Span; notes?: string }): Promise<void>;
    cancel(id: string): Promise<void>;
    /** The record vanishes. */
    erase(id: string): Promise<void>;
    fail(trouble: Trouble, times: number): Promise<void>;
    /** The next booking takes effect, and its answer is lost. */
    loseAnswer(): Promise<void>;
    /** The source tells a cancellation of ours from another, though our first attempt had no answer. */
    readonly knowsItsCallers?: true;
    /** Every listing carries one row more that cannot be read. */
    addBadRow(): Promise<void>;
  };
  /** Where a booking may begin as a checkout that nobody has paid yet. */
  readonly checkouts: Checkouts | undefined;
  advance(ms: number): void;
  close(): void;
}

export interface Checkouts {
  /** A checkout that is not paid yet, and the time after which its slot is free again. */
  checkOut(booking: { room: string; span: Span; customer: string }): Promise<{ id: string; holdMs: number }>;
  pay(id: string): Promise<void>;
}

export interface SourceBacking {
  readonly name: string;
  open(): SourceBench;
}

export type Opened = () => SourceBench;

export const WINDOW = { from: "2027-01-04T00:00:00.000Z", to: "2027-04-04T00:00:00.000Z" };
export const NINE: Span = timed("2027-01-10T14:00:00.000Z", "2027-01-10T15:00:00.000Z");
export const TEN: Span = timed("2027-01-10T15:00:00.000Z", "2027-01-10T16:00:00.000Z");
export const HALF_PAST: Span = timed("2027-01-10T14:30:00.000Z", "2027-01-10T15:30:00.000Z");

export function timed(start: string, end: string): Span {
  return { kind: "timed", start, end };
}

export function bookPriya({ outside, rooms }: SourceBench, span = NINE): Promise<string> {
  return outside.book({ room: rooms[0], span, customer: "Priya Raman", notes: "Putting lesson" });
}

export async function read(source: BookingSource, id: string): Promise<SourceBooking | undefined> {
  return (await source.read([{ id, around: NINE }])).get(id);
}

export async function readKnown(source: BookingSource, id: string): Promise<SourceBooking> {
  const booking = await read(source, id);
  if (booking === undefined) throw new Error(`${id} cannot be read`);
  return booking;
}

/** The source as one that rebooks; the suite asks only where it is one. */
export function rebooking({ source }: Pick<SourceBench, "source">): RebookingSource {
  if (source.moves !== "rebook") throw new Error("this source does not rebook");
  return source;
}

export function updating({ source }: Pick<SourceBench, "source">): UpdatingSource {
  if (source.moves !== "update") throw new Error("this source does not update");
  return source;
}

export type CancellingSource = Extract<BookingSource, { cancels: true }>;

export function cancelling({ source }: Pick<SourceBench, "source">): CancellingSource {
  if (!source.cancels) throw new Error("this source does not cancel");
  return source;
}

export type CreatingSource = Extract<BookingSource, { creates: true }>;

export function creating({ source }: Pick<SourceBench, "source">): CreatingSource {
  if (!source.creates) throw new Error("this source takes no bookings from a calendar");
  return source;
}
