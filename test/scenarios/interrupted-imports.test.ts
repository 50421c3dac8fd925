import { describe, expect, test, vi } from "vitest";
import { bookingApi } from "../../shared/providers/booking-api/index.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import type { PublishedMessage } from "../fakes/memory-publisher.ts";
import { deliver, pass, takeAll, work } from "./clockwork.ts";
import { atEveryStep } from "./every-step.ts";
import { openRooms, type Rooms, reservations } from "./meetings.ts";
import { atDesk, CALENDARS } from "./town.ts";

// Whole stories, once for each step.
vi.setConfig({ testTimeout: 60_000 });

const TEN = { start: "2027-01-12T10:00:00Z", end: "2027-01-12T11:00:00Z" };

/** One reservation, whose one meeting names it, at the same time, and nothing left to do. */
async function expectOne(rooms: Rooms, hour: string): Promise<void> {
  const rows = await reservations(rooms.studio);
  const meetings = await rooms.meetings();
  expect(rows.map(({ startMs }) => new Date(startMs).toISOString().slice(11, 13))).toEqual([hour]);
  expect(meetings.map(({ start, names }) => [start.slice(11, 13), names])).toEqual([[hour, rows[0]?.id]]);
  await expectAtRest(rooms);
}

async function expectAtRest({ studio, wire }: Rooms): Promise<void> {
  wire.calls();
  await pass(studio, 10, wire);
  expect(wire.writes()).toEqual([]);
  expect((await studio.maps()).filter(({ dirty }) => dirty)).toEqual([]);
}

/** Answers the message of whose import nobody knows the answer. */
async function dieAfterOrder(rooms: Rooms): Promise<PublishedMessage> {
  const { studio, wire } = rooms;
  await rooms.invite();
  await studio.sandbox.tick();
  for (const touched of takeAll(studio)) await deliver(studio, touched);
  const [begun, ...others] = takeAll(studio);
  if (begun === undefined || others.length > 0) throw new Error("one meeting is one message");
  wire.after("createReservation", () => wire.die());
  await deliver(studio, begun).catch(() => {});
  wire.revive();
  expect(await reservations(studio)).toHaveLength(1);
  expect(await studio.maps()).toEqual([]);
  return begun;
}

/** The source says of no reservation with what key it was made. */
function withoutKeys(sandbox: typeof fetch): typeof fetch {
  return async (input, init) => {
    const answer = await sandbox(input, init);
    if (!String(input).includes("/booking/")) return answer;
    const text = (await answer.text()).replaceAll(/,"madeWith":"[^"]*"/g, "");
    return new Response(text === "" ? null : text, { status: answer.status, headers: answer.headers });
  };
}

/** A source that is known for that. */
const FORGETFUL = {
  fetch: withoutKeys,
  providers: {
    ...PROVIDERS,
    "booking-api": {
      ...bookingApi,
      connect(connection: Parameters<typeof bookingApi.connect>[0]) {
        const source = bookingApi.connect(connection);
        return { ...source, capabilities: { ...source.capabilities, tellsKeys: false } };
      },
    },
  },
};

test.each([
  ["is nobody's import where the source tells keys: nobody asks", {}, 0],
  ["may be one where it does not: whoever began an import of that time asks", FORGETFUL, 1],
])("a reservation without a key %s", async (_, options, asked) => {
  const rooms = await openRooms("google-calendar", options);
  const { studio, wire } = rooms;
  await rooms.invite();
  await studio.sandbox.tick();
  for (const touched of takeAll(studio)) await deliver(studio, touched);
  const [begun] = takeAll(studio);
  if (begun === undefined) throw new Error("one meeting is one message");
  wire.before("createReservation", () => wire.die());
  await deliver(studio, begun).catch(() => {});
  wire.revive();
  wire.calls();

  await atDesk(studio, "book", { resources: ["room-1"], kind: "allocation", title: "Choir", ...TEN });
  await studio.sandbox.tick();
  for (const told of takeAll(studio)) await deliver(studio, told);
  for (const told of takeAll(studio)) await deliver(studio, told);

  expect(wire.calls().filter(({ operation }) => operation === "createReservation")).toHaveLength(asked);
});

describe.each(CALENDARS)("at %s", (calendar) => {
  const sources = [
    ["tells what made a booking", () => openRooms(calendar)],
    ["does not tell", () => openRooms(calendar, FORGETFUL)],
  ] as const;

  describe.each(sources)("a source that %s", (_, open) => {
    test("S13: dying at any step of an import makes neither a second reservation nor a second event, and loses no meeting", async () => {
      const steps = await atEveryStep({
        open,
        begin: (rooms) => rooms.invite(),
        meanwhile: ({ wire }) => wire.die(),
        end: (rooms) => expectOne(rooms, "10"),
      });

      expect(steps).toBeGreaterThan(12);
    });

    test("S13: dying right after the order, with the reservation's own webhook handled before anything else", async () => {
      const rooms = await open();
      const begun = await dieAfterOrder(rooms);

      await work(rooms.studio, rooms.wire);

      await expectOne(rooms, "10");
      await deliver(rooms.studio, begun, 2);
      await expectOne(rooms, "10");
    });

    test("S13: the webhook's worker dies at any step of that", async () => {
      await atEveryStep({
        open,
        begin: dieAfterOrder,
        meanwhile: ({ wire }) => wire.die(),
        end: (rooms) => expectOne(rooms, "10"),
      });
    });

    test("S15: the import goes on in another worker at any step of the webhook's", async () => {
      await atEveryStep({
        async open() {
          const rooms = await open();
          return { ...rooms, begun: await dieAfterOrder(rooms) };
        },
        begin: async () => {},
        meanwhile: ({ studio, begun }) => deliver(studio, begun, 2),
        end: (rooms) => expectOne(rooms, "10"),
      });
    });

    test("S15: the webhook is handled by another worker while the import waits for its answer", async () => {
      const rooms = await open();
      await rooms.invite();
      rooms.wire.after("createReservation", () => work(rooms.studio));

      await work(rooms.studio, rooms.wire);

      await expectOne(rooms, "10");
    });
  });

  test("S61: moved by people at any step of its import, the meeting and its reservation end where people want it", async () => {
    await atEveryStep({
      open: () => openRooms(calendar),
      begin: (rooms) => rooms.invite(),
      async meanwhile(rooms) {
        const [meeting] = await rooms.meetings();
        await rooms.drag(meeting?.id ?? "", "14");
      },
      end: (rooms) => expectOne(rooms, "14"),
    });
  });

  test("S61: moved at any step of which the worker dies, too", async () => {
    await atEveryStep({
      open: () => openRooms(calendar),
      begin: (rooms) => rooms.invite(),
      async meanwhile(rooms) {
        const [meeting] = await rooms.meetings();
        await rooms.drag(meeting?.id ?? "", "14");
        rooms.wire.die();
      },
      end: (rooms) => expectOne(rooms, "14"),
    });
  });

  test("S61: moved at the desk at any step once there is a reservation, the meeting follows", async () => {
    await atEveryStep({
      open: () => openRooms(calendar),
      begin: (rooms) => rooms.invite(),
      async meanwhile({ studio, wire }) {
        const [row] = await reservations(studio);
        const three = { start: "2027-01-12T15:00:00Z", end: "2027-01-12T16:00:00Z" };
        if (row !== undefined) await atDesk(studio, "move", { id: row.id, ...three });
        wire.die();
      },
      async end(rooms) {
        const [row] = await reservations(rooms.studio);
        await expectOne(rooms, new Date(row?.startMs ?? 0).toISOString().slice(11, 13));
      },
    });
  });

  test("S59: carried to the other room at any step of its import, its one reservation ends there", async () => {
    await atEveryStep({
      open: () => openRooms(calendar),
      begin: (rooms) => rooms.invite(),
      async meanwhile(rooms) {
        const [meeting] = await rooms.meetings();
        await rooms.carryOver(meeting?.id ?? "");
        rooms.wire.die();
      },
      async end(rooms) {
        expect((await reservations(rooms.studio)).map(({ resources }) => resources)).toEqual([["room-2"]]);
        expect((await rooms.meetings()).map(({ calendarId }) => calendarId)).toEqual([rooms.calendars[1]]);
        await expectOne(rooms, "10");
      },
    });
  });

  test("S59: carried to the other room before anybody knows its reservation, it is not reserved there once more", async () => {
    const rooms = await openRooms(calendar);
    const { studio } = rooms;
    await dieAfterOrder(rooms);
    const [meeting] = await rooms.meetings();
    await rooms.carryOver(meeting?.id ?? "");
    await studio.sandbox.tick();
    const ofRoom2 = ({ data }: PublishedMessage) => data.includes(rooms.calendars[1]);

    for (const message of takeAll(studio).filter(ofRoom2)) await deliver(studio, message);
    for (const message of takeAll(studio).filter(ofRoom2)) await deliver(studio, message);

    expect(await reservations(studio)).toHaveLength(1);
    await pass(studio, 11, rooms.wire);
    expect((await reservations(studio)).map(({ resources }) => resources)).toEqual([["room-2"]]);
    await expectOne(rooms, "10");
  });

  test("deleted by people at any step of its import, no reservation stays and no meeting comes back", async () => {
    await atEveryStep({
      open: () => openRooms(calendar),
      begin: (rooms) => rooms.invite(),
      async meanwhile(rooms) {
        const [meeting] = await rooms.meetings();
        await rooms.remove(meeting?.id ?? "");
        rooms.wire.die();
      },
      async end(rooms) {
        expect(await reservations(rooms.studio)).toEqual([]);
        expect(await rooms.meetings()).toEqual([]);
        await expectAtRest(rooms);
      },
    });
  });

  test("cancelled at the desk at any step once there is a reservation, the meeting goes and is not imported again", async () => {
    await atEveryStep({
      open: () => openRooms(calendar),
      begin: (rooms) => rooms.invite(),
      async meanwhile({ studio, wire }) {
        const [row] = await reservations(studio);
        if (row !== undefined) await atDesk(studio, "cancel", { id: row.id });
        wire.die();
      },
      async end(rooms) {
        const rows = await reservations(rooms.studio);
        expect((await rooms.meetings()).map(({ names }) => names)).toEqual(rows.map(({ id }) => id));
        expect(rows.length).toBeLessThan(2);
        await expectAtRest(rooms);
      },
    });
  });
});
