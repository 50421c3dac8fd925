import { describe, expect, test, vi } from "vitest";
import { OUTLOOK_1 } from "../../scripts/sim/studio/studio-config.ts";
import { explain } from "../../shared/flows/explain.ts";
import { WS } from "../flows/studio.ts";
import { pass, work } from "./clockwork.ts";
import { atEveryStep } from "./every-step.ts";
import { openImported } from "./meetings.ts";
import { deleteEvent, drag, type Room, shownIn } from "./room-calendars.ts";
import { expectCalm, openReviews } from "./sides.ts";
import {
  atDesk,
  CALENDARS,
  eventOf,
  expectBoth,
  openTown,
  ROOM_1,
  ROOM_2,
  reservationOf,
  reserve,
  rowOf,
  type Town,
  type TownOptions,
} from "./town.ts";

vi.setConfig({ testTimeout: 120_000 });

const AT_TEN = "2027-01-12T10:00:00 2027-01-12T11:00:00";
const HALF_PAST = { start: "2027-01-12T10:30:00Z", end: "2027-01-12T11:30:00Z" };
const AFTERNOON = { start: "2027-01-12T15:00:00Z", end: "2027-01-12T16:00:00Z" };

/** Ids of the reservations that room 1's calendar shows. */
async function shownIn1({ studio }: Town): Promise<string[]> {
  const ids = (await shownIn(studio, ROOM_1)).map(reservationOf);
  return ids.filter((id) => id !== undefined).sort();
}

async function quiet({ studio, wire }: Town, act: Promise<unknown>): Promise<void> {
  await act;
  await work(studio, wire);
}

describe.each(CALENDARS)("on %s", (calendar) => {
  const open = (options: TownOptions = {}) => openTown({ calendar, ...options });

  /** A booking at ten is there; of these reservations each is made, in this order, and all is quiet. */
  async function openWith(...orders: readonly Record<string, unknown>[]): Promise<Town & { readonly ids: string[] }> {
    const town = await open();
    const ids: string[] = [];
    for (const order of orders) {
      town.studio.clock.advance(60_000);
      ids.push(await reserve(town.studio, { ...order, force: true }));
      await work(town.studio, town.wire);
    }
    return { ...town, ids };
  }

  test("S47: an event goes before a booking that it overlaps by a minute, and gives the room back when it is cancelled", async () => {
    const town = await openWith({ kind: "event", start: "2027-01-12T10:59:00Z", end: "2027-01-12T12:00:00Z" });
    const [event = ""] = town.ids;

    expect(await shownIn1(town)).toEqual([event]);
    expect((await rowOf(town.studio, town.id)).active).toBe(true);
    await expectCalm(town.studio, town.wire);

    await quiet(town, atDesk(town.studio, "cancel", { id: event }));
    expect(await shownIn1(town)).toEqual([town.id]);
    await expectBoth(town.studio, [`${town.id} room-1 ${AT_TEN} Choir`]);
    await expectCalm(town.studio, town.wire);
  });

  test("S47: what only touches the other's end is no clash", async () => {
    const town = await openWith({ kind: "event", start: "2027-01-12T11:00:00Z", end: "2027-01-12T12:00:00Z" });

    expect(await shownIn1(town)).toEqual([town.id, ...town.ids].sort());
  });

  test("S47: the order of arrival does not matter: a booking made beside an event is not shown", async () => {
    const town = await openWith(
      { kind: "event", ...AFTERNOON },
      { kind: "booking", start: "2027-01-12T15:30:00Z", end: "2027-01-12T16:30:00Z" },
    );
    const [event = ""] = town.ids;

    expect(await shownIn1(town)).toEqual([town.id, event].sort());
  });

  test("S47: a booking and the allocation it takes place in are both shown; another's allocation gives way to it", async () => {
    const day = { start: "2027-01-13T08:00:00Z", end: "2027-01-13T16:00:00Z" };
    const town = await openWith({ kind: "allocation", ...day });
    const [allocation = ""] = town.ids;
    const inner = await reserve(town.studio, {
      allocationId: allocation,
      start: "2027-01-13T09:00:00Z",
      end: "2027-01-13T10:00:00Z",
    });
    await work(town.studio, town.wire);
    expect(await shownIn1(town)).toEqual([town.id, allocation, inner].sort());

    await quiet(town, atDesk(town.studio, "move", { id: town.id, ...day, force: true }));
    expect(await shownIn1(town)).not.toContain(allocation);
  });

  test("S47: who gives way itself stands in nobody's way", async () => {
    const town = await openWith(
      { kind: "allocation", start: "2027-01-12T08:00:00Z", end: "2027-01-12T10:20:00Z" },
      { kind: "event", start: "2027-01-12T10:30:00Z", end: "2027-01-12T12:00:00Z" },
    );
    const [allocation = "", event = ""] = town.ids;

    // The event takes the booking's place, so the allocation that the booking overlapped is shown again.
    expect(await shownIn1(town)).toEqual([allocation, event].sort());

    await quiet(town, atDesk(town.studio, "move", { id: event, ...AFTERNOON }));
    expect(await shownIn1(town)).toEqual([town.id, event].sort());
    await expectCalm(town.studio, town.wire);
  });

  test("S47: of two of one kind what changed last is shown, and a person is asked until it is solved", async () => {
    const town = await openWith({ kind: "booking", ...HALF_PAST });
    const [second = ""] = town.ids;
    expect(await shownIn1(town)).toEqual([second]);
    expect(await openReviews(town.studio)).toEqual([`double-booking booking:${town.id}`]);

    town.studio.clock.advance(60_000);
    await quiet(town, atDesk(town.studio, "edit", { id: town.id, title: "Choir, big", force: true }));
    expect(await shownIn1(town)).toEqual([town.id]);
    expect(await openReviews(town.studio)).toEqual([`double-booking booking:${second}`]);

    await quiet(town, atDesk(town.studio, "cancel", { id: second }));
    expect(await openReviews(town.studio)).toEqual([]);
    await expectCalm(town.studio, town.wire);
  });

  test("S47: an event dragged away from a clash is no clash any more; one dragged into it gives way", async () => {
    const town = await openWith({ kind: "event", ...AFTERNOON });
    const [event = ""] = town.ids;

    await quiet(town, drag(town.studio, town.eventId, "2027-01-12T15:30:00", "2027-01-12T16:30:00"));
    expect(await shownIn1(town)).toEqual([event]);
    expect((await rowOf(town.studio, town.id)).startMs).toBe(Date.parse("2027-01-12T15:30:00Z"));

    const { id: shown } = await eventOf(town.studio, ROOM_1, event);
    await quiet(town, drag(town.studio, shown, "2027-01-14T15:00:00", "2027-01-14T16:00:00"));
    expect(await shownIn1(town)).toEqual([town.id, event].sort());
    await expectCalm(town.studio, town.wire);
  });

  test("S47, S22: a reservation on two rooms gives way in the one where it clashes", async () => {
    const town = await open({ rooms: ["room-1", "room-2"] });
    await quiet(town, reserve(town.studio, { kind: "event", ...HALF_PAST }));

    const titles = async (room: Room) => (await shownIn(town.studio, room)).map(reservationOf);
    expect(await titles(ROOM_1)).not.toContain(town.id);
    expect(await titles(ROOM_2)).toContain(town.id);
  });

  test("give-way and gave-way say in the journal to whom, and whole days count from midnight on the room's wall", async () => {
    const town = await openWith({ kind: "event", start: "2027-01-12", end: "2027-01-13" });

    const told = JSON.stringify(await explain(town.studio.world, WS, `booking:${town.id}`));
    expect(told).toContain("give-way");
    expect(told).toContain(town.ids[0]);
  });

  test("S47: a worker that dies at any step of a clash leaves the room as it should be", async () => {
    const steps = await atEveryStep<Town>({
      open,
      begin: ({ studio }) => reserve(studio, { kind: "event", ...HALF_PAST }),
      meanwhile: ({ wire }) => wire.die(),
      async end(town) {
        const ids = await shownIn1(town);
        expect(ids).toHaveLength(1);
        expect(ids).not.toContain(town.id);
        expect((await rowOf(town.studio, town.id)).active).toBe(true);
      },
    });
    expect(steps).toBeGreaterThan(8);
  });

  test("S47: nothing heard of a clash but by the poll is settled all the same", async () => {
    const town = await open();
    await reserve(town.studio, { kind: "event", ...HALF_PAST }, "notify-lost");
    await pass(town.studio, 6, town.wire);

    expect(await shownIn1(town)).not.toContain(town.id);
    await expectCalm(town.studio, town.wire);
  });

  test("a closure is a block on the room's calendar; what it meets stays shown and is raised, until the room is open again", async () => {
    const town = await open();
    const closed = { resource: "room-1", start: "2027-01-12", end: "2027-01-13", reason: "New floor" };
    const { id } = await atDesk(town.studio, "close", closed);
    await pass(town.studio, 5, town.wire);

    const titles = (await shownIn(town.studio, ROOM_1)).map(({ title }) => title).sort();
    expect(titles).toEqual(["Choir", "Closed: New floor"]);
    expect(await openReviews(town.studio)).toEqual([`room-closed booking:${town.id}`]);
    await expectCalm(town.studio, town.wire);

    await atDesk(town.studio, "reopen", { id });
    await pass(town.studio, 20, town.wire);
    expect((await shownIn(town.studio, ROOM_1)).map(({ title }) => title)).toEqual(["Choir"]);
    expect(await openReviews(town.studio)).toEqual([]);
  });

  test("a closure's block that a person drags or deletes is put back: nobody can open a room from a calendar", async () => {
    const town = await open();
    const closed = {
      resource: "room-1",
      start: "2027-01-13T08:00:00Z",
      end: "2027-01-13T12:00:00Z",
      reason: "Painters",
    };
    const { id } = await atDesk(town.studio, "close", closed);
    await pass(town.studio, 5, town.wire);

    const block = await eventOf(town.studio, ROOM_1, `closure:${id}`);
    await quiet(town, drag(town.studio, block.id, "2027-01-14T08:00:00", "2027-01-14T12:00:00"));
    expect((await eventOf(town.studio, ROOM_1, `closure:${id}`)).start).toContain("2027-01-13T08:00:00");
    await quiet(town, deleteEvent(town.studio, ROOM_1, block.id));
    expect((await eventOf(town.studio, ROOM_1, `closure:${id}`)).start).toContain("2027-01-13T08:00:00");
  });

  test("S37, S42: a recurring reservation is on the calendar occurrence by occurrence, and follows its rule", async () => {
    const town = await open();
    const weekly = { start: "2027-03-22T18:00:00", end: "2027-03-22T20:00:00", recurrence: "FREQ=WEEKLY;COUNT=3" };
    const id = await reserve(town.studio, { ...weekly, title: "Chess" });
    await pass(town.studio, 5, town.wire);

    const starts = async () =>
      (await shownIn(town.studio, ROOM_1))
        .filter(({ title }) => title === "Chess")
        .map(({ start }) => start.slice(0, 16))
        .sort();
    expect(await starts()).toEqual(["2027-03-22T17:00", "2027-03-29T16:00", "2027-04-05T16:00"]);
    await expectCalm(town.studio, town.wire);

    await quiet(town, atDesk(town.studio, "cancel", { id }));
    await pass(town.studio, 5, town.wire);
    expect(await starts()).toEqual([]);
  });
});

test("S47: a meeting that people put on the calendar takes the room from no reservation, is not taken away for one, and is raised", async () => {
  const rooms = await openImported("outlook");
  const choir = { resources: "room-1", start: "2027-01-12T10:30:00Z", end: "2027-01-12T11:30:00Z", title: "Choir" };
  const { id } = await atDesk(rooms.studio, "book", { kind: "booking", ...choir });
  await work(rooms.studio, rooms.wire);

  expect((await rooms.meetings()).map(({ names }) => names).sort()).toEqual([String(id), rooms.id].sort());
  expect(await openReviews(rooms.studio)).toEqual([`meeting-clash booking:${rooms.id}`]);

  await rooms.drag(rooms.eventId, "14");
  await work(rooms.studio, rooms.wire);
  expect(await openReviews(rooms.studio)).toEqual([]);
  await expectCalm(rooms.studio, rooms.wire);
});

test("S47: a meeting that nobody imports is never touched, and raised as long as it takes the room of a reservation", async () => {
  const town = await openTown({ calendar: "outlook" });
  const { studio, wire } = town;
  const organizer = { name: "Anna Berg", address: "anna.berg@town.example" };
  const ten = { start: "2027-01-12T10:30:00", end: "2027-01-12T11:30:00", timeZone: "UTC" };
  const wish = { room: OUTLOOK_1, organizer, subject: "Budget", ...ten };
  const { immutableId } = await studio.call("POST", "/sandbox/graph/book", wish);
  await pass(studio, 60, wire);

  expect(await openReviews(studio)).toEqual([`meeting-clash booking:${town.id}`]);
  const [item] = await studio.reviews();
  expect(JSON.stringify(item)).not.toContain("Budget");
  await expectCalm(studio, wire);

  const three = { start: "2027-01-12T15:00:00", end: "2027-01-12T16:00:00", timeZone: "UTC" };
  await studio.call("POST", "/sandbox/graph/drag", { room: OUTLOOK_1, id: immutableId, ...three });
  await pass(studio, 60, wire);
  expect(await openReviews(studio)).toEqual([]);
  expect(wire.writes()).toEqual([]);
  await expectCalm(studio, wire);
});
