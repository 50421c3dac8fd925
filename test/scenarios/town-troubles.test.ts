import { describe, test } from "vitest";
import type { Json } from "../flows/studio.ts";
import { pass, work } from "./clockwork.ts";
import { deleteEvent, drag } from "./room-calendars.ts";
import { expectCalm } from "./sides.ts";
import { atDesk, CALENDARS, type CalendarName, dragToThree, expectBoth, openTown, ROOM_1, type Town } from "./town.ts";

// What goes wrong on the way, on either calendar: whatever it was, both sides agree afterwards and nothing is left to do.
const AT_TEN = "2027-01-12T10:00:00 2027-01-12T11:00:00";
const AT_THREE = "2027-01-13T15:00:00 2027-01-13T16:00:00";
const NOON = { start: "2027-01-12T12:00:00Z", end: "2027-01-12T13:00:00Z" };
const AT_NOON = "2027-01-12T12:00:00 2027-01-12T13:00:00";

interface Trouble {
  readonly name: string;
  readonly act: (town: Town, calendar: CalendarName) => Promise<unknown>;
  /** What both sides say at the end of it, without id and title; undefined: nothing. */
  readonly ends: string | undefined;
}

const API = { "google-calendar": "google", outlook: "graph" } as const;

function lever({ studio }: Town, calendar: CalendarName, levers: Readonly<Record<CalendarName, [string, Json]>>) {
  const [action, body] = levers[calendar];
  return studio.call("POST", `/sandbox/${API[calendar]}/${action}`, body);
}

const SILENT = {
  "google-calendar": ["channels", { make: "silent" }],
  outlook: ["subscriptions", { make: "silent" }],
} satisfies Parameters<typeof lever>[2];
const ENDED = {
  "google-calendar": ["channels", { make: "expired" }],
  outlook: ["subscriptions", { make: "removed" }],
} satisfies Parameters<typeof lever>[2];
const EXPIRED = {
  "google-calendar": ["expire-sync-tokens", {}],
  outlook: ["expire-delta", {}],
} satisfies Parameters<typeof lever>[2];

const fail = ({ studio }: Town, ...rules: Json[]) => studio.call("POST", "/sandbox/faults", { rules });

const TROUBLES: readonly Trouble[] = [
  {
    name: "S28: a drag of which a silent watch tells nobody",
    async act(town, calendar) {
      await lever(town, calendar, SILENT);
      await dragToThree(town);
    },
    ends: AT_THREE,
  },
  {
    name: "S28: a drag after the watch has ended",
    async act(town, calendar) {
      await lever(town, calendar, ENDED);
      await dragToThree(town);
    },
    ends: AT_THREE,
  },
  {
    name: "S29: a drag behind a cursor that is too old",
    async act(town, calendar) {
      await lever(town, calendar, EXPIRED);
      await dragToThree(town);
    },
    ends: AT_THREE,
  },
  {
    name: "S29: a deletion behind a cursor that is too old, of which nobody was told",
    async act(town, calendar) {
      await lever(town, calendar, SILENT);
      await lever(town, calendar, EXPIRED);
      await deleteEvent(town.studio, ROOM_1, town.eventId);
    },
    ends: undefined,
  },
  {
    name: "S31: a move at the desk whose webhook is lost",
    act: ({ studio, id }) => atDesk(studio, "move", { id, ...NOON }, "notify-lost"),
    ends: AT_NOON,
  },
  {
    name: "S31: two moves at the desk whose webhooks come twice and in the wrong order",
    async act({ studio, id }) {
      const three = { start: "2027-01-13T15:00:00Z", end: "2027-01-13T16:00:00Z" };
      await atDesk(studio, "move", { id, ...three }, "notify-delay=4000");
      await atDesk(studio, "move", { id, ...NOON }, "notify-double");
    },
    ends: AT_NOON,
  },
  {
    name: "S32: a second drag while the first is looked at",
    async act(town, calendar) {
      const list = calendar === "outlook" ? "calendarView.delta" : "events.list";
      town.wire.after(list, () => drag(town.studio, town.eventId, "2027-01-12T12:00:00", "2027-01-12T13:00:00"));
      await dragToThree(town);
    },
    ends: AT_NOON,
  },
  {
    name: "S44: a drag while both systems answer that there are too many calls",
    async act(town, calendar) {
      await dragToThree(town);
      const often = { kinds: ["rate-limit"], times: 8 };
      await fail(town, { api: API[calendar], ...often }, { api: "booking", ...often });
    },
    ends: AT_THREE,
  },
  {
    name: "S05: an event that a person deletes",
    act: ({ studio, eventId }) => deleteEvent(studio, ROOM_1, eventId),
    ends: undefined,
  },
  {
    name: "S08: an event that a person deletes while the clerk cancels its reservation",
    async act({ studio, eventId, id }) {
      await deleteEvent(studio, ROOM_1, eventId);
      await atDesk(studio, "cancel", { id });
    },
    ends: undefined,
  },
  {
    name: "S02: a booking system whose list is empty for an hour",
    act: (town) => fail(town, { api: "booking", path: "/reservations", kinds: ["empty"], times: 40 }),
    ends: AT_TEN,
  },
  {
    name: "S03: a calendar whose lists end half-way, after its cursor was lost",
    async act(town, calendar) {
      await lever(town, calendar, EXPIRED);
      await fail(town, { api: API[calendar], method: "GET", kinds: ["truncate"], times: 3 });
    },
    ends: AT_TEN,
  },
];

describe.each(CALENDARS)("on %s", (calendar) => {
  test.each(TROUBLES)("$name", async ({ act, ends }) => {
    const town = await openTown({ calendar });
    const { studio, wire, id } = town;

    await act(town, calendar);
    await work(studio, wire);
    await pass(studio, 90, wire);

    await studio.call("DELETE", "/sandbox/faults");
    await expectBoth(studio, ends === undefined ? [] : [`${id} room-1 ${ends} Choir`]);
    await expectCalm(studio, wire, 30);
  });
});
