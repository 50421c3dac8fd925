import { Temporal } from "temporal-polyfill";
import type { DemoCustomer } from "./demo-customer.ts";
import { putCalendar } from "./google/calendars.ts";
import { todayOf } from "./osm/reading.ts";
import { commentsOf, itemsOf } from "./osm/shelves.ts";
import { book } from "./osm/staff.ts";
import type { Call } from "./world.ts";

/** What can be booked, each with its calendar: two pitches and a building. */
const ITEMS = [
  { id: 301, name: "Beech pitch", calendar: "camp-beech@sandbox" },
  { id: 302, name: "Oak pitch", calendar: "camp-oak@sandbox" },
  { id: 303, name: "Lodge", calendar: "camp-lodge@sandbox" },
] as const;

/** Days from today to the first and the last day, group, status, items. */
const BOOKINGS: readonly (readonly [number, number, string, "provisional" | "confirmed", readonly number[]])[] = [
  [5, 7, "1st Anytown", "confirmed", [301]],
  [5, 7, "3rd Riverside", "provisional", [302]],
  [12, 14, "Hill District Explorers", "confirmed", [301, 302]],
  [13, 14, "2nd Oakham Guides", "confirmed", [303]],
  [19, 21, "1st Anytown", "provisional", [303]],
  [26, 28, "Lakeside Beavers", "confirmed", []],
];

/** A scout campsite: bookings at Online Scout Manager, a calendar for each pitch and the lodge. */
export const CAMP: DemoCustomer = {
  marks: { opened: "campsite", filled: "campsite-demo" },
  open({ world }) {
    for (const { id, name, calendar } of ITEMS) {
      itemsOf(world).put("items", String(id), { id, name });
      putCalendar(world, { id: calendar, summary: name });
    }
  },
  fill(call) {
    for (const booking of BOOKINGS) bookDemo(call, booking);
    const created_at = `${todayOf(call)} 09:00:00`;
    const comment = "Deposit received by cheque.";
    commentsOf(call.world).put("comments", "demo", { booking: 12_345, comment, author: "Warden", created_at });
  },
};

function bookDemo(call: Call, [first, last, group, status, items]: (typeof BOOKINGS)[number]): void {
  const day = (offset: number) => Temporal.PlainDate.from(todayOf(call)).add({ days: offset }).toString();
  const email = `${group.toLowerCase().replaceAll(/[^a-z0-9]+/g, ".")}@example.org`;
  const booked = items.map((item) => ({ item }));
  book(call, { group, start: day(first), end: day(last), status, email, items: booked });
}
