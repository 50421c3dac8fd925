import { expect, test, vi } from "vitest";
import { type CalendarDoc, calendarRef } from "../../shared/flows/documents.ts";
import { pullCalendar } from "../../shared/flows/pull-calendar.ts";
import type { CalendarTouched } from "../../shared/topics/calendar-touched.ts";
import type { PublishedMessage } from "../fakes/memory-publisher.ts";
import { BAY_1, BAY_2, type Studio, WS } from "../flows/studio.ts";
import { DRAGGED, openWith } from "./booked.ts";
import { compareAll, deliver, pass, pollDyingAt, takeFirst, work } from "./clockwork.ts";
import { atEveryStep, type Scene } from "./every-step.ts";
import { alertsOf, expectBothSides, expectCalm, expectTimes, onCalendar } from "./sides.ts";

// A story is played once for each of its steps.
vi.setConfig({ testTimeout: 60_000 });

const TOUCHED: CalendarTouched = { ws: WS, calendarId: BAY_1, via: "poll" };

async function cursorOf(studio: Studio, calendarId = BAY_1): Promise<string | undefined> {
  return (await studio.store.get<CalendarDoc>(calendarRef(calendarId)))?.data.cursor;
}

async function eventIds(studio: Studio): Promise<string[]> {
  return (await studio.events(BAY_1)).map(({ id }) => id).sort();
}

/** What people do while Lockstep hears of nothing: edited, deleted with and without a tombstone, moved, added. */
async function meanwhile({ studio, ids }: { studio: Studio; ids: string[] }): Promise<void> {
  const [edited = "", deleted = "", purged = "", moved = ""] = ids;
  const event = async (id: string) => (await studio.eventOf(BAY_1, id)).id;
  const dragged = {
    start: { dateTime: "2027-01-20T15:00:00", timeZone: "Europe/London" },
    end: { dateTime: "2027-01-20T16:00:00", timeZone: "Europe/London" },
  };
  await onCalendar(studio, "PATCH", BAY_1, `/${await event(edited)}`, dragged, "notify-lost");
  await onCalendar(studio, "DELETE", BAY_1, `/${await event(deleted)}`, undefined, "notify-lost");
  const purgedEvent = { calendarId: BAY_1, eventId: await event(purged) };
  await studio.call("POST", "/sandbox/google/purge", purgedEvent);
  const move = `/${await event(moved)}/move?destination=${encodeURIComponent(BAY_2)}`;
  await onCalendar(studio, "POST", BAY_1, move, undefined, "notify-lost");
  const own = { summary: "Staff meeting", start: dragged.start, end: dragged.end };
  await onCalendar(studio, "POST", BAY_1, "", own, "notify-lost");
}

/** What must come of it: carried, cancelled twice (what left no tombstone a little later), carried over; the untouched and the foreign stay. */
async function expectReconciled({ studio, wire, ids }: Scene & { readonly ids: string[] }): Promise<void> {
  await studio.call("POST", "/sandbox/options", { pageSize: 2500 });
  expect((await studio.appointment(ids[1] ?? ""))?.["StatusID"]).toBe(9);
  expect((await studio.appointment(ids[2] ?? ""))?.["StatusID"]).toBe(9);
  await expectTimes(studio, [
    "bay 1 2027-01-16T10:00:00 2027-01-16T11:00:00",
    "bay 1 2027-01-20T15:00:00 2027-01-20T16:00:00",
    "bay 2 2027-01-15T10:00:00 2027-01-15T11:00:00",
  ]);
  expect((await studio.events(BAY_1)).filter(({ summary }) => summary === "Staff meeting")).toHaveLength(1);
  expect(await studio.appointments()).toHaveLength(7);
  await expectCalm(studio, wire);
}

test("S29: an expired cursor is answered by a full listing that also finds what was deleted", async () => {
  const scene = await openWith(5);
  const { studio, wire } = scene;
  const before = await cursorOf(studio);
  await meanwhile(scene);
  await studio.call("POST", "/sandbox/google/expire-sync-tokens", { calendarId: BAY_1 });

  await pullCalendar(studio.world, TOUCHED);
  await work(studio, wire);

  expect(studio.logs.map(({ message }) => message)).toContain("cursor expired, listing everything");
  expect(await cursorOf(studio)).not.toBe(before);
  await pass(studio, 10, wire);
  await expectReconciled(scene);
  expect(await alertsOf(studio)).toEqual([]);
});

test("S29: a cursor that expires between two pages begins again, and nothing is taken twice", async () => {
  const scene = await openWith(5);
  const { studio, wire } = scene;
  await meanwhile(scene);
  await studio.call("POST", "/sandbox/options", { pageSize: 2 });
  wire.after("events.list", () => studio.call("POST", "/sandbox/google/expire-sync-tokens", { calendarId: BAY_1 }));

  await pullCalendar(studio.world, TOUCHED);
  await work(studio, wire);

  await pass(studio, 10, wire);
  await expectReconciled(scene);
});

test("S29: a full listing that breaks off half-way is no success: nothing is derived, the next one is whole", async () => {
  const scene = await openWith(5);
  const { studio, wire } = scene;
  const before = await cursorOf(studio);
  await meanwhile(scene);
  await studio.call("POST", "/sandbox/options", { pageSize: 2 });
  await studio.call("POST", "/sandbox/google/expire-sync-tokens", { calendarId: BAY_1 });
  await studio.call("POST", "/sandbox/faults", {
    rules: [{ api: "google", path: "/events", skip: 2, kinds: ["status=503"] }],
  });

  await pullCalendar(studio.world, TOUCHED);
  expect(studio.publisher.published).toEqual([]);
  expect(await cursorOf(studio)).toBe(before);
  expect(wire.writes()).toEqual([]);
  expect(await alertsOf(studio)).toEqual([`calendar-unreadable ${BAY_1}`]);

  await studio.call("DELETE", "/sandbox/faults");
  await pass(studio, 20, wire);
  await expectReconciled(scene);
  expect(await alertsOf(studio)).not.toContain(`calendar-unreadable ${BAY_1}`);
});

test("S29: an expired cursor when nothing happened makes no write and no duplicate", async () => {
  const { studio, wire } = await openWith(5);
  const before = await eventIds(studio);
  await studio.call("POST", "/sandbox/google/expire-sync-tokens", {});

  await pass(studio, 20, wire);

  expect(wire.writes()).toEqual([]);
  expect(await eventIds(studio)).toEqual(before);
});

test("S30: the worker dies at any step of a pull or of what follows: every change is applied, once", async () => {
  const steps = await atEveryStep({
    open: () => openWith(3),
    begin: async ({ studio, ids }) => {
      const [first, second] = [await studio.eventOf(BAY_1, ids[0] ?? ""), await studio.eventOf(BAY_1, ids[1] ?? "")];
      await studio.drag(BAY_1, first.id, "2027-01-20T15:00:00", "2027-01-20T16:00:00");
      await studio.deleteEvent(BAY_1, second.id);
    },
    meanwhile: ({ wire }) => wire.die(),
    end: async ({ studio, wire, ids }) => {
      expect((await studio.appointment(ids[1] ?? ""))?.["StatusID"]).toBe(9);
      expect(await studio.appointments()).toHaveLength(4);
      await expectTimes(studio, [
        "bay 1 2027-01-14T10:00:00 2027-01-14T11:00:00",
        "bay 1 2027-01-20T15:00:00 2027-01-20T16:00:00",
      ]);
      await expectCalm(studio, wire);
    },
  });

  expect(steps).toBeGreaterThan(30);
});

/** A drag of the first booking to three, told by a push that now waits on the bus. */
async function openDragged(): Promise<Scene & { readonly touched: PublishedMessage }> {
  const { studio, wire, ids } = await openWith(1);
  const { id: eventId } = await studio.eventOf(BAY_1, ids[0] ?? "");
  await studio.drag(BAY_1, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
  await studio.sandbox.tick();
  const touched = takeFirst(studio);
  if (touched === undefined) throw new Error("a push makes a message");
  return { studio, wire, touched };
}

test("S30: dead before the cursor was saved, the same changes come twice and are applied once", async () => {
  const { studio, wire, touched } = await openDragged();
  const before = await cursorOf(studio);
  wire.atStep(2, () => wire.die());

  await expect(deliver(studio, touched)).rejects.toThrow("dead");
  expect(await cursorOf(studio)).toBe(before);
  wire.revive();
  await deliver(studio, touched, 2);
  expect(await cursorOf(studio)).not.toBe(before);
  expect(studio.publisher.published).toHaveLength(2);
  await work(studio, wire);

  expect(wire.writes()).toEqual(["bookit", "cancelappointment", "events.patch"]);
  await expectTimes(studio, [DRAGGED]);
});

test("S30: dead after the cursor was saved, nothing is lost and nothing comes twice", async () => {
  const { studio, wire, touched } = await openDragged();
  const before = await cursorOf(studio);
  wire.atStep(3, () => wire.die());

  await expect(deliver(studio, touched)).rejects.toThrow("dead");
  expect(await cursorOf(studio)).not.toBe(before);
  wire.revive();
  await deliver(studio, touched, 2);
  expect(studio.publisher.published).toHaveLength(1);
  await work(studio, wire);

  expect(wire.writes()).toEqual(["bookit", "cancelappointment", "events.patch"]);
  await expectTimes(studio, [DRAGGED]);
});

test("S30: the cursor is never saved before the bus has taken what was seen", async () => {
  const { studio, wire, touched } = await openDragged();
  const before = await cursorOf(studio);
  studio.publisher.failNext();

  await expect(deliver(studio, touched)).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
  expect(await cursorOf(studio)).toBe(before);
  await deliver(studio, touched, 2);
  await work(studio, wire);

  await expectTimes(studio, [DRAGGED]);
});

test("S30: a poll of the booking source that dies before or after its snapshot was saved loses nothing", async () => {
  for (const step of [0, 1, 2, 3, 4, 5]) {
    const { studio, wire, ids } = await openWith(1);
    const change = { id: ids[0], StartTime: "2027-01-13T15:00:00" };
    await studio.call("POST", "/sandbox/uschedule/edit", change, { "x-sandbox-fault": "notify-lost" });

    await pollDyingAt(studio, wire, step);

    expect(wire.writes()).toEqual(["events.patch"]);
    await expectTimes(studio, [DRAGGED]);
  }
});

test("S32: an event edited while a pull is under way makes another pull, and both edits are carried", async () => {
  const { studio, wire, ids } = await openWith(2);
  const [first, second] = [await studio.eventOf(BAY_1, ids[0] ?? ""), await studio.eventOf(BAY_1, ids[1] ?? "")];
  wire.after("events.list", () => studio.drag(BAY_1, second.id, "2027-01-14T15:00:00", "2027-01-14T16:00:00"));

  await studio.drag(BAY_1, first.id, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
  await work(studio, wire);

  await expectTimes(studio, [DRAGGED, "bay 1 2027-01-14T15:00:00 2027-01-14T16:00:00"]);
  await expectCalm(studio, wire);
});

test("S32: two pulls of one calendar at the same moment lose nothing and do nothing twice", async () => {
  const { studio, wire, touched } = await openDragged();

  await Promise.all([deliver(studio, touched), deliver(studio, touched)]);
  await work(studio, wire);

  expect(wire.writes()).toEqual(["bookit", "cancelappointment", "events.patch"]);
  await expectTimes(studio, [DRAGGED]);
  await expectCalm(studio, wire);
});

test("S32: a booking changed again at any step of our answer to the first change is shown as it is last", async () => {
  await atEveryStep({
    open: () => openWith(1),
    begin: ({ studio, ids }) => studio.staff("edit", { id: ids[0], StartTime: "2027-01-13T15:00:00" }),
    meanwhile: ({ studio, ids }) => studio.staff("edit", { id: ids[0], StartTime: "2027-01-14T09:00:00" }),
    end: async ({ studio, wire, ids }) => {
      await expectBothSides(studio, [`${ids[0]} bay 1 2027-01-14T09:00:00 2027-01-14T10:00:00`]);
      await expectCalm(studio, wire);
    },
  });
});

test("S32: a second worker on the same booking at any step of the first: one event, as it is last", async () => {
  const steps = await atEveryStep({
    open: () => openWith(1),
    begin: ({ studio }) => studio.book(1, "2027-01-15T10:00:00"),
    meanwhile: async ({ studio, wire }) => {
      const booked = (await studio.appointments()).at(-1)?.["AppointmentID"];
      await studio.staff("edit", { id: booked, StartTime: "2027-01-15T14:00:00" });
      await work(studio, wire);
    },
    end: async ({ studio, wire, ids }) => {
      await expectBothSides(studio, [
        `${ids[0]} bay 1 2027-01-12T10:00:00 2027-01-12T11:00:00`,
        "410002 bay 1 2027-01-15T14:00:00 2027-01-15T15:00:00",
      ]);
      await expectCalm(studio, wire);
    },
  });

  expect(steps).toBeGreaterThan(5);
});

test("S32: a second worker on the same booking at any step of a move: one booking, one event, as dragged last", async () => {
  const steps = await atEveryStep({
    open: openMoved,
    begin: ({ studio, eventId }) => studio.drag(BAY_1, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00"),
    meanwhile: async ({ studio, wire, eventId }) => {
      await studio.drag(BAY_1, eventId, "2027-01-14T15:00:00", "2027-01-14T16:00:00");
      await work(studio, wire);
    },
    end: async ({ studio, wire }) => {
      // The bus gives a room's messages to one worker at a time: where it does not, the hour's compare mends.
      await compareAll(studio, wire);
      await expectTimes(studio, ["bay 1 2027-01-14T15:00:00 2027-01-14T16:00:00"]);
      await expectCalm(studio, wire);
    },
  });

  expect(steps).toBeGreaterThan(20);
});

/** A booking that was moved before: what both workers would load once is loaded already. */
async function openMoved(): Promise<Scene & { readonly eventId: string }> {
  const { studio, wire, ids } = await openWith(1);
  const { id: eventId } = await studio.eventOf(BAY_1, ids[0] ?? "");
  await studio.drag(BAY_1, eventId, "2027-01-12T12:00:00", "2027-01-12T13:00:00");
  await work(studio, wire);
  await pass(studio, 10, wire);
  wire.calls();
  return { studio, wire, eventId };
}
