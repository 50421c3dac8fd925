import { expect, test, vi } from "vitest";
import { workspaceOf } from "../../shared/config.ts";
import { BAY_1, BAY_2, openRunningStudio, type Studio, WS } from "../flows/studio.ts";
import { type Booked, openBooked } from "./booked.ts";
import { deliver, pass, takeAll, work } from "./clockwork.ts";
import { atEveryStep } from "./every-step.ts";
import {
  alertsOf,
  bookedLines,
  expectBothSides,
  expectCalm,
  expectTimes,
  isManaged,
  onCalendar,
  openReviews,
  shownLines,
} from "./sides.ts";
import { openWire } from "./wire.ts";

// A story is played once for each of its steps.
vi.setConfig({ testTimeout: 60_000 });

function moveEvent({ studio, eventId }: Booked, from = BAY_1, to = BAY_2, fault = ""): Promise<unknown> {
  return onCalendar(studio, "POST", from, `/${eventId}/move?destination=${encodeURIComponent(to)}`, undefined, fault);
}

const ON_BAY_2 = "bay 2 2027-01-12T10:00:00 2027-01-12T11:00:00";

async function expectCarriedOver(scene: Booked): Promise<void> {
  const { studio, wire, id, eventId } = scene;
  await expectTimes(studio, [ON_BAY_2]);
  expect((await studio.events(BAY_2)).filter(isManaged).map((event) => event.id)).toEqual([eventId]);
  expect((await studio.appointment(id))?.["StatusID"]).toBe(9);
  expect((await studio.appointments()).map((row) => row["CustomerName"])).toEqual(["Maya Lindqvist", "Maya Lindqvist"]);
  const [event] = await studio.events(BAY_2);
  expect(event?.extendedProperties?.private).toMatchObject({ bay: "2" });
  expect(await openReviews(studio)).toEqual([]);
  await expectCalm(studio, wire);
}

test("S59: an event moved to the other bay's calendar changes the bay of its booking; nobody's booking is cancelled", async () => {
  const scene = await openBooked();

  await moveEvent(scene);
  await work(scene.studio, scene.wire);

  expect(scene.wire.writes()).toEqual(["bookit", "cancelappointment", "events.patch"]);
  await expectCarriedOver(scene);
  const [map] = await scene.studio.maps();
  expect(map?.journal.at(-1)?.rule).toBe("carry-resource-change");
});

test("S59: an event carried away, and back while it is searched for there, is no deletion", async () => {
  const scene = await openBooked();
  const { studio, wire, id, eventId } = scene;

  await moveEvent(scene);
  wire.after("events.get", () => moveEvent(scene, BAY_2, BAY_1));
  await work(studio, wire);
  await pass(studio, 20, wire);

  expect((await studio.appointment(id))?.["StatusID"]).toBe(1);
  expect((await studio.eventOf(BAY_1, id)).id).toBe(eventId);
  await expectCalm(studio, wire);
});

for (const silent of [BAY_1, BAY_2]) {
  test(`S59: the same when only the other calendar than ${silent} tells`, async () => {
    const scene = await openBooked();
    await scene.studio.call("POST", "/sandbox/google/channels", { calendarId: silent, make: "silent" });

    await moveEvent(scene);
    await work(scene.studio, scene.wire);

    await expectTimes(scene.studio, [ON_BAY_2]);
    await pass(scene.studio, 20, scene.wire);
    await expectCarriedOver(scene);
  });
}

test("S59: the same where the venue has many more calendars than one look asks at a time", async () => {
  const scene = await openBooked();
  const { resources } = workspaceOf(scene.studio.world.config, WS);
  const [first, last] = Object.entries(resources);
  if (first === undefined || last === undefined) throw new Error("the studio has two bays");
  const further = Array.from({ length: 30 }, (_, index) => {
    const bay = { ...last[1], calendar: `more-${index}@sandbox`, sourceName: `More ${index}` };
    return [`more-${index}`, bay] as const;
  });
  for (const [, { calendar: id }] of further) await scene.studio.call("POST", "/sandbox/google/calendars", { id });
  // In this order they are searched.
  delete resources[last[0]];
  Object.assign(resources, Object.fromEntries([...further, last]));

  await moveEvent(scene);
  await work(scene.studio, scene.wire);

  await expectTimes(scene.studio, [ON_BAY_2]);
  expect(scene.wire.writes()).toEqual(["bookit", "cancelappointment", "events.patch"]);
});

test("S59: the same in whichever order the two calendars' listings are handled", async () => {
  const scene = await openBooked();
  const { studio, wire } = scene;
  await moveEvent(scene);
  await studio.sandbox.tick();
  const [first, second] = takeAll(studio);
  for (const message of [second, first]) if (message !== undefined) await deliver(studio, message);
  for (const message of takeAll(studio).reverse()) await deliver(studio, message);
  await work(studio, wire);

  await expectCarriedOver(scene);
});

test("S59: told by nobody, the floor finds it", async () => {
  const scene = await openBooked();

  await moveEvent(scene, BAY_1, BAY_2, "notify-lost");
  await pass(scene.studio, 20, scene.wire);

  await expectCarriedOver(scene);
});

test("S59: moved to the other calendar and to another time at once, both are carried", async () => {
  const scene = await openBooked();

  await moveEvent(scene);
  await scene.studio.drag(BAY_2, scene.eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
  await work(scene.studio, scene.wire);

  await expectTimes(scene.studio, ["bay 2 2027-01-13T15:00:00 2027-01-13T16:00:00"]);
  await expectCalm(scene.studio, scene.wire);
});

test("S59: moved there and back before anybody looked, nothing changes", async () => {
  const scene = await openBooked();

  await moveEvent(scene);
  await moveEvent(scene, BAY_2, BAY_1);
  await work(scene.studio, scene.wire);

  expect(scene.wire.writes().filter((each) => each !== "events.patch")).toEqual([]);
  await expectBothSides(scene.studio, [`${scene.id} bay 1 2027-01-12T10:00:00 2027-01-12T11:00:00`]);
  await expectCalm(scene.studio, scene.wire);
});

test("S59: where the other bay is taken, the event comes back and a person is asked", async () => {
  const scene = await openBooked();
  const { studio, wire } = scene;
  const other = await studio.book(2, "2027-01-12T10:00:00", { CustomerName: "Ines Ferreira" });
  await work(studio, wire);
  wire.calls();

  await moveEvent(scene);
  await work(studio, wire);

  expect(wire.writes()).toEqual(["events.delete", "events.insert"]);
  await expectBothSides(studio, [`${scene.id} bay 1 2027-01-12T10:00:00 2027-01-12T11:00:00`, `${other} ${ON_BAY_2}`]);
  expect(await openReviews(studio)).toEqual([`slot-taken uschedule:${scene.id}`]);
  await expectCalm(studio, wire);
});

test("S59: the worker dies at any step of it: moved once, one booking, one event", async () => {
  const steps = await atEveryStep({
    open: () => openBooked(),
    begin: (scene) => moveEvent(scene),
    meanwhile: ({ wire }) => wire.die(),
    end: async ({ studio, wire }) => {
      await expectTimes(studio, [ON_BAY_2]);
      expect(await studio.appointments()).toHaveLength(2);
      await expectCalm(studio, wire);
    },
  });

  expect(steps).toBeGreaterThan(20);
});

test("S59: an event moved to a calendar that is none of ours counts as deleted, by the policy", async () => {
  const scene = await openBooked({ calendarDeletion: "ask" });
  const { studio, wire } = scene;
  await studio.call("POST", "/sandbox/google/calendars", {
    id: "private@sandbox",
    timeZone: "Europe/London",
    accessRole: "writer",
  });

  await moveEvent(scene, BAY_1, "private@sandbox");
  await pass(studio, 20, wire);

  expect(wire.writes()).toEqual([]);
  expect((await bookedLines(studio)).length).toBe(1);
  expect(await openReviews(studio)).toEqual([`event-deleted uschedule:${scene.id}`]);
});

/** Inserted, and the worker dies before it can say so; nobody but the calendar knows of the event. */
async function openInserted(policy: Record<string, unknown> = {}) {
  const wire = openWire();
  const studio = await openRunningStudio({ policy, fetch: wire.fetch, stores: wire.stores });
  wire.calls();
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await studio.sandbox.tick();
  const [message] = takeAll(studio);
  if (message === undefined) throw new Error("a webhook makes a message");
  wire.after("events.insert", () => wire.die());
  await expect(deliver(studio, message)).rejects.toThrow("dead");
  wire.revive();
  const [event] = await studio.events(BAY_1);
  if (event === undefined) throw new Error("the insert took effect");
  const again = async () => {
    studio.clock.advance(10_000);
    await deliver(studio, message, 2);
    await work(studio, wire);
  };
  return { studio, wire, id, eventId: event.id, again };
}

async function tombstones(studio: Studio): Promise<number> {
  // Proof: so the sandbox shows its state (`scripts/sandbox/show-state.ts`).
  const { google } = (await studio.call("GET", "/sandbox/state")) as {
    google: { calendars: { id: string; events: { status: string }[] }[] };
  };
  const events = google.calendars.find(({ id }) => id === BAY_1)?.events ?? [];
  return events.filter(({ status }) => status === "cancelled").length;
}

test("S60: inserted, dead, deleted by a person, redelivered: it counts as deleted, and the booking is cancelled", async () => {
  const { studio, wire, id, eventId, again } = await openInserted();

  await studio.deleteEvent(BAY_1, eventId);
  await again();

  await expectBothSides(studio, []);
  expect((await studio.appointment(id))?.["StatusID"]).toBe(9);
  expect(wire.writes()).toEqual(["events.insert", "cancelappointment"]);
  expect(await tombstones(studio)).toBe(1);
  await expectCalm(studio, wire);
});

test("S60: re-enabled later it gets exactly one new event, although the old id is taken", async () => {
  const { studio, wire, id, eventId, again } = await openInserted();
  await studio.deleteEvent(BAY_1, eventId);
  await again();
  wire.calls();

  await studio.staff("reenable", { id });
  await work(studio, wire);

  await expectBothSides(studio, [`${id} bay 1 2027-01-12T10:00:00 2027-01-12T11:00:00`]);
  expect((await studio.eventOf(BAY_1, id)).id).not.toBe(eventId);
  expect(wire.writes()).toEqual(["events.insert"]);
  await expectCalm(studio, wire);
});

test("S60: with policy 'restore' it is put back once, under a new id", async () => {
  const { studio, wire, id, eventId, again } = await openInserted({ calendarDeletion: "restore" });

  await studio.deleteEvent(BAY_1, eventId);
  await again();

  await expectBothSides(studio, [`${id} bay 1 2027-01-12T10:00:00 2027-01-12T11:00:00`]);
  expect((await studio.eventOf(BAY_1, id)).id).not.toBe(eventId);
  expect((await studio.maps()).map(({ restored }) => restored)).toEqual([1]);
  await expectCalm(studio, wire);
});

test("S60: with policy 'ask' a person is asked, and nothing is written", async () => {
  const { studio, wire, id, eventId, again } = await openInserted({ calendarDeletion: "ask" });
  wire.calls();

  await studio.deleteEvent(BAY_1, eventId);
  await again();

  expect(wire.writes()).toEqual([]);
  expect(await openReviews(studio)).toEqual([`event-deleted uschedule:${id}`]);
  expect(await shownLines(studio)).toEqual([]);
  expect((await bookedLines(studio)).length).toBe(1);
  await expectCalm(studio, wire);
});

test("S60: deleted only after the redelivery adopted it, it counts the same", async () => {
  const { studio, wire, eventId, again } = await openInserted();

  await again();
  await studio.deleteEvent(BAY_1, eventId);
  await work(studio, wire);

  await expectBothSides(studio, []);
  expect(wire.writes().filter((each) => each === "events.insert")).toHaveLength(1);
  await expectCalm(studio, wire);
});

test("S60: never redelivered, the sweep finds what was left behind, whether deleted or not", async () => {
  for (const deleted of [true, false]) {
    const { studio, wire, id, eventId } = await openInserted();
    if (deleted) await studio.deleteEvent(BAY_1, eventId);
    await pass(studio, 20, wire);

    await expectBothSides(studio, deleted ? [] : [`${id} bay 1 2027-01-12T10:00:00 2027-01-12T11:00:00`]);
    expect(await alertsOf(studio)).toEqual([]);
    await expectCalm(studio, wire);
  }
});

test("S60: dead before the insert took effect, there is nothing a person could have deleted: it is inserted", async () => {
  const wire = openWire();
  const studio = await openRunningStudio({ fetch: wire.fetch, stores: wire.stores });
  wire.before("events.insert", () => wire.die());

  const id = await studio.book(1, "2027-01-12T10:00:00");
  await work(studio, wire);

  await expectBothSides(studio, [`${id} bay 1 2027-01-12T10:00:00 2027-01-12T11:00:00`]);
  await expectCalm(studio, wire);
});

test("S60: a person deletes the event at any step of a booking's first turn, the worker dying there or not", async () => {
  for (const dies of [false, true]) {
    await atEveryStep({
      open: async () => {
        const wire = openWire();
        return { studio: await openRunningStudio({ fetch: wire.fetch, stores: wire.stores }), wire, deleted: false };
      },
      begin: ({ studio }) => studio.book(1, "2027-01-12T10:00:00"),
      meanwhile: async (scene) => {
        const [event] = await scene.studio.events(BAY_1);
        scene.deleted = event !== undefined;
        if (event !== undefined) await scene.studio.deleteEvent(BAY_1, event.id);
        if (dies) scene.wire.die();
      },
      end: async ({ studio, wire, deleted }) => {
        const [booked] = await studio.appointments();
        await expectBothSides(studio, deleted ? [] : ["410001 bay 1 2027-01-12T10:00:00 2027-01-12T11:00:00"]);
        expect(booked?.["StatusID"]).toBe(deleted ? 9 : 1);
        await expectCalm(studio, wire);
      },
    });
  }
});
