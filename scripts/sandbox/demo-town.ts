import { Temporal } from "temporal-polyfill";
import type { DemoCustomer } from "./demo-customer.ts";
import { storeEvent } from "./graph/event-store.ts";
import { mailboxNamed, putMailbox, putRoomList } from "./graph/mailboxes.ts";
import { readEvent } from "./graph/read-event.ts";
import { roomSubject } from "./graph/room-mailbox.ts";
import type { Call } from "./world.ts";

const ZONE = "Europe/Oslo";
const LISTS = [
  ["town-hall@sandbox", "Town Hall"],
  ["culture-house@sandbox", "Culture House"],
] as const;

/** Name, seats, and which house; the first is `room-1@sandbox`. */
const ROOMS: readonly (readonly [string, number, 0 | 1])[] = [
  ["Council Chamber", 60, 0],
  ["Meeting Room Fjord", 12, 0],
  ["Meeting Room Fjell", 12, 0],
  ["Meeting Room Elv", 8, 0],
  ["Interview Room", 4, 0],
  ["Wedding Hall", 80, 0],
  ["Big Stage", 300, 1],
  ["Small Stage", 90, 1],
  ["Gallery", 50, 1],
  ["Workshop", 20, 1],
  ["Rehearsal Room", 15, 1],
  ["Café", 40, 1],
];

/** Day from today, hour, minutes long, room (from 1), who booked it in Outlook, and what for. */
const MEETINGS: readonly (readonly [number, number, number, number, string, string])[] = [
  [1, 9, 60, 2, "Anna Berg", "Budget, second reading"],
  [1, 13, 90, 5, "Ola Nordmann", "Interview, planner"],
  [2, 10, 120, 1, "Kari Moen", "Executive committee"],
  [3, 14, 60, 9, "Jonas Lie", "Exhibition, walk-through"],
];

/** The municipality: twelve rooms in two houses, in which staff book by Outlook. */
export const TOWN: DemoCustomer = {
  marks: { opened: "town", filled: "town-demo" },
  open({ world }) {
    for (const [email, name] of LISTS) putRoomList(world, email, name);
    for (const [index, [displayName, capacity, house]] of ROOMS.entries()) {
      const [list, building] = LISTS[house];
      const email = `room-${index + 1}@sandbox`;
      putMailbox(world, { email, displayName, timeZone: ZONE, room: { capacity, building, list } });
    }
  },
  fill(call) {
    for (const meeting of MEETINGS) bookMeeting(call, meeting);
  },
};

function bookMeeting(call: Call, [day, hour, minutes, room, name, subject]: (typeof MEETINGS)[number]): void {
  const { world } = call;
  const mailbox = mailboxNamed(world, `room-${room}@sandbox`);
  if (mailbox === undefined) return;
  const today = Temporal.Instant.fromEpochMilliseconds(world.now()).toZonedDateTimeISO(ZONE).toPlainDate();
  const start = today.add({ days: day }).toPlainDateTime({ hour });
  const at = (time: Temporal.PlainDateTime) => ({
    dateTime: time.toString({ smallestUnit: "second" }),
    timeZone: ZONE,
  });
  const read = readEvent({ subject, start: at(start), end: at(start.add({ minutes })) });
  const organizer = { name, address: `${name.toLowerCase().replace(" ", ".")}@sandbox` };
  const body = roomSubject(call, mailbox, read.body, organizer, "person");
  const named = { key: world.newId(), meeting: world.newId(), organizer, response: "accepted" as const };
  const state = { ...read, ...named, body, filing: 0, deleted: false, cancelled: false };
  storeEvent(call, mailbox, state, "created");
}
