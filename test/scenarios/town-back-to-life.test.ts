import { describe, expect, test } from "vitest";
import { pass, work } from "./clockwork.ts";
import { deleteEvent, everMade, shownIn } from "./room-calendars.ts";
import { expectCalm } from "./sides.ts";
import { atDesk, CALENDARS, eventOf, expectBoth, openTown, ROOM_1, rowOf, type Town } from "./town.ts";

const AT_TEN = "2027-01-12T10:00:00 2027-01-12T11:00:00";
const WAYS = [
  { way: "a webhook", fault: "" },
  { way: "the poll alone", fault: "notify-lost" },
] as const;

describe.each(CALENDARS)("on %s", (calendar) => {
  describe.each(WAYS)("told by $way", ({ fault }) => {
    async function tell({ studio, wire, id }: Town, action: string, more: object = {}): Promise<void> {
      await atDesk(studio, action, { id, ...more }, fault);
      await work(studio, wire);
      if (fault !== "") await pass(studio, 10, wire);
    }

    test("S06: cancelled and re-enabled again and again, it has exactly one event", async () => {
      const town = await openTown({ calendar });
      const { studio, wire, id } = town;

      for (let times = 0; times < 3; times++) {
        await tell(town, "cancel");
        await expectBoth(studio, []);
        await tell(town, "enable");
        await expectBoth(studio, [`${id} room-1 ${AT_TEN} Choir`]);
      }

      expect(wire.writes()).toEqual(Array(3).fill(["events.delete", "events.insert"]).flat());
      await expectCalm(studio, wire);
    });

    test("S06: with policy mark, the marked event is itself again", async () => {
      const town = await openTown({ calendar, policy: { cancellation: "mark" } });
      const { studio, wire, id, eventId } = town;

      for (let times = 0; times < 2; times++) {
        await tell(town, "cancel");
        expect(await shownIn(studio, ROOM_1)).toMatchObject([{ id: eventId, title: "Cancelled: Choir" }]);
        await tell(town, "enable");
        await expectBoth(studio, [`${id} room-1 ${AT_TEN} Choir`]);
      }

      expect(await everMade(studio)).toBe(1);
      expect(wire.writes()).toEqual(Array(4).fill("events.patch"));
      await expectCalm(studio, wire);
    });

    test("S06: re-enabled at another time and in the other room, it gets one event there", async () => {
      const town = await openTown({ calendar });
      const { studio, wire, id } = town;
      await tell(town, "cancel");

      await atDesk(studio, "enable", { id }, "notify-lost");
      const there = { resources: ["room-2"], start: "2027-01-13T11:00:00Z", end: "2027-01-13T12:00:00Z" };
      await tell(town, "edit", there);

      await expectBoth(studio, [`${id} room-2 2027-01-13T11:00:00 2027-01-13T12:00:00 Choir`]);
      await expectCalm(studio, wire);
    });

    test("S06: cancelled by the deletion of its event, then re-enabled, it gets one event again", async () => {
      const town = await openTown({ calendar });
      const { studio, wire, id, eventId } = town;
      await deleteEvent(studio, ROOM_1, eventId);
      await work(studio, wire);
      expect((await rowOf(studio, id)).active).toBe(false);

      await tell(town, "enable");

      await expectBoth(studio, [`${id} room-1 ${AT_TEN} Choir`]);
      await expectCalm(studio, wire);
    });
  });

  test("S06: cancelled and re-enabled before anybody looked, nothing happens at all", async () => {
    const { studio, wire, id, eventId } = await openTown({ calendar });

    await atDesk(studio, "cancel", { id });
    await atDesk(studio, "enable", { id });
    await work(studio, wire);
    await pass(studio, 10, wire);

    expect(wire.writes()).toEqual([]);
    expect((await eventOf(studio, ROOM_1, id)).id).toBe(eventId);
  });
});
