import { afterEach, describe, expect, test } from "vitest";
import { pass, work } from "./clockwork.ts";
import { dragIn, makeWholeDays, wholeDaysOf } from "./room-calendars.ts";
import { expectCalm, openReviews } from "./sides.ts";
import { atDesk, CALENDARS, eventOf, expectBoth, openTown, ROOM_1, reserve, rowOf } from "./town.ts";

const serverZone = process.env["TZ"];
afterEach(() => {
  if (serverZone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = serverZone;
});

describe.each(CALENDARS)("on %s", (calendar) => {
  test("S37: dragged over a change of clocks by somebody in another zone, the instant they chose is reserved", async () => {
    const { studio, wire, id, eventId } = await openTown({ calendar });

    await dragIn(studio, "America/New_York", eventId, "2027-03-28T05:00:00", "2027-03-28T06:00:00");
    await work(studio, wire);

    await expectBoth(studio, [`${id} room-1 2027-03-28T09:00:00 2027-03-28T10:00:00 Choir`]);
    await expectCalm(studio, wire);
  });

  test("S37: in the hour that comes twice, each of the two is told from the other", async () => {
    const { studio, wire, id, eventId } = await openTown({ calendar });
    const twice = ["2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"];

    for (const start of twice) {
      const end = new Date(Date.parse(start) + 1_800_000).toISOString();
      await atDesk(studio, "move", { id, start, end });
      await work(studio, wire);
      expect((await eventOf(studio, ROOM_1, id)).start).toBe(start.slice(0, 19));
    }
    await dragIn(studio, "UTC", eventId, "2027-10-31T00:30:00", "2027-10-31T01:00:00");
    await work(studio, wire);

    await expectBoth(studio, [`${id} room-1 2027-10-31T00:30:00 2027-10-31T01:00:00 Choir`]);
    await expectCalm(studio, wire);
  });

  describe.each(["Pacific/Honolulu", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland"])(
    "in %s",
    (timeZone) => {
      test.each([
        ["one day", "2027-01-14", "2027-01-15"],
        ["three days", "2027-01-14", "2027-01-17"],
      ])(
        "S38: %s reserved are the same days on the calendar, and moved there move at the desk",
        async (_, start, end) => {
          const { studio, wire } = await openTown({ calendar, timeZone });

          const id = await reserve(studio, { start, end, title: "Market" });
          await work(studio, wire);
          const { id: eventId } = await eventOf(studio, ROOM_1, id);
          expect(await wholeDaysOf(studio, timeZone, eventId)).toBe(`${start} to ${end}`);
          await expectCalm(studio, wire);

          await makeWholeDays(studio, timeZone, eventId, "2027-02-01", "2027-02-03");
          await work(studio, wire);
          expect(await rowOf(studio, id)).toMatchObject({ start: { date: "2027-02-01" }, end: { date: "2027-02-03" } });
          await atDesk(studio, "move", { id, start: "2027-02-28", end: "2027-03-01" });
          await work(studio, wire);
          expect(await wholeDaysOf(studio, timeZone, eventId)).toBe("2027-02-28 to 2027-03-01");
          expect(await openReviews(studio)).toEqual([]);
          await expectCalm(studio, wire);
        },
      );

      test("S38: an event with times that a person makes last all day is reserved for that day, and back again", async () => {
        const { studio, wire, id, eventId } = await openTown({ calendar, timeZone });

        await makeWholeDays(studio, timeZone, eventId, "2027-01-20", "2027-01-21");
        await work(studio, wire);
        expect(await rowOf(studio, id)).toMatchObject({ start: { date: "2027-01-20" }, end: { date: "2027-01-21" } });
        await expectCalm(studio, wire);

        await atDesk(studio, "move", { id, start: "2027-01-20T10:00:00Z", end: "2027-01-20T11:00:00Z" });
        await work(studio, wire);
        await expectBoth(studio, [`${id} room-1 2027-01-20T10:00:00 2027-01-20T11:00:00 Choir`]);
        expect(await wholeDaysOf(studio, timeZone, eventId)).toBeUndefined();
        await expectCalm(studio, wire);
      });
    },
  );

  test.each(["Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata"])(
    "S39: a time said without an offset is the town's, also on a server in %s",
    async (zone) => {
      process.env["TZ"] = zone;
      expect(new Date("2027-01-12T10:00:00").toISOString()).not.toBe("2027-01-12T09:00:00.000Z");
      const { studio, wire, id, eventId } = await openTown({ calendar });

      await atDesk(studio, "move", { id, start: "2027-01-12T23:30:00", end: "2027-01-13T00:30:00" });
      await pass(studio, 10, wire);
      await expectBoth(studio, [`${id} room-1 2027-01-12T22:30:00 2027-01-12T23:30:00 Choir`]);

      await dragIn(studio, "Europe/Oslo", eventId, "2027-01-14T00:15:00", "2027-01-14T01:15:00");
      await work(studio, wire);
      await expectBoth(studio, [`${id} room-1 2027-01-13T23:15:00 2027-01-14T00:15:00 Choir`]);
      await expectCalm(studio, wire);
    },
  );

  test("S41: a reservation that ends at midnight does so on the calendar, and one over midnight lies on two days", async () => {
    const { studio, wire, id, eventId } = await openTown({ calendar });

    await atDesk(studio, "move", { id, start: "2027-01-12T23:00:00", end: "2027-01-13T00:00:00" });
    await work(studio, wire);
    await expectBoth(studio, [`${id} room-1 2027-01-12T22:00:00 2027-01-12T23:00:00 Choir`]);

    await dragIn(studio, "Europe/Oslo", eventId, "2027-01-14T23:30:00", "2027-01-15T00:30:00");
    await work(studio, wire);
    await expectBoth(studio, [`${id} room-1 2027-01-14T22:30:00 2027-01-14T23:30:00 Choir`]);
    await expectCalm(studio, wire);
  });
});
