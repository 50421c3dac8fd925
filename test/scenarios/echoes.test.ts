import { describe, expect, test } from "vitest";
import { BAY_1, openRunningStudio, type Studio } from "../flows/studio.ts";
import { pass, work } from "./clockwork.ts";
import { breakCalls, mendCalls } from "./scene.ts";
import { expectBothSides, expectCalm, expectTimes, onCalendar, openReviews } from "./sides.ts";
import { openWire, type Wire } from "./wire.ts";

const ZONE = { timeZone: "Europe/London" };
const TEN = "410001 bay 1 2027-01-12T10:00:00 2027-01-12T11:00:00";
const THREE = "410001 bay 1 2027-01-13T15:00:00 2027-01-13T16:00:00";

interface Scene {
  readonly studio: Studio;
  readonly wire: Wire;
  readonly id: string;
  readonly eventId: string;
}

/** A booking at ten on both sides; from now on what our own writes notify comes late. */
async function openLate(delayMs: number): Promise<Scene> {
  const wire = openWire();
  const studio = await openRunningStudio({ fetch: wire.fetch, stores: wire.stores });
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await work(studio, wire);
  const { id: eventId } = await studio.eventOf(BAY_1, id);
  const late = { kinds: [`notify-delay=${delayMs}`] };
  await breakCalls(studio, { api: "google", ...late }, { api: "uschedule", ...late });
  wire.calls();
  return { studio, wire, id, eventId };
}

/** Nothing but the late notices moves: no scheduler, no poll. */
async function wait({ studio, wire }: Scene, ms: number): Promise<void> {
  studio.clock.advance(ms);
  await work(studio, wire);
}

/** A person's edit, pushed at once: it stands before the order that makes ours late. */
async function editByHand(scene: Scene, change: object, fault = ""): Promise<void> {
  await mendCalls(scene.studio);
  await onCalendar(scene.studio, "PATCH", BAY_1, `/${scene.eventId}`, change, fault);
}

function hour(start: string, end: string): object {
  return { start: { dateTime: start, ...ZONE }, end: { dateTime: end, ...ZONE } };
}

describe.each([
  { late: "1 s", delayMs: 1_000 },
  { late: "10 min", delayMs: 600_000 },
])("our write's echo arrives after $late", ({ delayMs }) => {
  test("S23: the calendar's echo of our change writes nothing back", async () => {
    const scene = await openLate(delayMs);
    const { studio, wire, id } = scene;

    await studio.staff("edit", { id, StartTime: "2027-01-13T15:00:00" });
    await work(studio, wire);
    const made = wire.writes();
    await wait(scene, delayMs);
    const listed = wire.calls().map(({ operation }) => operation);

    expect(made).toEqual(["events.patch"]);
    expect(listed).toEqual(["events.list"]);
    await expectBothSides(studio, [THREE]);
    await expectCalm(studio, wire);
  });

  test("S23: the echo of our new event writes nothing back", async () => {
    const scene = await openLate(delayMs);
    const { studio, wire } = scene;

    await studio.book(1, "2027-01-14T10:00:00");
    await work(studio, wire);
    const made = wire.writes();
    await wait(scene, delayMs);

    expect(made).toEqual(["events.insert"]);
    expect(wire.writes()).toEqual([]);
    await expectBothSides(studio, [TEN, "410002 bay 1 2027-01-14T10:00:00 2027-01-14T11:00:00"]);
    await expectCalm(studio, wire);
  });

  test("S23: the echo of our deletion does not cancel the booking that was re-enabled meanwhile", async () => {
    const scene = await openLate(delayMs);
    const { studio, wire, id } = scene;

    await studio.staff("cancel", { id });
    await work(studio, wire);
    await studio.staff("reenable", { id });
    await work(studio, wire);
    const made = wire.writes();
    await wait(scene, delayMs);

    expect(made).toEqual(["events.delete", "events.insert"]);
    expect(wire.writes()).toEqual([]);
    await expectBothSides(studio, [TEN]);
    await expectCalm(studio, wire);
  });

  test("S23: the booking source's echo of our rebooking writes nothing back", async () => {
    const scene = await openLate(delayMs);
    const { studio, wire, eventId } = scene;

    await studio.drag(BAY_1, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
    await wait(scene, delayMs);
    const made = wire.writes();
    await wait(scene, delayMs);
    await wait(scene, delayMs);

    expect(made.toSorted()).toEqual(["bookit", "cancelappointment", "events.patch"]);
    expect(wire.writes()).toEqual([]);
    await expectTimes(studio, ["bay 1 2027-01-13T15:00:00 2027-01-13T16:00:00"]);
    await expectCalm(studio, wire);
  });

  test("S23: the booking source's echo of our cancellation writes nothing back", async () => {
    const scene = await openLate(delayMs);
    const { studio, wire, eventId } = scene;

    await studio.deleteEvent(BAY_1, eventId);
    await wait(scene, delayMs);
    const made = wire.writes();
    await wait(scene, delayMs);

    expect(made).toEqual(["cancelappointment"]);
    expect(wire.writes()).toEqual([]);
    await expectBothSides(studio, []);
    await expectCalm(studio, wire);
  });

  test.each([
    ["to a third time", hour("2027-01-15T09:00:00", "2027-01-15T10:00:00"), "2027-01-15T09:00:00 2027-01-15T10:00:00"],
    [
      "back to the old time",
      hour("2027-01-12T10:00:00", "2027-01-12T11:00:00"),
      "2027-01-12T10:00:00 2027-01-12T11:00:00",
    ],
    ["longer", hour("2027-01-13T15:00:00", "2027-01-13T16:30:00"), "2027-01-13T15:00:00 2027-01-13T16:30:00"],
  ])("S23: a person who drags the event %s before the echo is here is obeyed", async (_, change, times) => {
    for (const fault of ["", "notify-lost"]) {
      const scene = await openLate(delayMs);
      const { studio, wire, id } = scene;

      await studio.staff("edit", { id, StartTime: "2027-01-13T15:00:00" });
      await work(studio, wire);
      studio.clock.advance(delayMs / 2);
      await editByHand(scene, change, fault);
      await work(studio, wire);
      await wait(scene, delayMs);
      await pass(studio, 10, wire);

      expect(wire.writes().toSorted()).toEqual(["bookit", "cancelappointment", "events.patch", "events.patch"]);
      await expectTimes(studio, [`bay 1 ${times}`]);
      expect(await openReviews(studio)).toEqual([]);
      await expectCalm(studio, wire);
    }
  });

  test("S23: a person who retitles the event before the echo is here keeps the title", async () => {
    const scene = await openLate(delayMs);
    const { studio, wire, id } = scene;

    await studio.staff("edit", { id, StartTime: "2027-01-13T15:00:00" });
    await work(studio, wire);
    studio.clock.advance(delayMs / 2);
    await editByHand(scene, { summary: "Maya and her father" });
    await work(studio, wire);
    await wait(scene, delayMs);

    expect((await studio.eventOf(BAY_1, id)).summary).toBe("Maya and her father");
    expect(wire.writes()).toEqual(["events.patch"]);
    await expectBothSides(studio, [THREE]);
    await expectCalm(studio, wire);
  });

  test("S23: a person who deletes the event before the echo is here is obeyed", async () => {
    const scene = await openLate(delayMs);
    const { studio, wire, id, eventId } = scene;

    await studio.staff("edit", { id, StartTime: "2027-01-13T15:00:00" });
    await work(studio, wire);
    studio.clock.advance(delayMs / 2);
    await mendCalls(studio);
    await studio.deleteEvent(BAY_1, eventId);
    await work(studio, wire);
    await wait(scene, delayMs);

    expect(wire.writes()).toEqual(["events.patch", "cancelappointment"]);
    await expectBothSides(studio, []);
    await expectCalm(studio, wire);
  });

  test("S23: staff who move the booking before the echo of our rebooking is here are obeyed", async () => {
    const scene = await openLate(delayMs);
    const { studio, wire, eventId } = scene;

    await studio.drag(BAY_1, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
    await wait(scene, delayMs);
    studio.clock.advance(delayMs / 2);
    await studio.staff("edit", { id: "410002", StartTime: "2027-01-16T08:00:00" });
    await work(studio, wire);
    await wait(scene, delayMs);

    const writes = ["bookit", "cancelappointment", "events.patch", "events.patch"];
    expect(wire.writes().toSorted()).toEqual(writes);
    await expectBothSides(studio, ["410002 bay 1 2027-01-16T08:00:00 2027-01-16T09:00:00"]);
    await expectCalm(studio, wire);
  });
});

test("S23: ten edits on alternating sides, a second apart, each echo late: no ping-pong, the last one counts", async () => {
  const scene = await openLate(7_000);
  const { studio, wire } = scene;

  for (let turn = 0; turn < 10; turn++) {
    const start = `2027-01-${13 + turn}T15:00:00`;
    const end = `2027-01-${13 + turn}T16:00:00`;
    const [row] = (await studio.appointments()).filter((each) => each["holdsSlot"] === true);
    if (turn % 2 === 0) await studio.staff("edit", { id: row?.["AppointmentID"], StartTime: start });
    else await onCalendar(studio, "PATCH", BAY_1, `/${scene.eventId}`, hour(start, end));
    await work(studio, wire);
    studio.clock.advance(10_000);
    await work(studio, wire);
  }
  await pass(studio, 10, wire);

  await expectTimes(studio, ["bay 1 2027-01-22T15:00:00 2027-01-22T16:00:00"]);
  expect(wire.writes().filter((each) => each === "bookit")).toHaveLength(5);
  expect(await openReviews(studio)).toEqual([]);
  await expectCalm(studio, wire);
});
