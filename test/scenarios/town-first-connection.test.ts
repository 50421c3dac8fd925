import { describe, expect, test } from "vitest";
import { approveHold, rejectHold } from "../../shared/flows/holds.ts";
import { WS } from "../flows/studio.ts";
import { pass, work } from "./clockwork.ts";
import { openRooms, type Rooms } from "./meetings.ts";
import { expectCalm } from "./sides.ts";
import { CALENDARS, reserve } from "./town.ts";

// With policy `firstConnection: ask`: `backfill.test.ts`. What becomes of meetings where they are imported: `imports.test.ts`.
const ACTOR = "operator@town";

interface Found extends Rooms {
  readonly twin: string;
  /** Reserved at ten, as the twin; and at two, without an event. */
  readonly typed: string;
  readonly missing: string;
}

describe.each(CALENDARS)("a room's calendar at %s that already holds twins", (calendar) => {
  /** Connected for ten minutes. */
  async function open(): Promise<Found> {
    const rooms = await openRooms(calendar, { isConnected: false });
    const { policy } = rooms.studio.world.config.workspaces[WS] ?? { policy: {} };
    Object.assign(policy, { imports: "never" });
    const typed = await reserve(rooms.studio);
    const missing = await reserve(rooms.studio, { start: "2027-01-12T14:00:00Z", end: "2027-01-12T15:00:00Z" });
    const twin = await rooms.invite({ hour: "10", title: "Choir, phoned" });
    await rooms.invite({ hour: "15", title: "Budget" });
    await pass(rooms.studio, 11, rooms.wire);
    return { ...rooms, twin, typed, missing };
  }

  async function hold({ studio }: Found): Promise<string> {
    const [first, ...others] = await studio.holds();
    expect(others).toEqual([]);
    expect(first).toMatchObject({ kind: "adoption", status: "open" });
    return first?.id ?? "";
  }

  async function namedBy(found: Found): Promise<string[]> {
    return (await found.meetings()).map(({ start, names }) => `${start.slice(11)} ${names}`).sort();
  }

  test("S14: the twin is shown for adoption and left alone; no second event is made beside it", async () => {
    const found = await open();
    const { studio, wire, twin, typed, missing } = found;

    expect((await studio.holds())[0]?.items).toMatchObject([{ bookingId: typed, eventId: twin }]);
    expect(await namedBy(found)).toEqual(["10:00 undefined", `14:00 ${missing}`, "15:00 undefined"]);
    expect(wire.writes()).toEqual(["events.insert"]);
    await expectCalm(studio, wire);
  });

  test("S14: approved, the twin becomes the reservation's event in place, and follows it; others stay as they are", async () => {
    const found = await open();
    const { studio, wire, twin, typed, missing } = found;

    await approveHold(studio.world, WS, await hold(found), ACTOR);
    await work(studio, wire);
    await pass(studio, 10, wire);

    expect(await namedBy(found)).toEqual([`10:00 ${typed}`, `14:00 ${missing}`, "15:00 undefined"]);
    expect((await found.meetings()).find(({ names }) => names === typed)?.id).toBe(twin);
    await expectCalm(studio, wire);
    await found.remove(twin);
    await work(studio, wire);
    expect(await namedBy(found)).toEqual([`14:00 ${missing}`, "15:00 undefined"]);
    await expectCalm(studio, wire);
  });

  test("S14: rejected, the reservation gets an event of its own, and the twin stays as it is", async () => {
    const found = await open();
    const { studio, wire, typed, missing } = found;

    await rejectHold(studio.world, WS, await hold(found), ACTOR);
    await work(studio, wire);
    await pass(studio, 10, wire);

    const ends = [`10:00 ${typed}`, "10:00 undefined", `14:00 ${missing}`, "15:00 undefined"];
    expect(await namedBy(found)).toEqual(ends.sort());
    await expectCalm(studio, wire);
  });
});
