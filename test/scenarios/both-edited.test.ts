import { expect, test, vi } from "vitest";
import { BAY_1 } from "../flows/studio.ts";
import { type Booked, openBooked } from "./booked.ts";
import { work } from "./clockwork.ts";
import { atEveryStep } from "./every-step.ts";
import {
  bookedLines,
  expectBothSides,
  expectCalm,
  expectTimes,
  lostOf,
  onCalendar,
  openReviews,
  shownLines,
  withoutId,
} from "./sides.ts";

// A story is played once for each of its steps.
vi.setConfig({ testTimeout: 60_000 });

test("S61: a second drag at any step of our answer to the first is honoured", async () => {
  const steps = await atEveryStep({
    open: () => openBooked(),
    begin: ({ studio, eventId }) => studio.drag(BAY_1, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00"),
    meanwhile: ({ studio, eventId }) => studio.drag(BAY_1, eventId, "2027-01-14T09:00:00", "2027-01-14T10:00:00"),
    end: async ({ studio, wire, eventId }) => {
      await expectTimes(studio, ["bay 1 2027-01-14T09:00:00 2027-01-14T10:00:00"]);
      expect((await studio.events(BAY_1)).map(({ id }) => id)).toEqual([eventId]);
      expect(await openReviews(studio)).toEqual([]);
      await expectCalm(studio, wire);
    },
  });

  expect(steps).toBeGreaterThan(20);
});

test("S61: a drag at any step of our answer to a change at the source is honoured", async () => {
  await atEveryStep({
    open: () => openBooked({ merge: "last-write-wins" }),
    begin: ({ studio, id }) => studio.staff("edit", { id, StartTime: "2027-01-13T15:00:00" }),
    meanwhile: ({ studio, eventId }) => {
      studio.clock.advance(5_000);
      return studio.drag(BAY_1, eventId, "2027-01-14T09:00:00", "2027-01-14T10:00:00");
    },
    end: async ({ studio, wire }) => {
      await expectTimes(studio, ["bay 1 2027-01-14T09:00:00 2027-01-14T10:00:00"]);
      await expectCalm(studio, wire);
    },
  });
});

test("S61: a change at the source at any step of our answer to a drag is honoured: the source wins", async () => {
  await atEveryStep({
    open: () => openBooked(),
    begin: ({ studio, eventId }) => studio.drag(BAY_1, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00"),
    meanwhile: async ({ studio }) => {
      const id = (await bookedLines(studio)).at(-1)?.split(" ")[0];
      await studio.staff("edit", { id, StartTime: "2027-01-14T09:00:00" });
    },
    end: async ({ studio, wire }) => {
      await expectTimes(studio, ["bay 1 2027-01-14T09:00:00 2027-01-14T10:00:00"]);
      await expectCalm(studio, wire);
    },
  });
});

test("S61: a new title at any step of our answer to a drag stays on the event", async () => {
  await atEveryStep({
    open: () => openBooked(),
    begin: ({ studio, eventId }) => studio.drag(BAY_1, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00"),
    meanwhile: ({ studio, eventId }) =>
      onCalendar(studio, "PATCH", BAY_1, `/${eventId}`, { summary: "Maya (birthday)" }),
    end: async ({ studio, wire }) => {
      await expectTimes(studio, ["bay 1 2027-01-13T15:00:00 2027-01-13T16:00:00"]);
      expect((await studio.events(BAY_1)).map(({ summary }) => summary)).toEqual(["Maya (birthday)"]);
      await expectCalm(studio, wire);
    },
  });
});

test("S61: a new title at any step of our answer to a drag and a renamed guest stands, or is kept as what did not prevail", async () => {
  await atEveryStep({
    open: () => openBooked(),
    begin: async ({ studio, id, eventId }) => {
      const untold = { "x-sandbox-fault": "notify-lost" };
      await studio.call("POST", "/sandbox/uschedule/edit", { id, CustomerName: "Maya Berg" }, untold);
      await studio.drag(BAY_1, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
    },
    meanwhile: ({ studio, eventId }) =>
      onCalendar(studio, "PATCH", BAY_1, `/${eventId}`, { summary: "Maya (birthday)" }),
    end: async ({ studio, wire }) => {
      await expectTimes(studio, ["bay 1 2027-01-13T15:00:00 2027-01-13T16:00:00"]);
      const [event] = await studio.events(BAY_1);
      const [line] = await bookedLines(studio);
      const lost = await lostOf(studio, line?.split(" ")[0] ?? "");
      const outcome = event?.summary === "Maya Berg" ? lost : [["calendar", "title", event?.summary]];
      expect(outcome).toContainEqual(["calendar", "title", "Maya (birthday)"]);
      await expectCalm(studio, wire);
    },
  });
});

test("S61: the event is deleted at any step of our answer to a drag: the booking is cancelled, wherever it is by then", async () => {
  await atEveryStep({
    open: () => openBooked(),
    begin: ({ studio, eventId }) => studio.drag(BAY_1, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00"),
    meanwhile: ({ studio, eventId }) => studio.deleteEvent(BAY_1, eventId),
    end: async ({ studio, wire }) => {
      await expectBothSides(studio, []);
      await expectCalm(studio, wire);
    },
  });
});

/** Staff move the booking to two, somebody drags its event to four; nobody has told Lockstep of either yet. */
async function editBoth({ studio, id, eventId }: Booked): Promise<void> {
  await studio.staff("edit", { id, StartTime: "2027-01-12T14:00:00" });
  studio.clock.advance(30_000);
  await studio.drag(BAY_1, eventId, "2027-01-12T16:00:00", "2027-01-12T17:00:00");
}

const STAFFS = "bay 1 2027-01-12T14:00:00 2027-01-12T15:00:00";
const DRAGGED = "bay 1 2027-01-12T16:00:00 2027-01-12T17:00:00";

test("S49: the time changed on both sides: with 'source-wins' the booking's counts, and the other is kept and shown", async () => {
  const scene = await openBooked({ merge: "source-wins" });

  await editBoth(scene);
  await work(scene.studio, scene.wire);

  await expectTimes(scene.studio, [STAFFS]);
  expect(scene.wire.writes()).toEqual(["events.patch"]);
  expect(await lostOf(scene.studio, scene.id)).toEqual([["calendar", "span", "2027-01-12T16:00:00.000Z"]]);
  await expectCalm(scene.studio, scene.wire);
});

test("S49: the time changed on both sides: with 'last-write-wins' a drag after the change was seen counts", async () => {
  const scene = await openBooked({ merge: "last-write-wins" });
  const { studio, wire, id, eventId } = scene;
  wire.before("events.patch", async () => {
    studio.clock.advance(5_000);
    await studio.drag(BAY_1, eventId, "2027-01-12T16:00:00", "2027-01-12T17:00:00");
  });

  await studio.staff("edit", { id, StartTime: "2027-01-12T14:00:00" });
  await work(studio, wire);

  await expectTimes(studio, [DRAGGED]);
  expect(wire.writes()).toEqual(["bookit", "cancelappointment", "events.patch"]);
  const [line] = await bookedLines(studio);
  expect(await lostOf(studio, line?.split(" ")[0] ?? "")).toEqual([["booking", "span", "2027-01-12T14:00:00.000Z"]]);
  await expectCalm(studio, wire);
});

test("S49: with 'last-write-wins' nobody can tell which was later: the booking source counts, the other is kept", async () => {
  const scene = await openBooked({ merge: "last-write-wins" });

  await editBoth(scene);
  await work(scene.studio, scene.wire);

  await expectTimes(scene.studio, [STAFFS]);
  expect(await lostOf(scene.studio, scene.id)).toEqual([["calendar", "span", "2027-01-12T16:00:00.000Z"]]);
});

test("S49: the time changed on both sides: with 'ask' both stay as they are until a person has decided", async () => {
  const scene = await openBooked({ merge: "ask" });
  const { studio, wire, id } = scene;

  await editBoth(scene);
  await work(studio, wire);

  expect(wire.writes()).toEqual([]);
  expect(await openReviews(studio)).toEqual([`merge-conflict uschedule:${id}`]);
  expect((await bookedLines(studio)).map(withoutId)).toEqual([STAFFS]);
  expect((await shownLines(studio)).map(withoutId)).toEqual([DRAGGED]);
  await expectCalm(studio, wire);

  await studio.staff("edit", { id, StartTime: "2027-01-12T16:00:00" });
  await work(studio, wire);
  await expectTimes(studio, [DRAGGED]);
  expect(await openReviews(studio)).toEqual([]);
  expect((await studio.maps()).map(({ status }) => status)).toEqual(["active"]);
});

test("S49: different fields changed on the two sides: both win, and nothing is lost", async () => {
  const scene = await openBooked();
  const { studio, wire, id, eventId } = scene;

  await studio.staff("edit", { id, StartTime: "2027-01-12T14:00:00" });
  await onCalendar(studio, "PATCH", BAY_1, `/${eventId}`, { summary: "Maya (birthday)" });
  await work(studio, wire);

  await expectTimes(studio, [STAFFS]);
  expect((await studio.eventOf(BAY_1, id)).summary).toBe("Maya (birthday)");
  expect(wire.writes()).toEqual(["events.patch"]);
  expect(await lostOf(studio, id)).toEqual([]);
  await expectCalm(studio, wire);
});

test("S49: the time dragged and the name changed at the source: each side gets the other's change", async () => {
  const scene = await openBooked();
  const { studio, wire, id, eventId } = scene;

  await studio.staff("edit", { id, CustomerName: "Maya Berg" });
  await studio.drag(BAY_1, eventId, "2027-01-12T16:00:00", "2027-01-12T17:00:00");
  await work(studio, wire);

  await expectTimes(studio, [DRAGGED]);
  expect((await studio.events(BAY_1)).map(({ summary }) => summary)).toEqual(["Maya Berg"]);
  expect((await studio.appointments()).map((row) => row["CustomerName"])).toEqual(["Maya Berg", "Maya Berg"]);
  await expectCalm(studio, wire);
});

test("S49: two fields changed on both sides: each is decided, and each losing value is kept", async () => {
  const scene = await openBooked();
  const { studio, wire, id, eventId } = scene;

  await studio.staff("edit", { id, CustomerName: "Maya Berg", Notes: "left-handed clubs" });
  await onCalendar(studio, "PATCH", BAY_1, `/${eventId}`, { summary: "Maya (birthday)", description: "brings cake" });
  await work(studio, wire);

  const event = await studio.eventOf(BAY_1, id);
  expect([event.summary, event.description]).toEqual(["Maya Berg", "left-handed clubs"]);
  expect(await lostOf(studio, id)).toEqual([
    ["calendar", "title", "Maya (birthday)"],
    ["calendar", "description", "brings cake"],
  ]);
  await expectCalm(studio, wire);
});
