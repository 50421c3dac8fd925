import { describe, expect, test } from "vitest";
import { pass, work } from "./clockwork.ts";
import { deleteEvent, drag, retitle, shownIn } from "./room-calendars.ts";
import { mendCalls } from "./scene.ts";
import { expectCalm, openReviews } from "./sides.ts";
import {
  atDesk,
  CALENDARS,
  type CalendarName,
  dragToThree,
  expectBoth,
  openTown,
  ROOM_1,
  reserve,
  rowOf,
  type Town,
} from "./town.ts";

// The golf studio's echoes are in `echoes.test.ts`: there a move is a rebooking.
const AT_TEN = "2027-01-12T10:00:00 2027-01-12T11:00:00";
const AT_NOON = "2027-01-12T12:00:00 2027-01-12T13:00:00";
const AT_THREE = "2027-01-13T15:00:00 2027-01-13T16:00:00";
const NOON = { start: "2027-01-12T12:00:00Z", end: "2027-01-12T13:00:00Z" };
const API = { "google-calendar": "google", outlook: "graph" } as const;

/** A reservation at ten on both sides; from now on what our own writes notify comes late. */
async function openLate(calendar: CalendarName, delayMs: number): Promise<Town> {
  const town = await openTown({ calendar });
  const late = { kinds: [`notify-delay=${delayMs}`] };
  const rules = [
    { api: API[calendar], ...late },
    { api: "booking", ...late },
  ];
  await town.studio.call("POST", "/sandbox/faults", { rules });
  return town;
}

/** Nothing but the late notices moves: no scheduler, no poll. */
async function wait({ studio, wire }: Town, ms: number): Promise<void> {
  studio.clock.advance(ms);
  await work(studio, wire);
}

/** The clerk moves the reservation to noon, which is shown; half-way to the echo of that, a person acts. */
async function actBeforeEcho(town: Town, delayMs: number, act: () => Promise<unknown>): Promise<string[]> {
  const { studio, wire, id } = town;
  await atDesk(studio, "move", { id, ...NOON });
  await wait(town, delayMs);
  expect(wire.writes()).toEqual(["events.patch"]);
  studio.clock.advance(delayMs / 2);
  await mendCalls(studio);
  await act();
  await work(studio, wire);
  await wait(town, delayMs);
  await pass(studio, 10, wire);
  return wire.writes();
}

describe.each(CALENDARS)("on %s", (calendar) => {
  describe.each([
    { late: "1 s", delayMs: 1_000 },
    { late: "10 min", delayMs: 600_000 },
  ])("our write's echo arrives after $late", ({ delayMs }) => {
    const open = () => openLate(calendar, delayMs);

    test.each([
      {
        what: "change of an event",
        act: ({ studio, id }: Town) => atDesk(studio, "move", { id, ...NOON }),
        made: ["events.patch"],
        ends: AT_NOON,
      },
      {
        what: "deletion of an event",
        act: ({ studio, id }: Town) => atDesk(studio, "cancel", { id }),
        made: ["events.delete"],
        ends: undefined,
      },
      { what: "change of a reservation", act: dragToThree, made: ["changeReservation"], ends: AT_THREE },
      {
        what: "cancellation of a reservation",
        act: ({ studio, eventId }: Town) => deleteEvent(studio, ROOM_1, eventId),
        made: ["cancelReservation"],
        ends: undefined,
      },
    ])("S23: the echo of our $what writes nothing back", async ({ act, made, ends }) => {
      const town = await open();
      const { studio, wire, id } = town;

      await act(town);
      await wait(town, delayMs);
      expect(wire.writes()).toEqual(made);
      await wait(town, delayMs);
      await wait(town, delayMs);

      expect(wire.writes()).toEqual([]);
      await expectBoth(studio, ends === undefined ? [] : [`${id} room-1 ${ends} Choir`]);
      await expectCalm(studio, wire);
    });

    test("S23: the echo of our new event writes nothing back", async () => {
      const town = await open();
      const { studio, wire, id } = town;

      const other = await reserve(studio, NOON);
      await wait(town, delayMs);
      expect(wire.writes()).toEqual(["events.insert"]);
      await wait(town, delayMs);

      expect(wire.writes()).toEqual([]);
      await expectBoth(studio, [`${id} room-1 ${AT_TEN} Choir`, `${other} room-1 ${AT_NOON} Choir`]);
      await expectCalm(studio, wire);
    });

    test("S23: the echo of our deletion does not cancel the reservation that was re-enabled meanwhile", async () => {
      const town = await open();
      const { studio, wire, id } = town;

      await atDesk(studio, "cancel", { id });
      await wait(town, delayMs);
      await atDesk(studio, "enable", { id });
      await wait(town, delayMs);
      await wait(town, delayMs);

      expect(wire.writes()).toEqual(["events.delete", "events.insert"]);
      await expectBoth(studio, [`${id} room-1 ${AT_TEN} Choir`]);
      await expectCalm(studio, wire);
    });

    test.each([
      ["to a third time", "2027-01-14T09:00:00", "2027-01-14T10:00:00"],
      ["back to the old time", "2027-01-12T10:00:00", "2027-01-12T11:00:00"],
      ["longer", "2027-01-12T12:00:00", "2027-01-12T13:30:00"],
    ])("S23: a person who drags the event %s before the echo is here is obeyed", async (_, start, end) => {
      const town = await open();
      const { studio, wire, id, eventId } = town;

      const made = await actBeforeEcho(town, delayMs, () => drag(studio, eventId, start, end));

      expect(made).toEqual(["changeReservation"]);
      await expectBoth(studio, [`${id} room-1 ${start} ${end} Choir`]);
      expect(await openReviews(studio)).toEqual([]);
      await expectCalm(studio, wire);
    });

    test("S23: a person who deletes the event before the echo is here is obeyed", async () => {
      const town = await open();
      const { studio, wire, eventId } = town;

      const made = await actBeforeEcho(town, delayMs, () => deleteEvent(studio, ROOM_1, eventId));

      expect(made).toEqual(["cancelReservation"]);
      await expectBoth(studio, []);
      await expectCalm(studio, wire);
    });

    test("S23: a person who retitles the event before the echo is here keeps the title", async () => {
      const town = await open();
      const { studio, wire, eventId, id } = town;

      const made = await actBeforeEcho(town, delayMs, () => retitle(studio, eventId, "Choir and band"));

      expect(made).toEqual([]);
      const [event] = await shownIn(studio, ROOM_1);
      expect(event).toMatchObject({ id: eventId, title: "Choir and band", start: "2027-01-12T12:00:00" });
      expect((await rowOf(studio, id)).title).toBe("Choir");
      await expectCalm(studio, wire);
    });

    test("S23: a clerk who moves the reservation before the echo of our own move is here is obeyed", async () => {
      const town = await open();
      const { studio, wire, id } = town;

      await dragToThree(town);
      await wait(town, delayMs);
      studio.clock.advance(delayMs / 2);
      await mendCalls(studio);
      await atDesk(studio, "move", { id, ...NOON });
      await work(studio, wire);
      await wait(town, delayMs);

      expect(wire.writes()).toEqual(["changeReservation", "events.patch"]);
      await expectBoth(studio, [`${id} room-1 ${AT_NOON} Choir`]);
      await expectCalm(studio, wire);
    });
  });

  test("S23: ten edits on alternating sides, each echo late: no ping-pong, the last one counts", async () => {
    const town = await openLate(calendar, 7_000);
    const { studio, wire, id, eventId } = town;

    for (let turn = 0; turn < 10; turn++) {
      const [start, end] = [`2027-01-${13 + turn}T15:00:00`, `2027-01-${13 + turn}T16:00:00`];
      if (turn % 2 === 0) await atDesk(studio, "move", { id, start: `${start}Z`, end: `${end}Z` });
      else await drag(studio, eventId, start, end);
      await wait(town, 10_000);
    }
    await pass(studio, 10, wire);

    await expectBoth(studio, [`${id} room-1 2027-01-22T15:00:00 2027-01-22T16:00:00 Choir`]);
    expect(wire.writes()).toEqual(Array(5).fill(["events.patch", "changeReservation"]).flat());
    expect(await openReviews(studio)).toEqual([]);
    await expectCalm(studio, wire);
  });
});
