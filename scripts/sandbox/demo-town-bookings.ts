import { Temporal } from "temporal-polyfill";
import type { NewReservation } from "./booking/order.ts";
import type { Kind, ReservationRow, Time } from "./booking/rows.ts";
import { closuresOf, roomsOf } from "./booking/shelves.ts";
import { readTimes } from "./booking/times.ts";
import { book } from "./booking/writing.ts";
import type { DemoCustomer } from "./demo-customer.ts";
import type { Call } from "./world.ts";

/** Name and seats; the first is `room-1`. */
const ROOMS: readonly (readonly [string, number])[] = [
  ["Council Chamber", 60],
  ["Meeting Room Fjord", 12],
  ["Meeting Room Fjell", 12],
  ["Meeting Room Elv", 8],
  ["Interview Room", 4],
  ["Wedding Hall", 80],
  ["Big Stage", 300],
  ["Small Stage", 90],
  ["Gallery", 50],
  ["Workshop", 20],
  ["Rehearsal Room", 15],
  ["Café", 40],
];

/** Organisation, room, day from the coming Monday, start hour, hours. */
const ALLOCATIONS: readonly (readonly [string, number, number, number, number])[] = [
  ["Bergen Choir", 11, 0, 17, 4],
  ["Theatre Group", 7, 0, 16, 5],
  ["Ballet School", 8, 1, 15, 4],
  ["Theatre Group", 7, 1, 16, 5],
  ["Chess Club", 4, 2, 18, 4],
  ["Scouts", 3, 2, 17, 3],
  ["Ballet School", 8, 3, 15, 4],
  ["Senior Dance", 6, 3, 9, 3],
  ["Bergen Choir", 11, 3, 17, 4],
  ["Repair Café", 10, 5, 10, 6],
];

/** Which allocation, group, hours after its start, hours. */
const BOOKINGS: readonly (readonly [number, string, number, number])[] = [
  [0, "Altos", 0, 2],
  [0, "Full choir", 2, 2],
  [1, "Youth", 0, 2],
  [1, "Grown-ups", 2, 2],
  [2, "Beginners", 0, 2],
  [4, "Junior evening", 0, 2],
  [5, "Pack meeting", 0, 3],
  [8, "Full choir", 0, 3],
];

/** Title, rooms, day, start hour and hours; no hour: the whole day. */
const EVENTS: readonly (readonly [string, readonly number[], number, (readonly [number, number])?])[] = [
  ["Council meeting", [1], 1, [18, 4]],
  ["Wedding reception", [6, 12], 4, [14, 9]],
  ["Art exhibition", [9], 4],
  ["Author reading", [12], 2, [19, 2]],
  ["Flea market", [7, 8], 5],
];

/** The municipality at its booking system: twelve rooms, allocations to clubs, their bookings inside them, events, one room closed for a while. */
export const TOWN_BOOKINGS: DemoCustomer = {
  marks: { opened: "town-rooms", filled: "town-reservations" },
  open({ world }) {
    const timeZone = world.options().bookingTimeZone;
    for (const [index, [name, capacity]] of ROOMS.entries()) {
      const id = `room-${index + 1}`;
      roomsOf(world).put("rooms", id, { id, name, timeZone, capacity, active: true });
    }
  },
  fill(call) {
    const given = ALLOCATIONS.map(([name, room, day, hour, hours]) =>
      enter(call, "allocation", name, [room], timesOf(call, day, [hour, hours])),
    );
    for (const [index, group, after, hours] of BOOKINGS) {
      const [name, room, day, hour] = ALLOCATIONS[index] ?? ["", 0, 0, 0];
      const allocationId = given[index]?.id ?? "";
      enter(call, "booking", `${name}: ${group}`, [room], timesOf(call, day, [hour + after, hours]), { allocationId });
    }
    for (const [title, rooms, day, hours] of EVENTS) enter(call, "event", title, rooms, timesOf(call, day, hours));
    closeWorkshop(call);
  },
};

function enter(
  call: Call,
  kind: Kind,
  title: string,
  rooms: readonly number[],
  times: { start: Time; end: Time },
  more: { allocationId?: string } = {},
): ReservationRow {
  const [name = ""] = title.split(":");
  const email = `${name.toLowerCase().replaceAll(/[^a-z]+/g, ".")}@bergen.example`;
  const order: NewReservation = {
    ...{ kind, title, description: "", organiser: { name, email } },
    ...{ resources: rooms.map((room) => `room-${room}`), ...times, ...more },
  };
  return book(call, order);
}

function closeWorkshop(call: Call): void {
  const { start, end } = { start: timesOf(call, 7).start, end: timesOf(call, 9).start };
  const times = readTimes(start, end, call.world.options().bookingTimeZone);
  if (times === undefined) return;
  const id = `c-${call.world.next("closure")}`;
  closuresOf(call.world).put("closures", id, { id, resource: "room-10", ...times, reason: "New floor" });
}

function timesOf({ world }: Call, day: number, hours?: readonly [number, number]): { start: Time; end: Time } {
  const timeZone = world.options().bookingTimeZone;
  const today = Temporal.Instant.fromEpochMilliseconds(world.now()).toZonedDateTimeISO(timeZone).toPlainDate();
  const date = today.add({ days: 8 - today.dayOfWeek + day });
  if (hours === undefined) return { start: { date: String(date) }, end: { date: String(date.add({ days: 1 })) } };
  const start = date.toZonedDateTime({ timeZone, plainTime: { hour: hours[0] } });
  const at = (time: Temporal.ZonedDateTime): Time => ({ dateTime: time.toString({ timeZoneName: "never" }), timeZone });
  return { start: at(start), end: at(start.add({ hours: hours[1] })) };
}
