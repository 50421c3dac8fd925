import { Temporal } from "temporal-polyfill";
import type { DemoCustomer } from "./demo-customer.ts";
import { putCalendar } from "./google/calendars.ts";
import { storeEvent } from "./google/event-store.ts";
import { epochMs } from "./google/event-time.ts";
import { readEventBody } from "./google/read-body.ts";
import { calendarsOf } from "./google/shelves.ts";
import { book } from "./uschedule/booking.ts";
import { catalogueOf } from "./uschedule/shelves.ts";
import type { Call } from "./world.ts";

const BAY_CALENDARS = ["loft-bay-1@sandbox", "loft-bay-2@sandbox"] as const;
const STAFF_CALENDAR = "staff@sandbox";
/** ResourceUnitIDs of `Bay 1` and `Bay 2`. */
const UNITS = [101, 102] as const;

const CUSTOMERS = [
  "Priya Raman",
  "Tom Eccles",
  "Maya Lindqvist",
  "Sam Okafor",
  "Jonas Weber",
  "Ellie Hart",
  "Diego Cruz",
];

/** Day from today, start hour and minute, bay (0 or 1), service (1: 60 min, 2: 90 min), customer, notes. */
const BOOKINGS: readonly (readonly [number, number, number, 0 | 1, 1 | 2, number, string])[] = [
  [1, 9, 0, 0, 1, 0, "Putting lesson, left-handed clubs"],
  [1, 11, 0, 0, 2, 1, "18 holes, Pebble Beach"],
  [1, 9, 30, 1, 2, 2, ""],
  [1, 18, 0, 1, 1, 3, "Birthday, party of four"],
  [2, 8, 0, 0, 1, 4, "Driver fitting"],
  [2, 17, 30, 0, 2, 5, ""],
  [2, 12, 0, 1, 1, 6, "Lunch hour practice"],
  [3, 10, 0, 0, 2, 2, "Coach joins at half past"],
  [3, 19, 0, 1, 2, 0, "League night"],
  [4, 9, 0, 1, 1, 1, ""],
  [5, 15, 0, 0, 1, 3, "First visit"],
  [6, 10, 30, 1, 2, 4, "Two beginners"],
];

/** The golf studio: two bays at USchedule, a calendar for each, and one for the staff. */
export const LOFT: DemoCustomer = {
  marks: { opened: "studio", filled: "demo" },
  open(call) {
    openCalendars(call);
    openCatalogue(call);
  },
  fill(call) {
    for (const booking of BOOKINGS) bookDemo(call, booking);
    addStaffEvent(call, BAY_CALENDARS[0], "Simulator maintenance", 2, 13);
    addStaffEvent(call, BAY_CALENDARS[1], "Projector lamp change", 3, 13);
    addStaffEvent(call, STAFF_CALENDAR, "Team meeting", 1, 8);
  },
};

function openCalendars({ world }: Call): void {
  putCalendar(world, { id: BAY_CALENDARS[0], summary: "Loft Bay 1 Schedule" });
  putCalendar(world, { id: BAY_CALENDARS[1], summary: "Loft Bay 2 Schedule" });
  putCalendar(world, { id: STAFF_CALENDAR, summary: "Staff" });
}

function openCatalogue({ world }: Call): void {
  const put = (group: string, Id: number, Name: string, more: Record<string, string | number> = {}) =>
    catalogueOf(world).put(group, String(Id), { Id, Name, ...more });
  put("locations", 1, "Loft Golf Studios");
  put("services", 1, "Simulator, 60 minutes", { Duration: 60 });
  put("services", 2, "Simulator, 90 minutes", { Duration: 90 });
  put("employees", 1, "Front Desk");
  UNITS.forEach((unit, index) => {
    const bay = `Bay ${index + 1}`;
    put("resources", index + 1, bay, { LocationID: 1 });
    put("resourceunits", unit, bay, { ResourceID: index + 1, ResourceName: bay, LocationID: 1 });
  });
  for (const [index, name] of CUSTOMERS.entries()) put("customers", index + 501, name);
}

function bookDemo(call: Call, [day, hour, minute, bay, ServiceID, customer, Notes]: (typeof BOOKINGS)[number]): void {
  const StartTime = localTime(call, day, hour, minute).toString({ smallestUnit: "second" });
  const CustomerName = CUSTOMERS[customer];
  book(call, { ServiceID, ResourceUnitID: UNITS[bay], StartTime, CustomerName, Notes }, "Front Desk", 1);
}

function addStaffEvent(call: Call, calendarId: string, summary: string, day: number, hour: number): void {
  const calendar = calendarsOf(call.world).get("calendars", calendarId);
  if (calendar === undefined) return;
  const { timeZone } = calendar;
  const start = localTime(call, day, hour, 0);
  const times = {
    start: { dateTime: String(start), timeZone },
    end: { dateTime: String(start.add({ hours: 1 })), timeZone },
  };
  const { body, status } = readEventBody({ summary, ...times }, timeZone);
  const id = call.world.newId();
  const span = { startMs: epochMs(body.start, timeZone), endMs: epochMs(body.end, timeZone) };
  storeEvent(call, calendar, { id, iCalUID: `${id}@google.com`, body, status, ...span });
}

function localTime({ world }: Call, day: number, hour: number, minute: number): Temporal.PlainDateTime {
  const today = Temporal.Instant.fromEpochMilliseconds(world.now())
    .toZonedDateTimeISO(world.options().timeZone)
    .toPlainDate();
  return today.add({ days: day }).toPlainDateTime({ hour, minute });
}
