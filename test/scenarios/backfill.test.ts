import { describe, expect, test } from "vitest";
import { listBackfill, planBackfill, previewAgain } from "../../shared/flows/backfill.ts";
import { approveHold, rejectHold } from "../../shared/flows/holds.ts";
import { WS } from "../flows/studio.ts";
import { compareAll, pass, work } from "./clockwork.ts";
import { openRooms, type Rooms, reservations } from "./meetings.ts";
import { expectCalm } from "./sides.ts";
import { atDesk } from "./town.ts";

const ACTOR = "operator@town";
const AT = (day: number, hour: number) => `2027-01-${day}T${String(hour).padStart(2, "0")}:00:00Z`;

/** Two reservations, one of them with an event that people typed in, and a meeting of theirs. */
async function openBefore(policy: Record<string, unknown> = {}): Promise<Rooms & { readonly ids: string[] }> {
  const rooms = await openRooms("outlook", { policy: { firstConnection: "ask", ...policy }, isConnected: false });
  const ids: string[] = [];
  for (const hour of [10, 14]) {
    const times = { start: AT(12, hour), end: AT(12, hour + 1) };
    ids.push(String((await atDesk(rooms.studio, "book", { resources: "room-1", ...times, title: "Choir" })).id));
  }
  await rooms.invite({ hour: "10", title: "Choir, typed in" });
  await rooms.invite({ hour: "12" });
  await pass(rooms.studio, 11, rooms.wire);
  return { ...rooms, ids };
}

async function rowOf({ studio }: Rooms) {
  const workspace = studio.world.config.workspaces[WS];
  if (workspace === undefined) throw new Error("no such workspace");
  const [row] = await listBackfill(studio.world, WS, workspace);
  return row;
}

describe("policy firstConnection: ask", () => {
  test("S14: the first connection is counted and listed, and nothing is written to any side before a person agrees", async () => {
    const rooms = await openBefore();

    expect(rooms.wire.writes()).toEqual([]);
    expect(await rowOf(rooms)).toMatchObject({
      ...{ resource: "room-1", state: "waiting", done: 0, total: 2, progress: 0 },
      counts: { adopt: 1, create: 1, import: 1, leaveAlone: 0 },
    });
    const plan = await planBackfill(rooms.studio.world, WS, "room-1");
    expect(plan.adopt).toMatchObject([{ bookingId: rooms.ids[0], why: "same time" }]);
    expect(plan.create).toMatchObject([{ bookingId: rooms.ids[1] }]);
    expect([plan.import.length, plan.leaveAlone.length]).toEqual([1, 0]);
    await expectCalm(rooms.studio, rooms.wire);
  });

  test("approved, it is applied: adopted, created, imported, with nothing left to do", async () => {
    const rooms = await openBefore();
    const { hold } = (await rowOf(rooms)) ?? {};

    await approveHold(rooms.studio.world, WS, hold ?? "", ACTOR);
    await work(rooms.studio, rooms.wire);
    await pass(rooms.studio, 6, rooms.wire);

    const names = (await rooms.meetings()).map((meeting) => meeting.names).sort();
    expect(names).toEqual((await reservations(rooms.studio)).map(({ id }) => id).sort());
    expect(names).toHaveLength(3);
    expect(await rowOf(rooms)).toMatchObject({ state: "done", done: 3, total: 3, progress: 1 });
    const plan = await planBackfill(rooms.studio.world, WS, "room-1");
    expect(plan).toMatchObject({ adopt: [], create: [], import: [], leaveAlone: [], inStep: 3 });
    await expectCalm(rooms.studio, rooms.wire);
  });

  test("whoever dies right after the approval leaves nothing undone: the sweep goes on where it stood", async () => {
    const rooms = await openBefore({ imports: "never" });
    const { hold } = (await rowOf(rooms)) ?? {};
    await approveHold(rooms.studio.world, WS, hold ?? "", ACTOR);
    rooms.studio.publisher.take();

    await compareAll(rooms.studio, rooms.wire);

    expect(await rowOf(rooms)).toMatchObject({ state: "done", done: 2, total: 2 });
  });

  test("rejected, the calendar stays untouched until it is previewed again", async () => {
    const rooms = await openBefore();
    const { hold } = (await rowOf(rooms)) ?? {};
    await rejectHold(rooms.studio.world, WS, hold ?? "", ACTOR);
    await pass(rooms.studio, 11, rooms.wire);
    expect(rooms.wire.writes()).toEqual([]);
    expect(await rowOf(rooms)).toMatchObject({ state: "waiting" });

    await previewAgain(rooms.studio.world, WS, "room-1");
    await approveHold(rooms.studio.world, WS, hold ?? "", ACTOR);
    await pass(rooms.studio, 11, rooms.wire);

    expect(await rowOf(rooms)).toMatchObject({ state: "done" });
  });
});

test("policy firstConnection: apply goes on at once, and shows how far it is", async () => {
  const rooms = await openBefore({ firstConnection: "apply", imports: "never" });

  // The event that was typed in waits for a person; the other reservation has its event.
  expect(await rowOf(rooms)).toMatchObject({ state: "done", done: 2, total: 2 });
  expect((await rooms.meetings()).filter(({ names }) => names !== undefined)).toHaveLength(1);
});
