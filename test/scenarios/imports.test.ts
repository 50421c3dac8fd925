import { describe, expect, test } from "vitest";
import { explain } from "../../shared/flows/explain.ts";
import { sentenceOf } from "../../shared/sync/rules.ts";
import { openRunningStudio } from "../flows/studio.ts";
import { compareAll, deliver, pass, takeAll, work } from "./clockwork.ts";
import { expectRooms, openImported, openRooms, reservations } from "./meetings.ts";
import { expectStill, openAlerts } from "./scene.ts";
import { atDesk, CALENDARS } from "./town.ts";

/** A room at Outlook shows who called the meeting for its subject (S48). */
const SHOWN = { "google-calendar": "Budget", outlook: "Anna Berg" } as const;

describe.each(CALENDARS)("a meeting on a room's calendar at %s", (calendar) => {
  const title = SHOWN[calendar];

  test("import-meeting: becomes a reservation with its time and words, and is marked as that reservation's event", async () => {
    const rooms = await openRooms(calendar);

    await rooms.invite();
    await work(rooms.studio, rooms.wire);

    const [row] = await reservations(rooms.studio);
    await expectRooms(rooms, [`10:00 ${title} = ${row?.id}`], [`${row?.id} 10:00 ${title}`]);
    expect(row).toMatchObject({ kind: "event", description: "Bring the plan", resources: ["room-1"] });
    const [map] = await rooms.studio.maps();
    expect(map).toMatchObject({ bookingId: row?.id, status: "active", dirty: false, event: { marked: true } });
    expect(map).not.toHaveProperty("marker");
    expect(map?.journal.map(({ rule }) => rule)).toEqual(["import-meeting", "in-step"]);
  });

  test("is ordered and marked by one call each, and its own webhook makes no second event", async () => {
    const rooms = await openRooms(calendar);

    await rooms.invite();
    await work(rooms.studio, rooms.wire);

    expect(rooms.wire.writes()).toEqual(["createReservation", "events.patch"]);
  });

  test("is imported once, however often it is seen: a day later nothing is written and both sides are as they were", async () => {
    const rooms = await openImported(calendar);

    await pass(rooms.studio, 60, rooms.wire);
    await rooms.studio.call(
      "POST",
      `/sandbox/${calendar === "outlook" ? "graph/expire-delta" : "google/expire-sync-tokens"}`,
      {},
    );
    await pass(rooms.studio, 20, rooms.wire);

    await expectRooms(rooms, [`10:00 ${title} = ${rooms.id}`], [`${rooms.id} 10:00 ${title}`]);
    expect(rooms.wire.writes()).toEqual([]);
    expect(await rooms.studio.reviews()).toEqual([]);
  });

  test("S55: asked about, its reservation tells how it came to be", async () => {
    const { studio, id, eventId } = await openImported(calendar);

    const { imported, maps } = await explain(studio.world, "loft", id);

    expect(imported).toMatchObject({ status: "done", eventId, bookingKey: `booking:${id}` });
    expect(maps[0]?.journal[0]).toMatchObject({
      rule: "import-meeting",
      effects: [{ effect: "create-booking", answer: "created" }],
    });
    expect(maps[0]?.why).toBe(sentenceOf("in-step"));
  });

  test("law 7: once imported, further cycles write nothing", async () => {
    const { studio } = await openImported(calendar);

    await expectStill(studio);
  });

  test("its marker is read back from the calendar", async () => {
    const rooms = await openImported(calendar);
    const [map] = await rooms.studio.maps();

    const [room] = rooms.calendars;
    const event = await rooms.studio.world.calendar("loft", room).get(room, map?.eventId ?? "");

    expect(event?.properties).toMatchObject({ bookingSystemId: rooms.id, lockstepManaged: "true", room: "1" });
  });

  test("law 1: without the policy it is left alone, unread and unmarked", async () => {
    const rooms = await openRooms(calendar, { policy: { imports: "never" } });

    await rooms.invite();
    await work(rooms.studio, rooms.wire);
    const calls = rooms.wire.calls().map(({ operation }) => operation);
    await pass(rooms.studio, 20, rooms.wire);

    await expectRooms(rooms, [`10:00 ${title} = undefined`], []);
    expect(calls).not.toContain("createReservation");
    expect(await rooms.studio.store.count({ collection: "imports" })).toBe(0);
  });

  test("moved by people, moves its reservation", async () => {
    const rooms = await openImported(calendar);

    await rooms.drag(rooms.eventId, "14");
    await work(rooms.studio, rooms.wire);

    await expectRooms(rooms, [`14:00 ${title} = ${rooms.id}`], [`${rooms.id} 14:00 ${title}`]);
  });

  test("moved at the town hall's desk, the meeting follows and keeps its words", async () => {
    const rooms = await openImported(calendar);

    await rooms.retitle(rooms.eventId, "Budget, second reading");
    await atDesk(rooms.studio, "move", { id: rooms.id, start: "2027-01-12T15:00:00Z", end: "2027-01-12T16:00:00Z" });
    await work(rooms.studio, rooms.wire);

    // A room at Outlook goes on showing who called it.
    const words = calendar === "outlook" ? title : "Budget, second reading";
    await expectRooms(rooms, [`15:00 ${words} = ${rooms.id}`], [`${rooms.id} 15:00 ${title}`]);
  });

  test.each([
    ["cancel", []],
    ["restore", [1]],
  ] as const)("S05: deleted by people, the policy %s acts once", async (calendarDeletion, left) => {
    const rooms = await openImported(calendar, { policy: { calendarDeletion } });

    await rooms.remove(rooms.eventId);
    await work(rooms.studio, rooms.wire);
    await pass(rooms.studio, 20, rooms.wire);

    expect(await reservations(rooms.studio)).toHaveLength(left.length);
    expect((await rooms.meetings()).map(({ names }) => names)).toEqual(left.map(() => rooms.id));
  });

  test("its reservation cancelled at the desk, the meeting goes and does not come back", async () => {
    const rooms = await openImported(calendar);

    await atDesk(rooms.studio, "cancel", { id: rooms.id });
    await work(rooms.studio, rooms.wire);
    await pass(rooms.studio, 20, rooms.wire);

    await expectRooms(rooms, [], []);
  });

  test("S14: meetings that are there on first connection, or when the policy comes, become reservations too", async () => {
    const rooms = await openRooms(calendar, { policy: { imports: "never" } });
    await rooms.invite();
    await work(rooms.studio, rooms.wire);

    const { world } = rooms.studio;
    Object.assign(world.config.workspaces["loft"]?.policy ?? {}, { imports: "always" });
    await compareAll(rooms.studio, rooms.wire);

    const [row] = await reservations(rooms.studio);
    await expectRooms(rooms, [`10:00 ${title} = ${row?.id}`], [`${row?.id} 10:00 ${title}`]);
  });

  test("what takes no room, is over, or lies beyond the window stays where it is", async () => {
    const rooms = await openRooms(calendar);
    const at = (start: string, end: string) =>
      calendar === "outlook" ? { start, end } : { start: { dateTime: `${start}Z` }, end: { dateTime: `${end}Z` } };

    await rooms.invite({ more: calendar === "outlook" ? { showAs: "free" } : { transparency: "transparent" } });
    await rooms.invite({ more: at("2027-01-10T10:00:00", "2027-01-10T11:00:00") });
    await rooms.invite({ more: at("2027-04-28T10:00:00", "2027-04-28T11:00:00") });
    await work(rooms.studio, rooms.wire);
    await pass(rooms.studio, 20, rooms.wire);

    expect(await reservations(rooms.studio)).toEqual([]);
    expect(rooms.wire.writes()).toEqual([]);
  });

  test("a private one is told of as busy, and what it is about is kept nowhere", async () => {
    const rooms = await openRooms(calendar);
    const more =
      calendar === "outlook" ? { sensitivity: "private", start: "2027-01-12T10:00:00" } : { visibility: "private" };

    const eventId = await rooms.invite({ title: "Doctor", text: "Results", more });
    await work(rooms.studio, rooms.wire);
    await rooms.drag(eventId, "13");
    await work(rooms.studio, rooms.wire);
    await pass(rooms.studio, 10, rooms.wire);

    const [row] = await reservations(rooms.studio);
    expect(row).toMatchObject({ title: "Busy", description: "" });
    expect(row).not.toHaveProperty("organiser");
    expect(new Date(row?.startMs ?? 0).toISOString()).toBe("2027-01-12T13:00:00.000Z");
    const kept = await Promise.all(
      ["eventMaps", "imports", "bookings", "reviewItems"].map((collection) => rooms.studio.store.query({ collection })),
    );
    expect(JSON.stringify([kept, rooms.studio.logs])).not.toMatch(/Doctor|Results|Anna Berg/);
    expect((await rooms.meetings()).map(({ names }) => names)).toEqual([row?.id]);
  });

  test("guest data of a meeting is in no message and in no log line", async () => {
    const rooms = await openRooms(calendar);
    await rooms.invite({ title: "Interview with Ola", text: "Salary" });
    await rooms.studio.sandbox.tick();
    const [touched] = takeAll(rooms.studio);

    if (touched !== undefined) await deliver(rooms.studio, touched);
    const published = takeAll(rooms.studio);

    expect(published).toHaveLength(1);
    expect(JSON.stringify([published, rooms.studio.logs])).not.toMatch(/Ola|Salary|Anna/);
  });

  test("two meetings of the same name and people are two reservations", async () => {
    const rooms = await openImported(calendar);

    await rooms.invite({ hour: "12" });
    await work(rooms.studio, rooms.wire);

    const rows = await reservations(rooms.studio);
    expect(rows).toHaveLength(2);
    expect((await rooms.meetings()).map(({ names }) => names).sort()).toEqual(rows.map(({ id }) => id).sort());
  });
});

describe("the same meeting", () => {
  const budget = { more: { iCalUID: "budget@town.example" } };

  test("sent to two rooms is a reservation in each, for as long as it stands there", async () => {
    const rooms = await openRooms("google-calendar");

    const first = await rooms.invite(budget);
    await rooms.invite({ ...budget, room: 2 });
    await work(rooms.studio, rooms.wire);
    await pass(rooms.studio, 10, rooms.wire);
    const both = (await reservations(rooms.studio)).map(({ resources }) => resources[0]);
    await rooms.remove(first);
    await work(rooms.studio, rooms.wire);

    expect(both.sort()).toEqual(["room-1", "room-2"]);
    expect((await reservations(rooms.studio)).map(({ resources }) => resources)).toEqual([["room-2"]]);
    expect(await rooms.meetings()).toHaveLength(1);
  });

  test("taken from the room and sent to it anew is another reservation", async () => {
    const rooms = await openRooms("google-calendar");
    await rooms.remove(await rooms.invite(budget));
    const first = await rooms.invite(budget);
    await work(rooms.studio, rooms.wire);
    await rooms.remove(first);
    await work(rooms.studio, rooms.wire);
    expect(await reservations(rooms.studio)).toEqual([]);

    await rooms.invite(budget);
    await work(rooms.studio, rooms.wire);
    await pass(rooms.studio, 10, rooms.wire);

    const rows = await reservations(rooms.studio);
    expect(rows).toHaveLength(1);
    expect((await rooms.meetings()).map(({ names }) => names)).toEqual(rows.map(({ id }) => id));
  });
});

test.each([
  ["booking", ["Red", " Booking"]],
  ["event", ["Allocation of chairs"]],
])(
  "import-meeting: becomes a reservation of kind %s where it is filed under %s at Outlook",
  async (kind, categories) => {
    const rooms = await openRooms("outlook");

    await rooms.invite({ more: { categories } });
    await work(rooms.studio, rooms.wire);

    expect(await reservations(rooms.studio)).toMatchObject([
      { kind, organiser: { name: "Anna Berg", email: "anna.berg@town.example" } },
    ]);
  },
);

test("HTML that people wrote into a description reaches the booking system as text, and stays on the calendar as it is", async () => {
  const rooms = await openRooms("google-calendar");
  const text = "Bring <b>chairs</b><br>and cake";

  const id = await rooms.invite({ text });
  await work(rooms.studio, rooms.wire);
  await pass(rooms.studio, 10, rooms.wire);

  expect(await reservations(rooms.studio)).toMatchObject([{ description: "Bring chairs\nand cake" }]);
  const [event] = await rooms.studio.events(rooms.calendars[0]);
  expect(event).toMatchObject({ id, description: text });
});

test("asked for where the source takes no bookings from outside, imports are told to be in vain, for as long as that is so", async () => {
  const studio = await openRunningStudio({ policy: { imports: "always" } });
  const told = (await openAlerts(studio)).map(({ kind, subject }) => [kind, subject]);

  Object.assign(studio.world.config.workspaces["loft"]?.policy ?? {}, { imports: "never" });
  await studio.turnSchedulers();

  expect(told).toEqual([
    ["imports-in-vain", "bay-1"],
    ["imports-in-vain", "bay-2"],
  ]);
  expect(await openAlerts(studio)).toEqual([]);
});
