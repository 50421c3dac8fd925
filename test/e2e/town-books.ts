import { Temporal } from "temporal-polyfill";
import { type BothSides, mailboxOf, type RoomEvent, type Row, ZONE } from "./town-hall.ts";

/** One reservation as it should be on both sides, by what people did to it. */
export interface Stay {
  readonly id: string;
  readonly kind: Row["kind"];
  rooms: readonly string[];
  /** `2027-01-11T18:00` on the town's wall, or `2027-01-11` for a whole day; one hour or one day. */
  start: string;
  title: string;
  notes: string;
  customer: string;
  email: string;
  active: boolean;
  /** What people wrote over on an event itself, by room: the booking system takes no words, so it stays on the calendar. */
  own: Record<string, { title?: string; text?: string }>;
  /** Last change by people: when, and on which side. */
  touched: { at: number; side: "desk" | "outlook" };
  /** Whether the last change is seen on the other side. */
  arrived: boolean;
}

/** What only the booking system can change: a closure, or every week's occurrence of a series. */
export interface Fixed {
  /** What its events name; `2001@` is the beginning of the names of a series. */
  readonly name: string;
  readonly room: string;
  /** On the town's wall. */
  readonly starts: readonly string[];
  readonly title: string;
}

export function names(name: string, id: string): boolean {
  return name.endsWith("@") ? id.startsWith(name) : id === name;
}

/** Each at its time, once, in its room. */
export function wrongAboutFixed({ name, room, starts, title }: Fixed, { shown }: Indexed): string[] {
  const events = [...shown].filter(([id]) => names(name, id)).flatMap(([, found]) => found);
  const line = (start: string, where: string, said: string) => `${start} ${where} ${said}`;
  const found = events.map((event) => line(event.start, event.room, event.title)).sort();
  const wanted = starts.map((start) => line(instant(start), room, title)).sort();
  return found.join() === wanted.join() ? [] : [`${name} is shown as "${found}", wanted "${wanted}"`];
}

export const isAllDay = ({ start }: Pick<Stay, "start">) => !start.includes("T");

/** Beginning and end as both systems are told them. */
export function endOf(start: string): string {
  return start.includes("T")
    ? Temporal.PlainDateTime.from(start).add({ hours: 1 }).toString({ smallestUnit: "minute" })
    : Temporal.PlainDate.from(start).add({ days: 1 }).toString();
}

/** The instant of a time on the town's wall. */
export function instant(local: string): string {
  const zoned = local.includes("T")
    ? Temporal.PlainDateTime.from(local).toZonedDateTime(ZONE)
    : Temporal.PlainDate.from(local).toZonedDateTime(ZONE);
  return new Date(zoned.epochMilliseconds).toISOString();
}

/** By the templates of the day's configuration (`beside-town.ts`). */
function wordsOf({ kind, title, notes, customer, email }: Stay): { title: string; text: string } {
  if (kind === "allocation") {
    return { title: `Allocation: ${customer}`, text: `Standing allocation of ${customer}\nContact: ${email}` };
  }
  const who = kind === "event" ? "Organiser" : "Group contact";
  const name = kind === "event" ? "Event" : "Booking";
  return { title: `${name}: ${customer}`, text: `${title}\n${notes}\n${who}: ${customer} ${email}` };
}

/** Both sides by what they are looked up by. */
export interface Indexed {
  readonly rows: ReadonlyMap<string, Row>;
  /** Live events of Lockstep's by the reservation they name. */
  readonly shown: ReadonlyMap<string, readonly RoomEvent[]>;
  /** Every event there is or was, by room and id. */
  readonly all: ReadonlyMap<string, RoomEvent>;
}

export function indexed({ rows, events }: BothSides): Indexed {
  const shown = new Map<string, RoomEvent[]>();
  for (const event of events) {
    const id = event.marks["BookingSystemId"];
    if (id === undefined || event.deleted) continue;
    shown.set(id, [...(shown.get(id) ?? []), event]);
  }
  return {
    rows: new Map(rows.map((row) => [row.id, row])),
    shown,
    all: new Map(events.map((event) => [`${event.room} ${event.id}`, event])),
  };
}

/** What is not as it should be about one reservation; empty where both sides say what they should. */
export function wrongAbout(stay: Stay, { rows, shown }: Indexed): string[] {
  const row = rows.get(stay.id);
  const what = `${stay.kind} ${stay.id}`;
  if (row === undefined) return [`${what} is gone from the booking system`];
  const events = shown.get(stay.id) ?? [];
  if (row.active !== stay.active) return [`${what} is ${row.active ? "live" : "cancelled"}, and should not be`];
  if (!stay.active) return events.map((event) => `${what} is cancelled, and event ${event.id} shows it`);
  const wrong = [...timesOf(row), ...row.resources].join(" ") === [...wantedTimes(stay), ...stay.rooms].join(" ");
  const onRooms = events
    .map(({ room }) => room)
    .sort()
    .join(" ");
  return [
    ...(wrong
      ? []
      : [`${what} is at ${timesOf(row)} in ${row.resources}, wanted ${wantedTimes(stay)} in ${stay.rooms}`]),
    ...(onRooms === [...stay.rooms].sort().join(" ") ? [] : [`${what} is shown in "${onRooms}", wanted ${stay.rooms}`]),
    ...events.flatMap((event) => wrongInEvent(stay, event)),
  ];
}

function timesOf({ start, end }: Row): string[] {
  return [start, end].map((time) => ("date" in time ? time.date : new Date(time.dateTime).toISOString()));
}

function wantedTimes({ start }: Stay): string[] {
  return [start, endOf(start)].map((local) => (local.includes("T") ? instant(local) : local));
}

function wrongInEvent(stay: Stay, event: RoomEvent): string[] {
  const words = { ...wordsOf(stay), ...stay.own[event.room] };
  const allDay = isAllDay(stay);
  // Whole days float: Graph answers them as midnight in whatever zone is asked for.
  const [start, end] = allDay
    ? [stay.start, endOf(stay.start)].map((date) => `${date}T00:00:00.000Z`)
    : wantedTimes(stay);
  const wanted: Readonly<Record<string, unknown>> = {
    ...{ start, end, isAllDay: allDay, ...words, attendees: 0, organiser: mailboxOf(event.room) },
    ...{ type: stay.kind },
  };
  const found: Readonly<Record<string, unknown>> = { ...event, type: event.marks["BookingSystemType"] };
  return Object.entries(wanted)
    .filter(([name, value]) => found[name] !== value)
    .map(
      ([name, value]) => `event of ${stay.kind} ${stay.id} in ${event.room} has ${name} ${found[name]}, not ${value}`,
    );
}
