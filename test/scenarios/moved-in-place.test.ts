import { describe, expect, test, vi } from "vitest";
import { undoHold } from "../../shared/flows/holds.ts";
import type { PublishedMessage } from "../fakes/memory-publisher.ts";
import { approveForGood } from "../flows/approve.ts";
import { WS } from "../flows/studio.ts";
import { deliver, pass, takeFirst, work } from "./clockwork.ts";
import { atEveryStep } from "./every-step.ts";
import { carryToRoom2, deleteEvent, drag, isOutlook } from "./room-calendars.ts";
import { expectCalm, openReviews } from "./sides.ts";
import {
  askedOf,
  atDesk,
  CALENDARS,
  dragToThree,
  eventOf,
  expectBoth,
  openTown,
  ROOM_1,
  ROOM_2,
  reserve,
  rowOf,
  type Town,
  type TownOptions,
} from "./town.ts";

// A story is played once for each of its steps.
vi.setConfig({ testTimeout: 120_000 });

/** What a notification makes Lockstep ask the calendar. */
const LOOK = { "google-calendar": ["events.list"], outlook: ["calendarView.delta", "events.get"] } as const;
const AT_TEN = "2027-01-12T10:00:00 2027-01-12T11:00:00";
const AT_THREE = "2027-01-13T15:00:00 2027-01-13T16:00:00";

function toRoom2({ studio, eventId }: Town): Promise<unknown> {
  return carryToRoom2(studio, eventId);
}

/** The same event as before, which keeps its id where the calendar lets it. */
async function expectSameEvent({ studio, id, eventId }: Town): Promise<void> {
  const event = await eventOf(studio, ROOM_2, id);
  if (!isOutlook(studio)) expect(event.id).toBe(eventId);
}

/** What other workers do while room 1's is busy: a room's messages come one at a time. Answers how many there were. */
async function workBesideRoom1(studio: Town["studio"]): Promise<number> {
  const waiting: PublishedMessage[] = [];
  let delivered = 0;
  await studio.sandbox.tick();
  for (let message = takeFirst(studio); message !== undefined; message = takeFirst(studio)) {
    if (message.orderingKey === `${WS}/room-1`) {
      waiting.push(message);
      continue;
    }
    await deliver(studio, message);
    delivered += 1;
  }
  for (const { topic, ...message } of waiting) await studio.publisher.publish(topic, [message]);
  return delivered;
}

describe.each(CALENDARS)("on %s", (calendar) => {
  const open = (options: TownOptions = {}) => openTown({ calendar, ...options });

  describe("a dragged event", () => {
    test("moves its reservation in place: the same id, one version further, nothing left to do", async () => {
      const town = await open();

      await dragToThree(town);
      await work(town.studio, town.wire);

      await expectBoth(town.studio, [`${town.id} room-1 ${AT_THREE} Choir`]);
      expect((await rowOf(town.studio, town.id)).version).toBe(2);
      expect((await eventOf(town.studio, ROOM_1, town.id)).id).toBe(town.eventId);
      await expectCalm(town.studio, town.wire);
    });

    test("costs one list and one write, an intent and two documents; its own webhook costs no call", async () => {
      const { studio, wire, ...town } = await open();
      await dragToThree({ studio, wire, ...town });
      await studio.sandbox.tick();
      Object.assign(studio.counts, { reads: 0, writes: 0 });
      for (let message = takeFirst(studio); message !== undefined; message = takeFirst(studio)) {
        await deliver(studio, message);
      }

      expect(wire.calls().map(({ operation }) => operation)).toEqual([...LOOK[calendar], "changeReservation"]);
      // Cursor, map, booking and the room's week are read; intent, map, booking, week and cursor are written (DESIGN §5, decision 066).
      expect(studio.counts).toMatchObject({ reads: 4, writes: 5 });

      await studio.sandbox.tick();
      await work(studio, wire);
      expect(wire.calls().filter(({ path }) => path.startsWith("/booking/"))).toEqual([]);
    });

    test("S49: what staff change meanwhile is kept; the move rests on it", async () => {
      const town = await open();
      await atDesk(town.studio, "edit", { id: town.id, title: "Band" }, "notify-lost");

      await dragToThree(town);
      await work(town.studio, town.wire);

      expect(askedOf(town.wire)).toEqual(["changeReservation", "readReservation", "changeReservation"]);
      await expectBoth(town.studio, [`${town.id} room-1 ${AT_THREE} Band`]);
      await expectCalm(town.studio, town.wire);
    });

    test("S62: a cancellation meanwhile wins", async () => {
      const town = await open();
      town.wire.before("changeReservation", () => atDesk(town.studio, "cancel", { id: town.id }));

      await dragToThree(town);
      await work(town.studio, town.wire);

      expect((await rowOf(town.studio, town.id)).active).toBe(false);
      await expectBoth(town.studio, []);
      await expectCalm(town.studio, town.wire);
    });

    test.each([
      ["slot-taken", "book", { resources: ["room-1"], start: "2027-01-13T15:30:00Z", end: "2027-01-13T17:00:00Z" }],
      ["time-not-writable", "close", { resource: "room-1", start: "2027-01-13", end: "2027-01-14" }],
    ])("S49: goes back where the system says no, and a person is asked (%s)", async (question, action, body) => {
      const town = await open();
      await atDesk(town.studio, action, body, "notify-lost");

      await dragToThree(town);
      await work(town.studio, town.wire);

      expect(await rowOf(town.studio, town.id)).toMatchObject({ version: 1, active: true });
      expect((await eventOf(town.studio, ROOM_1, town.id)).start).toContain("2027-01-12T10:00");
      expect(await openReviews(town.studio)).toEqual([`${question} booking:${town.id}`]);
    });

    test("S61: a second drag while the first is carried over is honoured", async () => {
      const town = await open();
      town.wire.after("changeReservation", () =>
        drag(town.studio, town.eventId, "2027-01-14T08:00:00", "2027-01-14T09:00:00"),
      );

      await dragToThree(town);
      await work(town.studio, town.wire);

      await expectBoth(town.studio, [`${town.id} room-1 2027-01-14T08:00:00 2027-01-14T09:00:00 Choir`]);
      await expectCalm(town.studio, town.wire);
    });

    test("S24: a system that rounds has the last word, and it settles", async () => {
      const rounding = (sandbox: typeof fetch): typeof fetch => {
        return (input, init) =>
          init?.method === "PATCH" && String(input).includes("/booking/")
            ? sandbox(input, { ...init, body: String(init.body).replaceAll(/:07:00/g, ":00:00") })
            : sandbox(input, init);
      };
      const town = await open({ fetch: rounding });

      await drag(town.studio, town.eventId, "2027-01-13T15:07:00", "2027-01-13T16:07:00");
      await work(town.studio, town.wire);

      await expectBoth(town.studio, [`${town.id} room-1 ${AT_THREE} Choir`]);
      await expectCalm(town.studio, town.wire);
    });

    test("S22: of a reservation in two rooms moves the event in the other room, too", async () => {
      const town = await open({ rooms: ["room-1", "room-2"] });
      await atDesk(town.studio, "edit", { id: town.id, description: "Two rooms" });
      await work(town.studio, town.wire);

      await dragToThree(town);
      await work(town.studio, town.wire);

      await expectBoth(town.studio, [`${town.id} room-1 ${AT_THREE} Choir`, `${town.id} room-2 ${AT_THREE} Choir`]);
      await expectCalm(town.studio, town.wire);
    });

    test("S13, S30: whenever the worker dies, both sides agree afterwards, and nothing is there twice", async () => {
      const steps = await atEveryStep<Town>({
        open,
        begin: dragToThree,
        meanwhile: ({ wire }) => wire.die(),
        end: async ({ studio, wire, id }) => {
          await expectBoth(studio, [`${id} room-1 ${AT_THREE} Choir`]);
          expect((await rowOf(studio, id)).version).toBe(2);
          await expectCalm(studio, wire);
        },
      });

      expect(steps).toBeGreaterThan(5);
    });

    test("S49, S61: whenever staff change the title, both edits are on both sides afterwards", async () => {
      const steps = await atEveryStep<Town>({
        open,
        begin: dragToThree,
        meanwhile: ({ studio, id }) => atDesk(studio, "edit", { id, title: "Band" }),
        end: async ({ studio, wire, id }) => {
          await expectBoth(studio, [`${id} room-1 ${AT_THREE} Band`]);
          await expectCalm(studio, wire);
        },
      });

      expect(steps).toBeGreaterThan(5);
    });

    test("S64: an outage at the booking system parks the move, which is made when it is over", async () => {
      const town = await open();
      const mend = town.wire.answer("changeReservation", () => new Response("down", { status: 503 }));
      await dragToThree(town);
      await work(town.studio, town.wire);
      expect((await rowOf(town.studio, town.id)).version).toBe(1);

      mend();
      await pass(town.studio, 15, town.wire);

      await expectBoth(town.studio, [`${town.id} room-1 ${AT_THREE} Choir`]);
      await expectCalm(town.studio, town.wire);
    });
  });

  describe("an event moved to another room's calendar", () => {
    test("S59: moves its reservation to that room, and stays the same event", async () => {
      const town = await open();

      await toRoom2(town);
      await work(town.studio, town.wire);

      await expectBoth(town.studio, [`${town.id} room-2 ${AT_TEN} Choir`]);
      expect(await rowOf(town.studio, town.id)).toMatchObject({ version: 2 });
      const event = await eventOf(town.studio, ROOM_2, town.id);
      await expectSameEvent(town);
      expect(event.marks).toMatchObject({ room: "2" });
      expect((await town.studio.maps()).map(({ resource, status }) => `${resource} ${status}`)).toEqual([
        "room-2 active",
      ]);
      await expectCalm(town.studio, town.wire);
    });

    test("S59: nothing is made twice there, though the system tells of the change in the middle", async () => {
      const town = await open();
      let delivered = 0;
      town.wire.after("changeReservation", async () => {
        delivered = await workBesideRoom1(town.studio);
      });

      await toRoom2(town);
      await work(town.studio, town.wire);

      expect(delivered).toBeGreaterThan(1);
      expect(town.wire.writes()).not.toContain("events.insert");
      await expectBoth(town.studio, [`${town.id} room-2 ${AT_TEN} Choir`]);
      await expectCalm(town.studio, town.wire);
    });

    test("S59: goes back where that room is taken, and a person is asked", async () => {
      const town = await open();
      const other = await reserve(town.studio, { resources: ["room-2"], title: "Band" });
      await work(town.studio, town.wire);

      await toRoom2(town);
      await work(town.studio, town.wire);

      await expectBoth(town.studio, [`${town.id} room-1 ${AT_TEN} Choir`, `${other} room-2 ${AT_TEN} Band`]);
      expect(await openReviews(town.studio)).toEqual([`slot-taken booking:${town.id}`]);
      await expectCalm(town.studio, town.wire);
    });

    test("S59: of a reservation in two rooms is not guessed at", async () => {
      const town = await open({ rooms: ["room-1", "room-2"] });

      await toRoom2(town);
      await work(town.studio, town.wire);

      expect(await rowOf(town.studio, town.id)).toMatchObject({ version: 1, resources: ["room-1", "room-2"] });
      expect(await openReviews(town.studio)).toEqual([`resource-not-writable booking:${town.id}`]);
    });

    test("S13, S59: whenever the worker dies, reservation and event are in that room afterwards, once", async () => {
      const steps = await atEveryStep<Town>({
        open,
        begin: toRoom2,
        meanwhile: ({ wire }) => wire.die(),
        end: async (town) => {
          const { studio, wire, id } = town;
          await expectBoth(studio, [`${id} room-2 ${AT_TEN} Choir`]);
          await expectSameEvent(town);
          await expectCalm(studio, wire);
        },
      });

      expect(steps).toBeGreaterThan(5);
    });
  });

  describe("versions", () => {
    test("S15: a webhook that comes again, or late, costs no call", async () => {
      const { studio, wire, id } = await open();
      await atDesk(studio, "edit", { id, title: "Band" });
      await work(studio, wire);
      wire.calls();

      for (const delivery of studio.webhooks) await studio.receiveWebhook({ ...delivery, id: `again-${delivery.id}` });
      await work(studio, wire);

      expect(wire.calls()).toEqual([]);
    });

    test("S15: a webhook of a reservation that is known costs one read of it, wherever it goes", async () => {
      const town = await open();
      const { studio, wire, id } = town;

      await atDesk(studio, "edit", { id, title: "Band" });
      await work(studio, wire);
      expect(askedOf(wire)).toEqual(["readReservation"]);

      await atDesk(studio, "rooms", { id, resources: ["room-2"] });
      await work(studio, wire);
      await expectBoth(studio, [`${id} room-2 ${AT_TEN} Band`]);
      await expectCalm(studio, wire);
    });

    test("S58: an answer older than what was announced is no news: nothing moves back", async () => {
      const town = await open();
      const { studio, wire, id } = town;
      await studio.call("POST", "/sandbox/faults", {
        rules: [{ api: "booking", method: "GET", path: "/reservations", kinds: ["stale"] }],
      });
      await atDesk(studio, "move", { id, start: "2027-01-13T15:00:00Z", end: "2027-01-13T16:00:00Z" });
      await work(studio, wire);
      expect((await eventOf(studio, ROOM_1, id)).start).toContain("2027-01-12T10:00");
      expect((await studio.maps())[0]?.error?.code).toBe("PROVIDER_UNAVAILABLE");

      await studio.call("DELETE", "/sandbox/faults");
      await pass(studio, 15, wire);

      await expectBoth(studio, [`${id} room-1 ${AT_THREE} Choir`]);
      await expectCalm(studio, wire);
    });
  });

  test("S04: a cancellation that was held, approved and undone is enabled again under its own id", async () => {
    const town = await open({ policy: { breakerCount: 1, breakerPercent: 1 } });
    const { studio, wire } = town;
    const other = await reserve(studio, { resources: ["room-2"] });
    await work(studio, wire);
    const { id: otherEvent } = await eventOf(studio, ROOM_2, other);
    await deleteEvent(studio, ROOM_1, town.eventId);
    await deleteEvent(studio, ROOM_2, otherEvent);
    await work(studio, wire);
    const [hold] = await studio.holds();
    await approveForGood(studio, hold?.id ?? "", "a person");
    await work(studio, wire);
    const held = hold?.items.map(({ bookingId }) => bookingId) ?? [];
    expect(held.length).toBeGreaterThan(0);
    for (const id of held) expect((await rowOf(studio, id)).active).toBe(false);

    await undoHold(studio.world, WS, hold?.id ?? "", "a person");
    await work(studio, wire);

    for (const id of held) expect((await rowOf(studio, id)).active).toBe(true);
    expect(await openReviews(studio)).toEqual([]);
    await expectCalm(studio, wire);
  });
});
