import { describe, expect, test } from "vitest";
import { pass, work } from "./clockwork.ts";
import { deleteEvent } from "./room-calendars.ts";
import { openAlerts } from "./scene.ts";
import { expectCalm } from "./sides.ts";
import { atDesk, CALENDARS, dragToThree, expectBoth, openTown, ROOM_1, rowOf, type Town } from "./town.ts";

// A single event or reservation that cannot be read: `predecessor.test.ts`.
const AT_TEN = "2027-01-12T10:00:00 2027-01-12T11:00:00";
const AT_NOON = "2027-01-12T12:00:00 2027-01-12T13:00:00";
const AT_THREE = "2027-01-13T15:00:00 2027-01-13T16:00:00";
const NOON = { start: "2027-01-12T12:00:00Z", end: "2027-01-12T13:00:00Z" };
const API = { "google-calendar": "google", outlook: "graph" } as const;

const CAUSES = [
  { fault: "status=401", names: "401" },
  { fault: "status=403", names: "403" },
  { fault: "status=429;retry-after=30", names: "429" },
  { fault: "status=500", names: "500" },
  { fault: "status=503", names: "503" },
  { fault: "timeout-before", names: "no answer" },
] as const;

const fail = ({ studio }: Town, rule: object) => studio.call("POST", "/sandbox/faults", { rules: [rule] });
const mend = ({ studio }: Town) => studio.call("DELETE", "/sandbox/faults");

/** Of either API: one event. */
const EVENT_PATH = "^/(google|graph)/.*/events/[^/]+$";

describe.each(CALENDARS)("on %s", (calendar) => {
  describe.each(CAUSES)("every read gives $fault", ({ fault, names }) => {
    test("S01: at the calendar: nothing is cancelled, the alert names the cause, and a drag is caught up with", async () => {
      const town = await openTown({ calendar });
      const { studio, wire, id } = town;
      await fail(town, { api: API[calendar], method: "GET", kinds: [fault] });

      await dragToThree(town);
      await pass(studio, 60, wire);

      expect(await rowOf(studio, id)).toMatchObject({ active: true, version: 1 });
      expect(wire.writes()).toEqual([]);
      const details = (await openAlerts(studio)).map(({ detail }) => detail);
      expect(details.join()).toContain(names);

      await mend(town);
      await pass(studio, 60, wire);
      await expectBoth(studio, [`${id} room-1 ${AT_THREE} Choir`]);
      expect(await openAlerts(studio)).toEqual([]);
      await expectCalm(studio, wire);
    });

    test("S01: at the booking system: nothing is removed, the alert names the cause, and a move is caught up with", async () => {
      const town = await openTown({ calendar });
      const { studio, wire, id } = town;
      await fail(town, { api: "booking", method: "GET", kinds: [fault] });

      await atDesk(studio, "move", { id, ...NOON });
      await pass(studio, 60, wire);

      expect(wire.writes()).toEqual([]);
      const details = (await openAlerts(studio)).map(({ detail }) => detail);
      expect(details.join()).toContain(names);

      await mend(town);
      await pass(studio, 60, wire);
      await expectBoth(studio, [`${id} room-1 ${AT_NOON} Choir`]);
      expect(await openAlerts(studio)).toEqual([]);
      await expectCalm(studio, wire);
    });
  });

  test("S01: a deletion that cannot be confirmed cancels nothing until it can", async () => {
    const town = await openTown({ calendar });
    const { studio, wire, id, eventId } = town;
    await fail(town, { api: API[calendar], method: "GET", path: EVENT_PATH, kinds: ["status=503"] });
    await deleteEvent(studio, ROOM_1, eventId);

    await work(studio, wire);
    await pass(studio, 15, wire);
    expect((await rowOf(studio, id)).active).toBe(true);

    await mend(town);
    await pass(studio, 60, wire);
    await expectBoth(studio, []);
    await expectCalm(studio, wire);
  });

  test("S01: a calendar whose lists say nothing and whose events cannot be read loses no reservation", async () => {
    const town = await openTown({ calendar });
    const { studio, wire, id } = town;
    const rules = [
      { api: API[calendar], method: "GET", path: EVENT_PATH, kinds: ["status=403"] },
      { api: API[calendar], method: "GET", kinds: ["empty"] },
    ];
    await studio.call("POST", "/sandbox/faults", { rules });

    await pass(studio, 60, wire);
    await mend(town);
    await pass(studio, 60, wire);

    await expectBoth(studio, [`${id} room-1 ${AT_TEN} Choir`]);
    expect(wire.writes()).toEqual([]);
  });
});
