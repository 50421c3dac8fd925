import { describe, expect, test } from "vitest";
import { work } from "./clockwork.ts";
import { drag, retitle } from "./room-calendars.ts";
import { expectCalm, lostOf, openReviews } from "./sides.ts";
import { atDesk, CALENDARS, dragToThree, eventOf, expectBoth, openTown, ROOM_1, rowOf, type Town } from "./town.ts";

// Where the two sides change different fields: `moved-in-place.test.ts`.
const NOON = { start: "2027-01-12T12:00:00Z", end: "2027-01-12T13:00:00Z" };
const AT_NOON = "2027-01-12T12:00:00 2027-01-12T13:00:00";
const AT_THREE = "2027-01-13T15:00:00 2027-01-13T16:00:00";

/** The clerk moves it to noon, somebody drags its event to three; nobody has told Lockstep of either yet. */
async function editBoth(town: Town): Promise<void> {
  await atDesk(town.studio, "move", { id: town.id, ...NOON });
  town.studio.clock.advance(30_000);
  await dragToThree(town);
}

describe.each(CALENDARS)("on %s", (calendar) => {
  const open = (merge: string) => openTown({ calendar, policy: { merge } });

  // With 'last-write-wins' nobody can tell here which of the two was later.
  test.each(["source-wins", "last-write-wins"])(
    "S49: the time changed on both sides: with '%s' the reservation's counts, the other is kept and shown",
    async (merge) => {
      const town = await open(merge);
      const { studio, wire, id } = town;

      await editBoth(town);
      await work(studio, wire);

      await expectBoth(studio, [`${id} room-1 ${AT_NOON} Choir`]);
      expect(wire.writes().at(-1)).toBe("events.patch");
      expect(await lostOf(studio, id)).toEqual([["calendar", "span", "2027-01-13T15:00:00.000Z"]]);
      await expectCalm(studio, wire);
    },
  );

  test("S49: with 'last-write-wins' a drag after the change at the desk was seen counts, and the desk's is kept", async () => {
    const { studio, wire, id, eventId } = await open("last-write-wins");
    wire.before("events.patch", async () => {
      studio.clock.advance(5_000);
      await drag(studio, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
    });

    await atDesk(studio, "move", { id, ...NOON });
    await work(studio, wire);

    await expectBoth(studio, [`${id} room-1 ${AT_THREE} Choir`]);
    expect(await lostOf(studio, id)).toEqual([["booking", "span", "2027-01-12T12:00:00.000Z"]]);
    await expectCalm(studio, wire);
  });

  test("S49: with 'ask' both stay as they are until a person has decided", async () => {
    const town = await open("ask");
    const { studio, wire, id } = town;

    await editBoth(town);
    await work(studio, wire);

    expect(await openReviews(studio)).toEqual([`merge-conflict booking:${id}`]);
    expect((await eventOf(studio, ROOM_1, id)).start).toBe("2027-01-13T15:00:00");
    expect((await rowOf(studio, id)).startMs).toBe(Date.parse(NOON.start));
    await expectCalm(studio, wire);

    await atDesk(studio, "move", { id, start: "2027-01-13T15:00:00Z", end: "2027-01-13T16:00:00Z" });
    await work(studio, wire);
    await expectBoth(studio, [`${id} room-1 ${AT_THREE} Choir`]);
    expect(await openReviews(studio)).toEqual([]);
  });

  test("S49: the title changed on both sides: the reservation's counts, and the other is kept and shown", async () => {
    const { studio, wire, id, eventId } = await open("source-wins");

    await atDesk(studio, "edit", { id, title: "Big choir" });
    await retitle(studio, eventId, "Choir (concert)");
    await work(studio, wire);

    expect((await eventOf(studio, ROOM_1, id)).title).toBe("Big choir");
    expect(await lostOf(studio, id)).toEqual([["calendar", "title", "Choir (concert)"]]);
    await expectCalm(studio, wire);
  });

  test("S49: a time dragged and a title changed at the desk meet: both win, and nothing is lost", async () => {
    const town = await open("source-wins");
    const { studio, wire, id } = town;

    await atDesk(studio, "edit", { id, title: "Big choir" });
    await dragToThree(town);
    await work(studio, wire);

    await expectBoth(studio, [`${id} room-1 ${AT_THREE} Big choir`]);
    expect(await lostOf(studio, id)).toEqual([]);
    await expectCalm(studio, wire);
  });
});
