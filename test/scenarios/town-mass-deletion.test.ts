import { describe, expect, test } from "vitest";
import { approveHold, rejectHold } from "../../shared/flows/holds.ts";
import { approveForGood } from "../flows/approve.ts";
import { WS } from "../flows/studio.ts";
import { pass, work } from "./clockwork.ts";
import { deleteEvent, shownIn } from "./room-calendars.ts";
import { alertsOf, expectCalm } from "./sides.ts";
import {
  atDesk,
  CALENDARS,
  expectBoth,
  openTown,
  ROOM_1,
  ROOM_2,
  reservationOf,
  reserve,
  rowOf,
  type Town,
} from "./town.ts";

// Approved and then undone: `moved-in-place.test.ts`.
const ACTOR = "operator@town";

interface FullTown extends Town {
  /** Ten reservations in room 1. */
  readonly ids: readonly string[];
  readonly lines: readonly string[];
}

describe.each(CALENDARS)("on %s", (calendar) => {
  async function open(): Promise<FullTown> {
    const town = await openTown({ calendar });
    const ids = [town.id];
    const lines = [`${town.id} room-1 2027-01-12T10:00:00 2027-01-12T11:00:00 Choir`];
    for (let day = 13; day < 22; day++) {
      const id = await reserve(town.studio, { start: `2027-01-${day}T10:00:00Z`, end: `2027-01-${day}T11:00:00Z` });
      ids.push(id);
      lines.push(`${id} room-1 2027-01-${day}T10:00:00 2027-01-${day}T11:00:00 Choir`);
    }
    await work(town.studio, town.wire);
    await pass(town.studio, 10, town.wire);
    town.wire.calls();
    return { ...town, ids, lines };
  }

  /** Somebody deletes every event of room 1. */
  async function emptyCalendar({ studio, wire }: FullTown): Promise<void> {
    for (const { id } of await shownIn(studio, ROOM_1)) await deleteEvent(studio, ROOM_1, id);
    await work(studio, wire);
    await pass(studio, 10, wire);
  }

  /** The clerk cancels everything, and no webhook tells. */
  async function cancelAll({ studio, wire, ids }: FullTown): Promise<void> {
    for (const id of ids) await atDesk(studio, "cancel", { id }, "notify-lost");
    await pass(studio, 10, wire);
  }

  async function onlyHold({ studio }: FullTown): Promise<string> {
    const [hold, ...others] = await studio.holds();
    expect(others).toEqual([]);
    expect(hold).toMatchObject({ kind: "breaker", status: "open" });
    return hold?.id ?? "";
  }

  test("S04: a calendar that is emptied: beyond the limit nothing is cancelled, an alert says so, the rest proceeds", async () => {
    const town = await open();
    const { studio, wire, ids } = town;

    await emptyCalendar(town);

    const active = await Promise.all(ids.map(async (id) => (await rowOf(studio, id)).active));
    expect(active.filter((each) => !each).length).toBeLessThanOrEqual(5);
    await onlyHold(town);
    expect((await alertsOf(studio)).map((each) => each.split(" ")[0])).toEqual(["held"]);

    const other = await reserve(studio, { resources: ["room-2"], title: "Band" });
    await work(studio, wire);
    expect((await shownIn(studio, ROOM_2)).map(reservationOf)).toEqual([other]);
    await expectCalm(studio, wire);
  });

  test("S04: approved, the reservations are cancelled; rejected, each event is made again, once", async () => {
    const approved = await open();
    await emptyCalendar(approved);
    await approveForGood(approved.studio, await onlyHold(approved), ACTOR);
    await work(approved.studio, approved.wire);
    await expectBoth(approved.studio, []);
    await expectCalm(approved.studio, approved.wire);

    const rejected = await open();
    await emptyCalendar(rejected);
    const gone = await Promise.all(rejected.ids.map(async (id) => !(await rowOf(rejected.studio, id)).active));
    await rejectHold(rejected.studio.world, WS, await onlyHold(rejected), ACTOR);
    await work(rejected.studio, rejected.wire);
    await expectBoth(
      rejected.studio,
      rejected.lines.filter((_, at) => !gone[at]),
    );
    await expectCalm(rejected.studio, rejected.wire);
  });

  test("S04: most of the reservations are cancelled at once: the events stay until a person approves", async () => {
    const town = await open();
    const { studio, wire } = town;

    await cancelAll(town);
    expect(wire.writes()).toEqual([]);
    expect(await shownIn(studio, ROOM_1)).toHaveLength(10);

    await approveHold(studio.world, WS, await onlyHold(town), ACTOR);
    await work(studio, wire);
    await expectBoth(studio, []);
    expect(await alertsOf(studio)).toEqual([]);
    await expectCalm(studio, wire);
  });
});
