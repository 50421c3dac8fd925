import { describe, expect, test, vi } from "vitest";
import type { Studio } from "../flows/studio.ts";
import { work } from "./clockwork.ts";
import { drag, everMade, shownIn } from "./room-calendars.ts";
import { letPass } from "./scene.ts";
import { expectCalm } from "./sides.ts";
import {
  atDesk,
  CALENDARS,
  type CalendarName,
  eventOf,
  expectBoth,
  openTown,
  ROOM_1,
  reservationOf,
  reserve,
  rowOf,
} from "./town.ts";

// Reservations are looked at from 2027-01-10 to 2027-04-12 (excluded); Outlook's changes to 2027-05-11.
vi.setConfig({ testTimeout: 60_000 });
const AT_TEN = "2027-01-12T10:00:00 2027-01-12T11:00:00";

/** So many days go by, with every scheduler's turn several times a day. */
function letDaysPass(studio: Studio, days: number): Promise<void> {
  return letPass(studio, 8 * 60, 3 * days);
}

function loseCursor(studio: Studio, calendar: CalendarName): Promise<unknown> {
  return studio.call(
    "POST",
    `/sandbox/${calendar === "outlook" ? "graph/expire-delta" : "google/expire-sync-tokens"}`,
    {},
  );
}

async function idsShown(studio: Studio): Promise<(string | undefined)[]> {
  return (await shownIn(studio, ROOM_1)).map(reservationOf).sort();
}

describe.each(CALENDARS)("on %s", (calendar) => {
  const open = () => openTown({ calendar });

  test("S09: past reservations that leave the list, one or many, cancel nothing and trip no breaker", async () => {
    const { studio, wire, id } = await open();
    const ids = [id];
    for (let hour = 12; hour < 22; hour++) {
      const times = { start: `2027-01-12T${hour}:00:00Z`, end: `2027-01-12T${hour}:45:00Z` };
      ids.push(await reserve(studio, times));
    }
    await work(studio, wire);
    const before = await shownIn(studio, ROOM_1);
    await letDaysPass(studio, 2);
    wire.calls();

    for (const each of ids) await atDesk(studio, "remove", { id: each });
    await letDaysPass(studio, 3);

    expect(wire.writes()).toEqual([]);
    expect(await shownIn(studio, ROOM_1)).toEqual(before);
    expect(before).toHaveLength(11);
    expect(await studio.holds()).toEqual([]);
  });

  test("S10: reservations at, across and behind the far edge get one event each, told of or not, as the days go by", async () => {
    const { studio, wire, id } = await open();
    const ids = [id];
    const hour = (start: string, end: string, fault: string) =>
      reserve(studio, { start: `2027-${start}:00Z`, end: `2027-${end}:00Z` }, fault);
    for (const fault of ["", "notify-lost"]) {
      const minute = fault === "" ? "00" : "30";
      ids.push(await hour(`04-11T10:${minute}`, `04-11T10:${minute === "00" ? "30" : "59"}`, fault));
      ids.push(await hour(`04-12T12:${minute}`, `04-12T12:${minute === "00" ? "30" : "59"}`, fault));
      ids.push(await hour(`04-15T12:${minute}`, `04-15T12:${minute === "00" ? "30" : "59"}`, fault));
    }
    ids.push(await hour("04-11T20:00", "04-12T02:00", ""));
    await work(studio, wire);

    await letDaysPass(studio, 8);

    expect(await idsShown(studio)).toEqual(ids.toSorted());
    expect(await everMade(studio)).toBe(ids.length);
    await expectCalm(studio, wire);
  });

  test.each([
    ["far", "2027-05-20"],
    ["near", "2027-01-02"],
  ])("S10: a reservation that is moved over the %s edge at the desk, and back, keeps its one event", async (_, day) => {
    const { studio, wire, id, eventId } = await open();

    const away = { start: `${day}T10:00:00Z`, end: `${day}T11:00:00Z` };
    await atDesk(studio, "move", { id, ...away }, "notify-lost");
    await letPass(studio, 5, 6);
    expect(await eventOf(studio, ROOM_1, id)).toMatchObject({ id: eventId, start: `${day}T10:00:00` });
    await atDesk(studio, "move", { id, start: "2027-02-01T15:00:00Z", end: "2027-02-01T16:00:00Z" }, "notify-lost");
    await letPass(studio, 5, 6);

    await expectBoth(studio, [`${id} room-1 2027-02-01T15:00:00 2027-02-01T16:00:00 Choir`]);
    expect(wire.writes()).toEqual(["events.patch", "events.patch"]);
    expect(await everMade(studio)).toBe(1);
    await expectCalm(studio, wire);
  });

  test.each(["2027-04-14", "2027-05-13", "2027-11-01"])(
    "S10: an event dragged over the far edge, to %s, moves its reservation, and stays one as the edge moves on",
    async (day) => {
      const { studio, wire, id, eventId } = await open();

      await drag(studio, eventId, `${day}T10:00:00`, `${day}T11:00:00`);
      await work(studio, wire);
      await letDaysPass(studio, 9);

      expect(wire.writes()).toEqual(["changeReservation"]);
      expect((await eventOf(studio, ROOM_1, id)).id).toBe(eventId);
      const { startMs, active } = await rowOf(studio, id);
      expect([new Date(startMs).toISOString().slice(0, 10), active]).toEqual([day, true]);
      await expectCalm(studio, wire);
    },
  );

  test("S10: an event dragged behind the near edge is not taken for deleted by a list that begins later", async () => {
    const { studio, wire, id, eventId } = await open();
    await drag(studio, eventId, "2027-01-05T10:00:00", "2027-01-05T11:00:00");
    await studio.sandbox.tick();
    studio.publisher.take();
    await loseCursor(studio, calendar);

    await letPass(studio, 10, 6);

    await expectBoth(studio, [`${id} room-1 2027-01-05T10:00:00 2027-01-05T11:00:00 Choir`]);
    expect(wire.writes()).toEqual(["changeReservation"]);
    await expectCalm(studio, wire);
  });

  test("S10: an event across the near edge is neither deleted nor doubled as the edge moves over it", async () => {
    const { studio, wire, id } = await open();

    for (let turn = 0; turn < 24; turn++) {
      await loseCursor(studio, calendar);
      await letPass(studio, 180);
    }

    expect(wire.writes()).toEqual([]);
    await expectBoth(studio, [`${id} room-1 ${AT_TEN} Choir`]);
    await expectCalm(studio, wire);
  });
});
