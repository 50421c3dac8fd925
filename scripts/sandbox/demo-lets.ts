import type { DemoCustomer } from "./demo-customer.ts";
import { putCalendar } from "./google/calendars.ts";
import { dayFromNow } from "./ical/days.ts";
import { blank } from "./ical/entries.ts";
import type { FeedRow, Host } from "./ical/rows.ts";
import { entriesOf, putFeed } from "./ical/shelves.ts";
import type { Call } from "./world.ts";

const ZONE = "Europe/London";
const HOMES = [
  ["cottage", "Seaside Cottage"],
  ["mill", "Old Mill"],
] as const;
const HOSTS = ["airbnb", "vrbo", "booking"] as const;

/** Feed, first day from today, nights, guest, code. */
const STAYS: readonly (readonly [string, number, number, string, string])[] = [
  ["cottage-airbnb", -2, 4, "Nora Lind", "HMQ4R7T2WX"],
  ["cottage-vrbo", 2, 3, "Bo Berg", ""],
  ["cottage-airbnb", 9, 2, "Samira Khan", "HMB8K2N5ZD"],
  ["cottage-booking", 15, 5, "Paolo Conti", "4012345678"],
  ["mill-vrbo", 1, 7, "Hannah Weiss", ""],
  ["mill-airbnb", 8, 3, "Jean Petit", "HMX3C9V1BN"],
  ["mill-booking", 20, 2, "Ines Costa", "4098765432"],
];

/** A co-host's two homes, each at three hosts that block each other's stays, and a calendar for each. */
export const LETS: DemoCustomer = {
  marks: { opened: "lets", filled: "lets-demo" },
  open({ world }) {
    for (const [home, summary] of HOMES) {
      putCalendar(world, { id: `lets-${home}@sandbox`, summary, timeZone: ZONE });
      for (const host of HOSTS) putFeed(world, feedOf(home, host));
    }
  },
  fill({ world }) {
    for (const [place, [feed, day, nights, guest, code]] of STAYS.entries()) {
      const id = `e-demo-${place + 1}`;
      const dates = { start: dayFromNow(world, day), end: dayFromNow(world, day + nights) };
      const changedAt = new Date(world.now()).toISOString();
      const stay = {
        ...blank(id, { name: feed }),
        kind: "stay" as const,
        ...dates,
        guest,
        code,
        phone: "0147",
        changedAt,
      };
      entriesOf(world).put(feed, id, stay);
    }
    block({ world }, "mill-vrbo", 30, 6);
  },
};

function block({ world }: Pick<Call, "world">, feed: string, day: number, nights: number): void {
  const id = "e-demo-block";
  const dates = { start: dayFromNow(world, day), end: dayFromNow(world, day + nights) };
  entriesOf(world).put(feed, id, { ...blank(id, { name: feed }), ...dates });
}

/** Each host knows the others' calendars; Airbnb opens its own for nine months, Booking.com renames what is under way. */
function feedOf(home: string, host: Exclude<Host, "manager">): FeedRow {
  const others = HOSTS.filter((other) => other !== host).map((other) => `${home}-${other}`);
  return {
    ...{ name: `${home}-${host}`, host, uids: host === "booking" ? "daily" : "stable", cancelled: "vanishes" },
    ...{ daysBack: 0, windowDays: host === "airbnb" ? 270 : null, noticeDays: 0, imports: others },
  };
}
