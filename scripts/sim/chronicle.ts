import type { BookingFacts, CalendarSide, EventFacts, SourceSide } from "./sides/side.ts";

/** Who changed something at a provider. */
export type Actor = "person" | "lockstep";

/** One record at a provider before and after one call. */
export interface Change<Facts> {
  /** Place in the order of everything that happened. */
  readonly n: number;
  /** Virtual epoch milliseconds. */
  readonly at: number;
  readonly actor: Actor;
  /** The deed, or the instance's call. */
  readonly by: string;
  readonly before: Facts | undefined;
  readonly after: Facts | undefined;
}

/**
 * Everything that ever changed at the providers, with who did it: taken from their records themselves after each
 * call, past all product code. The oracle judges from this alone.
 */
export interface Chronicle {
  readonly bookings: readonly Change<BookingFacts>[];
  readonly events: readonly Change<EventFacts>[];
  /** Compares the providers' records with the last look. True where anything differs. */
  note(actor: Actor, by: string): boolean;
  /** The place of the last look. */
  last(): number;
  booking(id: string): BookingFacts | undefined;
  event(key: string): EventFacts | undefined;
  allBookings(): BookingFacts[];
  allEvents(): EventFacts[];
}

export function openChronicle(source: SourceSide, calendar: CalendarSide, now: () => number): Chronicle {
  const bookings: Change<BookingFacts>[] = [];
  const events: Change<EventFacts>[] = [];
  let n = 0;
  const bookingShelf = shelf(source);
  const eventShelf = shelf(calendar);

  return {
    bookings,
    events,
    note(actor, by) {
      const head = { n: ++n, at: now(), actor, by };
      const changedBookings = bookingShelf.look();
      const changedEvents = eventShelf.look();
      for (const change of changedBookings) bookings.push({ ...head, ...change });
      for (const change of changedEvents) events.push({ ...head, ...change });
      return changedBookings.length + changedEvents.length > 0;
    },
    last: () => n,
    booking: bookingShelf.get,
    event: eventShelf.get,
    allBookings: bookingShelf.all,
    allEvents: eventShelf.all,
  };
}

interface Readable<Facts> {
  rows(): readonly object[];
  key(row: object): string;
  facts(row: object): Facts;
}

/** The records as they were at the last look. Rows are never changed in place, and most looks find none changed. */
function shelf<Facts extends object>(side: Readable<Facts>) {
  let known = new Map<string, { readonly row: object; readonly facts: Facts }>();
  let seen: readonly object[] = [];

  function look(): { before: Facts | undefined; after: Facts | undefined }[] {
    const rows = side.rows();
    const changes: { before: Facts | undefined; after: Facts | undefined }[] = [];
    if (rows.length === seen.length && rows.every((row, index) => row === seen[index])) return changes;
    seen = rows;
    const next = new Map<string, { readonly row: object; readonly facts: Facts }>();
    for (const row of rows) {
      const id = side.key(row);
      const before = known.get(id);
      if (before?.row === row) {
        next.set(id, before);
        continue;
      }
      const facts = side.facts(row);
      next.set(id, { row, facts });
      changes.push({ before: before?.facts, after: facts });
    }
    for (const [id, before] of known) if (!next.has(id)) changes.push({ before: before.facts, after: undefined });
    known = next;
    return changes;
  }

  return {
    look,
    get: (id: string) => known.get(id)?.facts,
    all: () => [...known.values()].map(({ facts }) => facts),
  };
}
