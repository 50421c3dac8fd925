import { describe, expect, test, vi } from "vitest";
import { explain } from "../../shared/flows/explain.ts";
import { compareAll, pass, work } from "./clockwork.ts";
import { atEveryStep } from "./every-step.ts";
import { openRooms, type Rooms, reservations } from "./meetings.ts";
import { expectStill } from "./scene.ts";
import { atDesk } from "./town.ts";

vi.setConfig({ testTimeout: 60_000 });

const ROOM = "room-1@sandbox";
/** Three Tuesdays from the 12th of January on. */
const THREE_TUESDAYS = {
  recurrence: {
    pattern: { type: "weekly", interval: 1, daysOfWeek: ["tuesday"], firstDayOfWeek: "monday" },
    range: { type: "numbered", startDate: "2027-01-12", numberOfOccurrences: 3 },
  },
};
const TUESDAYS = ["2027-01-12T10", "2027-01-19T10", "2027-01-26T10"];

async function openSeries(policy: Record<string, unknown> = {}) {
  const rooms = await openRooms("outlook", { policy });
  const master = await rooms.invite({ more: THREE_TUESDAYS });
  return { ...rooms, master };
}

async function openImportedSeries(policy: Record<string, unknown> = {}) {
  const rooms = await openSeries(policy);
  await work(rooms.studio, rooms.wire);
  rooms.wire.calls();
  return rooms;
}

async function reserved({ studio }: Rooms): Promise<string[]> {
  return (await reservations(studio)).map(({ startMs }) => new Date(startMs).toISOString().slice(0, 13)).sort();
}

interface Day {
  readonly start: { readonly dateTime: string };
  readonly type: string;
}

/** What the room's calendar shows. */
async function shown({ studio }: Rooms): Promise<string[]> {
  const span = "startDateTime=2027-01-01T00:00:00Z&endDateTime=2027-04-11T00:00:00Z&$top=100";
  // Proof: a list of Graph's, of which only these fields are used.
  const { value } = (await studio.call("GET", `/graph/v1.0/users/${ROOM}/calendarView?${span}`)) as unknown as {
    value: Day[];
  };
  return value.map(({ start, type }) => `${start.dateTime.slice(0, 13)} ${type}`).sort();
}

/** The same without the kinds. */
async function daysShown(rooms: Rooms): Promise<string[]> {
  return (await shown(rooms)).map((day) => day.slice(0, 13));
}

function person({ studio }: Rooms, action: string, body: Record<string, unknown>) {
  return studio.call("POST", `/sandbox/graph/${action}`, { room: ROOM, ...body });
}

describe("a series of meetings at Outlook", () => {
  test("import-meeting: each day of it within the window becomes a reservation of its own, and the series stays one", async () => {
    const rooms = await openImportedSeries();

    expect(await reserved(rooms)).toEqual(TUESDAYS);
    expect(await shown(rooms)).toEqual(TUESDAYS.map((day) => `${day} occurrence`));
    expect(rooms.wire.writes()).toEqual([]);
    const [row] = await reservations(rooms.studio);
    const { maps } = await explain(rooms.studio.world, "loft", row?.id ?? "");
    expect(maps[0]?.journal[0]).toMatchObject({
      rule: "import-meeting",
      note: "one day of a series, booked by itself",
    });
  });

  test("law 7: imported, further cycles write nothing, and it is imported once", async () => {
    const rooms = await openImportedSeries();

    await expectStill(rooms.studio);
    await pass(rooms.studio, 60, rooms.wire);
    await rooms.studio.call("POST", "/sandbox/graph/expire-delta", {});
    await pass(rooms.studio, 10, rooms.wire);

    expect(await reserved(rooms)).toEqual(TUESDAYS);
    expect(rooms.wire.writes()).toEqual([]);
    expect(await rooms.studio.reviews()).toEqual([]);
  });

  test("S42: one day moved by people moves its reservation alone", async () => {
    const rooms = await openImportedSeries();

    await person(rooms, "drag", {
      id: rooms.master,
      date: "2027-01-19",
      start: "2027-01-19T15:00:00",
      end: "2027-01-19T16:00:00",
      timeZone: "UTC",
    });
    await work(rooms.studio, rooms.wire);
    await pass(rooms.studio, 5, rooms.wire);

    expect(await reserved(rooms)).toEqual(["2027-01-12T10", "2027-01-19T15", "2027-01-26T10"]);
    expect(await shown(rooms)).toContain("2027-01-19T15 exception");
  });

  test("S42: one reservation moved at the desk moves its day alone", async () => {
    const rooms = await openImportedSeries();
    const second = (await reservations(rooms.studio)).find(({ startMs }) => new Date(startMs).getUTCDate() === 19);

    await atDesk(rooms.studio, "move", { id: second?.id, start: "2027-01-19T13:00:00Z", end: "2027-01-19T14:00:00Z" });
    await work(rooms.studio, rooms.wire);
    await pass(rooms.studio, 5, rooms.wire);

    expect(await shown(rooms)).toEqual([
      "2027-01-12T10 occurrence",
      "2027-01-19T13 exception",
      "2027-01-26T10 occurrence",
    ]);
    expect(await reserved(rooms)).toEqual(["2027-01-12T10", "2027-01-19T13", "2027-01-26T10"]);
  });

  test("S34: one day deleted by people cancels its reservation alone", async () => {
    const rooms = await openImportedSeries();

    await person(rooms, "delete", { id: rooms.master, date: "2027-01-19" });
    await work(rooms.studio, rooms.wire);
    await pass(rooms.studio, 10, rooms.wire);
    await compareAll(rooms.studio, rooms.wire);

    expect(await reserved(rooms)).toEqual(["2027-01-12T10", "2027-01-26T10"]);
    expect(await shown(rooms)).toEqual(["2027-01-12T10 occurrence", "2027-01-26T10 occurrence"]);
  });

  test("one reservation cancelled at the desk takes its day out of the series, and it does not come back", async () => {
    const rooms = await openImportedSeries();
    const second = (await reservations(rooms.studio)).find(({ startMs }) => new Date(startMs).getUTCDate() === 19);

    await atDesk(rooms.studio, "cancel", { id: second?.id });
    await work(rooms.studio, rooms.wire);
    await pass(rooms.studio, 20, rooms.wire);

    expect(await reserved(rooms)).toEqual(["2027-01-12T10", "2027-01-26T10"]);
    expect(await shown(rooms)).toEqual(["2027-01-12T10 occurrence", "2027-01-26T10 occurrence"]);
  });

  test("S42: the whole series moved by people moves every reservation", async () => {
    const rooms = await openImportedSeries();

    await person(rooms, "drag", {
      id: rooms.master,
      start: "2027-01-12T14:00:00",
      end: "2027-01-12T15:00:00",
      timeZone: "UTC",
    });
    await work(rooms.studio, rooms.wire);
    await pass(rooms.studio, 10, rooms.wire);

    expect(await reserved(rooms)).toEqual(["2027-01-12T14", "2027-01-19T14", "2027-01-26T14"]);
    expect(rooms.studio.logs.filter(({ message }) => message === "item given up")).toEqual([]);
  });

  test("the whole series deleted by people cancels every reservation", async () => {
    const rooms = await openImportedSeries();

    await person(rooms, "delete", { id: rooms.master });
    await work(rooms.studio, rooms.wire);
    await pass(rooms.studio, 10, rooms.wire);

    expect(await reserved(rooms)).toEqual([]);
    expect(await shown(rooms)).toEqual([]);
  });

  test("one day whose time is taken is told to a person, the others are reserved", async () => {
    const rooms = await openRooms("outlook", { policy: { importKind: "booking" } });
    const taken = { start: "2027-01-19T10:00:00Z", end: "2027-01-19T11:00:00Z", title: "Choir" };
    await atDesk(rooms.studio, "book", { resources: ["room-1"], kind: "booking", ...taken }, "notify-lost");

    await rooms.invite({ more: THREE_TUESDAYS });
    await work(rooms.studio, rooms.wire);

    expect(await reserved(rooms)).toEqual(TUESDAYS);
    expect(await rooms.studio.reviews()).toMatchObject([{ kind: "import-refused", status: "open" }]);
  });

  test("S34: one day deleted of which nobody is told is missed in the listing, and its reservation cancelled", async () => {
    const rooms = await openImportedSeries();
    await rooms.studio.call("POST", "/sandbox/graph/subscriptions", { make: "silent" });

    await person(rooms, "delete", { id: rooms.master, date: "2027-01-19" });
    await pass(rooms.studio, 90);

    expect(await reserved(rooms)).toEqual(["2027-01-12T10", "2027-01-26T10"]);
    expect(await shown(rooms)).toEqual(["2027-01-12T10 occurrence", "2027-01-26T10 occurrence"]);
    await expectStill(rooms.studio);
  });

  test("S42: one day moved and one deleted, then the series moved: no day stays at its old time, and one that comes back is asked about", async () => {
    const rooms = await openImportedSeries();
    const at = (start: string, end: string) => ({ start, end, timeZone: "UTC" });
    const { master: id } = rooms;

    await person(rooms, "drag", { id, date: "2027-01-19", ...at("2027-01-19T15:00:00", "2027-01-19T16:00:00") });
    await person(rooms, "delete", { id, date: "2027-01-26" });
    await pass(rooms.studio, 10, rooms.wire);
    await compareAll(rooms.studio, rooms.wire);
    expect(await reserved(rooms)).toEqual(["2027-01-12T10", "2027-01-19T15"]);
    await person(rooms, "drag", { id, ...at("2027-01-12T08:00:00", "2027-01-12T09:00:00") });
    await pass(rooms.studio, 20, rooms.wire);

    // Exchange forgets what was different about a day when the series moves; what was cancelled stays so (law 4).
    expect(await daysShown(rooms)).toEqual(["2027-01-12T08", "2027-01-19T08", "2027-01-26T08"]);
    expect(await reserved(rooms)).toEqual(["2027-01-12T08", "2027-01-19T08"]);
    expect(await rooms.studio.reviews()).toMatchObject([{ kind: "import-refused", status: "open" }]);
    await expectStill(rooms.studio);
  });

  test("S43: this and following are deleted: the days before stay reserved", async () => {
    const rooms = await openImportedSeries();

    await person(rooms, "end-series", { id: rooms.master, date: "2027-01-19" });
    await pass(rooms.studio, 20, rooms.wire);
    await compareAll(rooms.studio, rooms.wire);

    expect(await reserved(rooms)).toEqual(["2027-01-12T10"]);
    expect(await daysShown(rooms)).toEqual(["2027-01-12T10"]);
    await expectStill(rooms.studio);
  });

  test("S43: this and following go on as a series at another time: each day is reserved once, when it is", async () => {
    const rooms = await openImportedSeries();

    await person(rooms, "end-series", { id: rooms.master, date: "2027-01-19" });
    const range = { type: "numbered", startDate: "2027-01-19", numberOfOccurrences: 2 };
    const recurrence = { ...THREE_TUESDAYS.recurrence, range };
    await rooms.invite({ more: { recurrence, start: "2027-01-19T14:00:00", end: "2027-01-19T15:00:00" } });
    await pass(rooms.studio, 20, rooms.wire);
    await compareAll(rooms.studio, rooms.wire);

    expect(await reserved(rooms)).toEqual(["2027-01-12T10", "2027-01-19T14", "2027-01-26T14"]);
    expect(await daysShown(rooms)).toEqual(await reserved(rooms));
    await expectStill(rooms.studio);
  });

  test.each([
    {
      what: "on the 31st of each month",
      pattern: { type: "absoluteMonthly", interval: 1, dayOfMonth: 31 },
      first: "2027-01-31",
    },
    {
      what: "on the last Friday of each month",
      pattern: { type: "relativeMonthly", interval: 1, index: "last", daysOfWeek: ["friday"] },
      first: "2027-01-29",
    },
  ])("S43: $what, each day that the calendar shows is reserved, and no other", async ({ pattern, first }) => {
    const rooms = await openRooms("outlook");

    const range = { type: "numbered", startDate: first, numberOfOccurrences: 3 };
    const times = { start: `${first}T10:00:00`, end: `${first}T11:00:00` };
    await rooms.invite({ more: { ...times, recurrence: { pattern, range } } });
    await pass(rooms.studio, 10, rooms.wire);

    const days = await daysShown(rooms);
    expect(days).toHaveLength(3);
    expect(days[0]).toBe(`${first}T10`);
    expect(await reserved(rooms)).toEqual(days);
    await expectStill(rooms.studio);
  });

  test("S37, S43: a series that starts and ends in zones that change their clocks on other days has its days' own lengths", async () => {
    const rooms = await openRooms("outlook");
    const range = { type: "numbered", startDate: "2027-03-09", numberOfOccurrences: 4 };
    await rooms.studio.call("POST", `/graph/v1.0/users/${ROOM}/events`, {
      subject: "Call with New York",
      start: { dateTime: "2027-03-09T10:00:00", timeZone: "Eastern Standard Time" },
      end: { dateTime: "2027-03-09T17:00:00", timeZone: "W. Europe Standard Time" },
      recurrence: { ...THREE_TUESDAYS.recurrence, range },
    });
    await pass(rooms.studio, 10, rooms.wire);

    expect(await reserved(rooms)).toEqual(await daysShown(rooms));
    expect(await reserved(rooms)).toEqual(["2027-03-09T15", "2027-03-16T14", "2027-03-23T14", "2027-03-30T14"]);
    await expectStill(rooms.studio);
  });

  test("S13: dying at any step makes no reservation twice and loses no day", async () => {
    await atEveryStep({
      open: () => openRooms("outlook"),
      begin: (rooms) => rooms.invite({ more: THREE_TUESDAYS }),
      meanwhile: ({ wire }) => wire.die(),
      async end(rooms) {
        expect(await reserved(rooms)).toEqual(TUESDAYS);
        expect(await shown(rooms)).toEqual(TUESDAYS.map((day) => `${day} occurrence`));
      },
    });
  });
});

test("law 1: a series at Google, whose days no listing shows, is left alone, a day that differs too", async () => {
  const rooms = await openRooms("google-calendar");
  const zone = { timeZone: "Europe/Oslo" };
  const start = { dateTime: "2027-01-12T10:00:00Z", ...zone };
  const end = { dateTime: "2027-01-12T11:00:00Z", ...zone };

  const id = await rooms.invite({ more: { start, end, recurrence: ["RRULE:FREQ=WEEKLY;COUNT=3"] } });
  await work(rooms.studio, rooms.wire);
  await rooms.drag(`${id}_20270119T100000Z`, "15");
  await work(rooms.studio, rooms.wire);
  await pass(rooms.studio, 10, rooms.wire);

  expect(await reservations(rooms.studio)).toEqual([]);
  expect(rooms.wire.writes()).toEqual([]);
});
