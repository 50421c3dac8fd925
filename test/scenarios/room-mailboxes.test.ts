import { describe, expect, test } from "vitest";
import { OUTLOOK_1 } from "../../scripts/sim/studio/studio-config.ts";
import { pass, work } from "./clockwork.ts";
import { openImported, reservations } from "./meetings.ts";
import { atOutlook } from "./outlook-town.ts";
import { shownIn } from "./room-calendars.ts";
import { alertsOf, expectCalm } from "./sides.ts";
import { atDesk, dragToThree, eventOf, expectBoth, openTown, ROOM_1, reserve, rowOf } from "./town.ts";

const AT_THREE = "2027-01-13T15:00:00 2027-01-13T16:00:00";
const NOON = { start: "2027-01-12T12:00:00Z", end: "2027-01-12T13:00:00Z" };

describe("room mailboxes of Outlook", () => {
  test.each([
    ["that are known for it", { authored: ["span"] }],
    ["that nobody knows for it", {}],
  ])(
    "S48: that replace every subject, %s: one write for each change, and no title is taken from them",
    async (_, settings) => {
      const { studio, wire } = await openTown({ calendar: "outlook", settings });
      await studio.call("POST", "/sandbox/options", { roomSubjects: "all" });

      const id = await reserve(studio, { ...NOON, title: "Band" });
      await work(studio, wire);
      await pass(studio, 60, wire);
      expect(wire.writes()).toEqual(["events.insert"]);
      const event = await eventOf(studio, ROOM_1, id);
      expect(event.title).not.toBe("Band");

      await dragToThree({ studio, wire, id, eventId: event.id });
      await work(studio, wire);
      await pass(studio, 60, wire);
      expect(wire.writes()).toEqual(["changeReservation"]);
      expect(await rowOf(studio, id)).toMatchObject({ title: "Band", version: 2 });

      await atDesk(studio, "edit", { id, title: "Big band" });
      await work(studio, wire);
      await pass(studio, 60, wire);
      expect(wire.writes().length).toBeLessThanOrEqual(1);
      expect(await rowOf(studio, id)).toMatchObject({ title: "Big band", version: 3 });
      await expectCalm(studio, wire, 60);
    },
  );

  test.each(["kept", "removed"])(
    "S48: a meeting that its organiser cancels, %s in the room, cancels its reservation, once",
    async (roomCancelled) => {
      const rooms = await openImported("outlook");
      const { studio, wire, eventId } = rooms;
      await studio.call("POST", "/sandbox/options", { roomCancelled });

      await atOutlook(studio, "cancel", { id: eventId });
      await work(studio, wire);
      await pass(studio, 60, wire);

      expect(await reservations(studio)).toEqual([]);
      expect(wire.writes()[0]).toBe("cancelReservation");
      expect((await studio.maps()).map(({ status }) => status)).toEqual(["cancelled"]);
      await expectCalm(studio, wire, 60);
    },
  );

  test("S48: a mailbox that refuses subscriptions is shown, and polled instead", async () => {
    const town = await openTown({ calendar: "outlook" });
    const { studio, wire, id } = town;
    await studio.call("POST", "/sandbox/graph/rooms", { email: OUTLOOK_1, refusesSubscriptions: true });
    await studio.call("POST", "/sandbox/graph/subscriptions", { room: OUTLOOK_1, make: "removed" });
    await pass(studio, 10, wire);

    await dragToThree(town);
    await pass(studio, 90, wire);

    expect(await alertsOf(studio)).toEqual([`watch-down ${OUTLOOK_1}`]);
    await expectBoth(studio, [`${id} room-1 ${AT_THREE} Choir`]);
    expect(await shownIn(studio, ROOM_1)).toHaveLength(1);
    await expectCalm(studio, wire, 60);
  });
});
