import { describe, expect, test } from "vitest";
import { explain } from "../../shared/flows/explain.ts";
import { approveHold, rejectHold, undoHold } from "../../shared/flows/holds.ts";
import { tend } from "../../shared/flows/tend.ts";
import { approveForGood } from "../flows/approve.ts";
import { BAY_1, BAY_2, type Studio, WS } from "../flows/studio.ts";
import { ACTOR, cancelAll, onlyHold, openScene, type Scene, shownOn } from "./mass-scene.ts";
import { attemptsSince, expectStill, letPass, liveEvents, openAlerts, staffUntold, writesSince } from "./scene.ts";
import { onCalendar } from "./sides.ts";

/** Somebody empties the calendar; the pushes are lost but for the last one. */
async function emptyCalendar({ studio, many }: Scene): Promise<void> {
  for (const id of many.slice(1)) await removeQuietly(studio, id);
  await studio.deleteEvent(BAY_1, (await studio.eventOf(BAY_1, many[0] ?? "")).id);
  studio.providerCalls();
  await studio.settle();
}

async function removeQuietly(studio: Studio, id: string): Promise<void> {
  const { id: eventId } = await studio.eventOf(BAY_1, id);
  await onCalendar(studio, "DELETE", BAY_1, `/${eventId}`, undefined, "notify-lost");
}

async function liveAppointments(studio: Studio): Promise<string[]> {
  const rows = (await studio.appointments()).filter((row) => row["StatusID"] === 1);
  return rows.map((row) => String(row["AppointmentID"])).toSorted();
}

/** What takes place, without ids: bay, time, guest. */
async function programme(studio: Studio): Promise<string[]> {
  const rows = (await studio.appointments()).filter((row) => row["StatusID"] === 1);
  return rows
    .map((row) => `${row["ResourceName"]} ${row["StartTime"]} ${row["EndTime"]} ${row["CustomerName"]}`)
    .toSorted();
}

/** Whatever is not held goes on: bookings, moves, single deletions, cancellations. */
async function expectTheRestToGoOn({ studio, few }: Scene): Promise<void> {
  const [moved = "", deleted = "", cancelled = "", dragged = ""] = few;
  studio.providerCalls();
  const booked = await studio.book(1, "2027-03-01T10:00:00");
  await studio.staff("edit", { id: moved, StartTime: "2027-02-02T10:00:00" });
  await studio.staff("cancel", { id: cancelled });
  await studio.deleteEvent(BAY_2, (await studio.eventOf(BAY_2, deleted)).id);
  await studio.drag(BAY_2, (await studio.eventOf(BAY_2, dragged)).id, "2027-02-03T10:00:00", "2027-02-03T11:00:00");
  await studio.settle();

  expect((await studio.eventOf(BAY_1, booked)).start.dateTime).toContain("2027-03-01T10:00:00");
  expect((await studio.eventOf(BAY_2, moved)).start.dateTime).toContain("2027-02-02T10:00:00");
  expect(await shownOn(studio, BAY_2)).not.toContain(cancelled);
  expect(await studio.appointment(deleted)).toMatchObject({ StatusID: 9 });
  expect(await programme(studio)).toContain("Bay 2 2027-02-03T10:00:00 2027-02-03T11:00:00 Maya Lindqvist");
}

describe("S04: somebody empties a calendar", () => {
  test("S04: no booking is cancelled, all are held with an alert, the rest proceeds", async () => {
    const scene = await openScene();
    const { studio, many, few } = scene;
    const before = await programme(studio);

    await emptyCalendar(scene);
    await letPass(studio, 10, 3);

    expect(attemptsSince(studio)).toEqual([]);
    expect(await programme(studio)).toEqual(before);
    const hold = await onlyHold(studio);
    expect(hold).toMatchObject({ kind: "breaker", scope: `calendar:${BAY_1}`, status: "open" });
    expect(hold.items.map(({ bookingId }) => bookingId).toSorted()).toEqual(many.toSorted());
    expect(new Set(hold.items.map(({ would }) => would))).toEqual(new Set(["cancel-booking"]));
    expect((await openAlerts(studio)).map(({ kind, subject }) => [kind, subject])).toEqual([["held", hold.scope]]);
    await expectTheRestToGoOn(scene);
    expect((await onlyHold(studio)).items).toHaveLength(many.length);
    expect(await liveAppointments(studio)).toEqual(expect.arrayContaining([...many]));
    expect(few).toHaveLength(10);
    await expectStill(studio);
  });

  test("S04: approved, the bookings are cancelled, once", async () => {
    const scene = await openScene();
    const { studio, few } = scene;
    await emptyCalendar(scene);

    await approveForGood(studio, (await onlyHold(studio)).id, ACTOR);
    await studio.settle();

    expect(attemptsSince(studio)).toEqual(Array(30).fill("cancelappointment 200"));
    expect(await liveAppointments(studio)).toEqual(few.toSorted());
    expect(await onlyHold(studio)).toMatchObject({ status: "approved", decidedBy: ACTOR });
    expect(await openAlerts(studio)).toEqual([]);
    await expectStill(studio);
  });

  test("S04: undone within five minutes, no booking was ever cancelled, and each event is made again", async () => {
    const scene = await openScene();
    const { studio, many, few } = scene;
    const before = await studio.appointments();
    await emptyCalendar(scene);
    const { id } = await onlyHold(studio);

    const approved = await approveHold(studio.world, WS, id, ACTOR);
    await letPass(studio, 4, 1);
    await tend(studio.world);
    await studio.settle();
    const waiting = await studio.appointments();
    const [{ status, why } = { status: "", why: "" }] = (await explain(studio.world, WS, many[0] ?? "")).maps;
    await undoHold(studio.world, WS, id, ACTOR);
    studio.clock.advance(600_000);
    await tend(studio.world);
    await studio.settle();

    expect(Date.parse(approved.carryOutAt ?? "") - Date.parse(approved.decidedAt ?? "")).toBe(300_000);
    expect(waiting).toEqual(before);
    expect([status, why]).toEqual(["held", expect.stringContaining(`Approved by ${ACTOR}`)]);
    expect(attemptsSince(studio)).toEqual(Array(30).fill("events.insert 200"));
    expect(await studio.appointments()).toEqual(before);
    expect([...(await shownOn(studio, BAY_1)), ...(await shownOn(studio, BAY_2))].toSorted()).toEqual(
      [...many, ...few].toSorted(),
    );
    expect(await onlyHold(studio)).toMatchObject({ status: "undone" });
    await expectStill(studio);
  });

  test("S04: rejected, each event is made again, once, and no booking is touched", async () => {
    const scene = await openScene();
    const { studio, many, few } = scene;
    const before = await studio.appointments();
    await emptyCalendar(scene);

    await rejectHold(studio.world, WS, (await onlyHold(studio)).id, ACTOR);
    await studio.settle();
    await letPass(studio, 10, 3);

    expect(attemptsSince(studio)).toEqual(Array(30).fill("events.insert 200"));
    expect(await shownOn(studio, BAY_1)).toEqual(many.toSorted());
    expect(await shownOn(studio, BAY_2)).toEqual(few.toSorted());
    expect(await studio.appointments()).toEqual(before);
    expect(await openAlerts(studio)).toEqual([]);
    await expectStill(studio);
  });

  test("S04: undone, the bookings are booked again under new ids where their slots are free, and shown again", async () => {
    const scene = await openScene();
    const { studio, many, few } = scene;
    const before = await programme(studio);
    await emptyCalendar(scene);
    const { id } = await onlyHold(studio);
    await approveForGood(studio, id, ACTOR);
    await studio.settle();
    const taken = many[3] ?? "";
    const start = String((await studio.appointment(taken))?.["StartTime"]);
    const other = await studio.book(1, start, { CustomerName: "Tom Eccles" });
    await studio.settle();
    studio.providerCalls();

    const { rebooked = [] } = await undoHold(studio.world, WS, id, ACTOR);
    await studio.settle();
    const made = attemptsSince(studio);
    await letPass(studio, 10, 3);

    const lost = before.filter((line) => line.startsWith(`Bay 1 ${start}`));
    const now = await programme(studio);
    expect(lost).toHaveLength(1);
    expect(now.filter((line) => !line.endsWith("Tom Eccles"))).toEqual(before.filter((line) => line !== lost[0]));
    expect((await liveAppointments(studio)).filter((each) => many.includes(each))).toEqual([]);
    expect(rebooked.map(({ newId }) => newId).toSorted()).toEqual(
      (await liveAppointments(studio)).filter((each) => ![other, ...few].includes(each)),
    );
    expect(rebooked.map(({ bookingId }) => bookingId).toSorted()).toEqual(many.filter((each) => each !== taken));
    expect(made.toSorted()).toEqual([...Array(29).fill("bookit 200"), ...Array(29).fill("events.insert 200")]);
    const shown = [...(await shownOn(studio, BAY_1)), ...(await shownOn(studio, BAY_2))].toSorted();
    expect(shown).toEqual(await liveAppointments(studio));
    expect(shown).toEqual(expect.arrayContaining([other, ...few]));
    expect((await studio.reviews()).map(({ kind, status, key }) => [kind, status, key])).toEqual([
      ["undo-failed", "open", `uschedule:${taken}`],
    ]);
    expect(attemptsSince(studio)).toEqual([]);
    await expectStill(studio);
  });

  test("S04: what one run finds gone on both bays is not held against one of them", async () => {
    const { studio, many, few } = await openScene();
    const gone = [...many.slice(0, 3), ...few.slice(0, 3)];
    for (const id of gone) await staffUntold(studio, "cancel", { id });

    await studio.poll();
    await studio.settle();

    expect(await studio.holds()).toEqual([]);
    const shown = [...(await shownOn(studio, BAY_1)), ...(await shownOn(studio, BAY_2))];
    expect(shown.filter((id) => gone.includes(id))).toEqual([]);
  });

  test("S04: one after the other, those beyond the limit are held", async () => {
    const { studio, many } = await openScene();

    for (const id of many) {
      await studio.deleteEvent(BAY_1, (await studio.eventOf(BAY_1, id)).id);
      await studio.settle();
      studio.clock.advance(60_000);
    }
    await letPass(studio, 10, 2);

    const gone = (await studio.appointments()).filter((row) => row["StatusID"] === 9);
    expect(gone.map((row) => String(row["AppointmentID"]))).toEqual(many.slice(0, 6));
    expect((await onlyHold(studio)).items.map(({ bookingId }) => bookingId).toSorted()).toEqual(
      many.slice(6).toSorted(),
    );
    await letPass(studio, 120, 2);
    expect(await liveAppointments(studio)).toEqual(expect.arrayContaining(many.slice(6)));
    await expectStill(studio);
  });

  test("S04: a few are no mass deletion", async () => {
    const { studio, many } = await openScene();

    for (const id of many.slice(0, 5)) await removeQuietly(studio, id);
    await letPass(studio, 10);

    const gone = (await studio.appointments()).filter((row) => row["StatusID"] === 9);
    expect(gone.map((row) => String(row["AppointmentID"]))).toEqual(many.slice(0, 5));
    expect(await studio.holds()).toEqual([]);
  });

  test("S04: a held booking that staff move is carried; it is no longer waiting for anybody", async () => {
    const scene = await openScene();
    const { studio, many } = scene;
    const [moved = "", ...others] = many;
    await emptyCalendar(scene);

    await studio.staff("edit", { id: moved, StartTime: "2027-03-05T10:00:00" });
    await studio.settle();
    await approveForGood(studio, (await onlyHold(studio)).id, ACTOR);
    await studio.settle();

    expect((await studio.eventOf(BAY_1, moved)).start.dateTime).toContain("2027-03-05T10:00:00");
    expect(await studio.appointment(moved)).toMatchObject({ StatusID: 1 });
    for (const id of others) expect(await studio.appointment(id)).toMatchObject({ StatusID: 9 });
    await expectStill(studio);
  });
});

describe("S04: most of a source is cancelled at once", () => {
  test("S04: no event goes, all are held with an alert, the rest proceeds", async () => {
    const scene = await openScene();
    const { studio, many } = scene;
    const before = await liveEvents(studio);

    await cancelAll(scene);
    await letPass(studio, 10, 3);

    expect(attemptsSince(studio)).toEqual([]);
    expect(await liveEvents(studio)).toEqual(before);
    const hold = await onlyHold(studio);
    expect(hold.items.map(({ bookingId }) => bookingId).toSorted()).toEqual(many.toSorted());
    expect(new Set(hold.items.map(({ would }) => would))).toEqual(new Set(["remove-event"]));
    expect((await openAlerts(studio)).map(({ kind }) => kind)).toEqual(["held"]);
    await expectTheRestToGoOn(scene);
    expect(await shownOn(studio, BAY_1)).toEqual(expect.arrayContaining([...many]));
    await expectStill(studio);
  });

  test.each(["delete", "mark"] as const)("S04: approved, the events go (policy %s), once", async (cancellation) => {
    const scene = await openScene({ cancellation });
    const { studio, many, few } = scene;
    await cancelAll(scene);

    await approveHold(studio.world, WS, (await onlyHold(studio)).id, ACTOR);
    await studio.settle();

    const [call, left] = cancellation === "delete" ? ["events.delete 204", []] : ["events.patch 200", many.toSorted()];
    expect(attemptsSince(studio)).toEqual(Array(30).fill(call));
    expect(await shownOn(studio, BAY_1)).toEqual(left);
    expect(await shownOn(studio, BAY_2)).toEqual(few.toSorted());
    expect(await openAlerts(studio)).toEqual([]);
    await expectStill(studio);
  });

  test("S04: rejected, the events stay, until the bookings say something new", async () => {
    const scene = await openScene();
    const { studio, many } = scene;
    const before = await liveEvents(studio);
    await cancelAll(scene);

    await rejectHold(studio.world, WS, (await onlyHold(studio)).id, ACTOR);
    await studio.settle();
    await letPass(studio, 60, 5);

    expect(attemptsSince(studio)).toEqual([]);
    expect(await liveEvents(studio)).toEqual(before);
    await expectStill(studio);

    const [back = "", ...others] = many;
    await studio.staff("reenable", { id: back });
    await studio.staff("edit", { id: back, StartTime: "2027-03-05T10:00:00" });
    await studio.settle();
    await studio.staff("cancel", { id: back });
    await studio.settle();
    expect(await shownOn(studio, BAY_1)).toEqual(others.toSorted());
  });

  test("S04: undone, each event is made again under its map, once", async () => {
    const scene = await openScene();
    const { studio, many } = scene;
    const maps = (await studio.maps()).map(({ key, resource }) => `${key} ${resource}`).toSorted();
    await cancelAll(scene);
    const { id } = await onlyHold(studio);
    await approveHold(studio.world, WS, id, ACTOR);
    await studio.settle();
    studio.providerCalls();

    await undoHold(studio.world, WS, id, ACTOR);
    await studio.settle();
    const made = writesSince(studio);
    await letPass(studio, 60, 5);

    expect(made).toEqual(Array(30).fill("events.insert"));
    expect(attemptsSince(studio)).toEqual([]);
    expect(await shownOn(studio, BAY_1)).toEqual(many.toSorted());
    expect((await studio.maps()).map(({ key, resource }) => `${key} ${resource}`).toSorted()).toEqual(maps);
    await expectStill(studio);
  });
});
