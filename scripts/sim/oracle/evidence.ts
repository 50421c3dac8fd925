import type { Change, Chronicle } from "../chronicle.ts";
import type { History } from "../history.ts";
import type { HoldWord } from "../people.ts";
import type { BookingFacts, EventFacts } from "../sides/side.ts";

/** What the oracle judges from: the providers' records and their past, what people said, and what the API shows. */
export interface Evidence {
  readonly history: History;
  readonly chronicle: Chronicle;
  readonly holdWords: readonly HoldWord[];
  /** Calendar of each resource. */
  readonly calendarOf: Readonly<Record<string, string>>;
  readonly policy: OraclePolicy;
  readonly shown: Shown;
  /** Virtual epoch milliseconds at the verdict. */
  readonly now: number;
}

/** The words of the policy that say what may happen; read from the history, not from the product. */
export interface OraclePolicy {
  readonly merge: string;
  readonly calendarDeletion: string;
  readonly cancellation: string;
  readonly absentListings: number;
  readonly breakerCount: number;
  readonly breakerPercent: number;
}

/** What a person sees over the API: what waits for them, and what the journal says. */
export interface Shown {
  /** Booking ids whose map waits visibly: held, asked about. */
  readonly waiting: ReadonlySet<string>;
  /** Booking ids about which a person is asked now, by an open review item or a hold. */
  readonly asked: ReadonlySet<string>;
  /** Booking ids that were given up. */
  readonly givenUp: ReadonlySet<string>;
  /** All open and resolved review items, as text by booking id. */
  readonly reviews: ReadonlyMap<string, readonly { readonly kind: string; readonly text: string }[]>;
  /** True where a review item says that this booking or its event was set aside. */
  readonly setAside: (id: string) => boolean;
  /** What `explain` says of a booking, as text. */
  readonly explained: (id: string) => Promise<string>;
}

/**
 * One booking through all its ids: a rebooking by Lockstep says in its notes where it came from, a rescheduling by
 * staff is one deed on two records.
 */
export interface Story {
  readonly ids: readonly string[];
}

export function storiesOf({ chronicle }: Evidence): Story[] {
  const parent = new Map<string, string>();
  const root = (id: string): string => {
    const above = parent.get(id) ?? id;
    return above === id ? id : root(above);
  };
  const join = (a: string, b: string) => parent.set(root(a), root(b));
  const rescheduled = new Map<number, string>();
  for (const { n, before, after } of chronicle.bookings) {
    const id = after?.id ?? before?.id ?? "";
    if (!parent.has(id)) parent.set(id, id);
    if (after?.former !== undefined) join(after.id, after.former);
    if (after?.state === "rescheduled" && before?.state !== "rescheduled") rescheduled.set(n, id);
  }
  for (const { n, before, after } of chronicle.bookings) {
    const from = rescheduled.get(n);
    if (from !== undefined && before === undefined && after !== undefined) join(after.id, from);
  }
  const stories = new Map<string, string[]>();
  for (const id of parent.keys()) stories.set(root(id), [...(stories.get(root(id)) ?? []), id]);
  return [...stories.values()].map((ids) => ({ ids }));
}

/** Ids of the events that Lockstep made; a person's copy has another, one carried to another calendar keeps its own. */
export function ownEvents({ chronicle }: Pick<Evidence, "chronicle">): ReadonlySet<string> {
  const seen = new Map<string, string>();
  for (const { actor, before, after } of chronicle.events) {
    if (before === undefined && after !== undefined && !seen.has(after.id)) seen.set(after.id, actor);
  }
  return new Set([...seen].flatMap(([id, actor]) => (actor === "lockstep" ? [id] : [])));
}

/** Ids of events that others made and a person said to show a booking from now on: those that were then written to. */
export function adoptedEvents({
  chronicle,
  holdWords,
}: Pick<Evidence, "chronicle" | "holdWords">): ReadonlySet<string> {
  const isMeant = ({ n, before, after }: Change<EventFacts>) =>
    holdWords.some(
      (said) =>
        said.word === "approve" &&
        said.n <= n &&
        said.items.some(
          (item) =>
            item.bookingId === after?.names && item.calendarId === before?.calendar && item.would === "adopt-event",
        ),
    );
  const written = chronicle.events.filter((each) => each.actor === "lockstep" && isMeant(each));
  return new Set(written.flatMap(({ before }) => (before === undefined ? [] : [before.id])));
}

export const key = (event: EventFacts): string => `${event.calendar}/${event.id}`;

export const isLive = (facts: { readonly state: string } | undefined): boolean => facts?.state === "live";

/** A person said that the event of this booking stays, knowing that the booking was gone or cancelled. */
export function isKeptByWord({ chronicle, holdWords }: Evidence, bookingId: string): boolean {
  const ended = chronicle.bookings.findLast(({ before, after }) => before?.id === bookingId && !isLive(after))?.n;
  return holdWords.some(
    ({ word, items, n }) =>
      word !== "approve" && n >= (ended ?? 0) && items.some((item) => item.bookingId === bookingId),
  );
}

export function tellBooking(booking: BookingFacts): string {
  return `booking ${booking.id} (${booking.state}, ${booking.resource}, ${booking.start}–${booking.end}, "${booking.title}")`;
}

export function tellEvent(event: EventFacts): string {
  return `event ${event.id.slice(0, 16)} of ${event.names ?? "nobody"} on ${event.calendar} (${event.start}–${event.end}, "${event.title}")`;
}
