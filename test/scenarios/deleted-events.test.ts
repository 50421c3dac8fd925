import { describe, expect, test } from "vitest";
import { BAY_1, BAY_2, openRunningStudio, type Studio } from "../flows/studio.ts";
import {
  attemptsSince,
  breakCalls,
  expectStill,
  letPass,
  liveEvents,
  mendCalls,
  namedBy,
  openAlerts,
  storedEvents,
  writesSince,
} from "./scene.ts";
import { onCalendar } from "./sides.ts";

async function bookShown(studio: Studio, start = "2027-01-13T10:00:00", bay: 1 | 2 = 1): Promise<string> {
  const id = await studio.book(bay, start);
  await studio.settle();
  await studio.poll();
  studio.providerCalls();
  return id;
}

/** A person deletes the appointment's event on bay 1's calendar. */
async function deleteEventOf(studio: Studio, id: string): Promise<void> {
  await studio.deleteEvent(BAY_1, (await studio.eventOf(BAY_1, id)).id);
  studio.providerCalls();
  await studio.settle();
}

async function openReviews(studio: Studio): Promise<string[]> {
  return (await studio.reviews()).filter(({ status }) => status === "open").map(({ kind }) => kind);
}

describe("S05: a person deletes the mirrored event", () => {
  test("S05: policy cancel: the booking is cancelled, once, and no event comes back", async () => {
    const studio = await openRunningStudio({ policy: { calendarDeletion: "cancel" } });
    const id = await bookShown(studio);
    const other = await bookShown(studio, "2027-01-13T12:00:00");

    await deleteEventOf(studio, id);
    const made = attemptsSince(studio);
    await letPass(studio, 30, 10);

    expect(made).toEqual(["cancelappointment 200"]);
    expect(await studio.appointment(id)).toMatchObject({ StatusID: 9 });
    expect(await studio.appointment(other)).toMatchObject({ StatusID: 1 });
    expect((await liveEvents(studio)).map(namedBy)).toEqual([other]);
    expect(attemptsSince(studio)).toEqual([]);
    expect(await openReviews(studio)).toEqual([]);
    await expectStill(studio);
  });

  test("S05: policy restore: the event is put back once; deleted again, a person is asked", async () => {
    const studio = await openRunningStudio({ policy: { calendarDeletion: "restore" } });
    const id = await bookShown(studio);
    const first = await studio.eventOf(BAY_1, id);

    await deleteEventOf(studio, id);
    const restored = await studio.eventOf(BAY_1, id);
    const made = attemptsSince(studio);
    await letPass(studio, 30, 3);
    const afterwards = attemptsSince(studio);
    await deleteEventOf(studio, id);
    await letPass(studio, 30, 10);

    expect(made).toEqual(["events.insert 200"]);
    expect(restored.id).not.toBe(first.id);
    expect(restored.start).toEqual(first.start);
    expect(restored.summary).toBe(first.summary);
    expect(afterwards).toEqual([]);
    expect(attemptsSince(studio)).toEqual([]);
    expect(await storedEvents(studio, BAY_1)).toHaveLength(2);
    expect(await liveEvents(studio)).toEqual([]);
    expect(await studio.appointment(id)).toMatchObject({ StatusID: 1 });
    expect(await openReviews(studio)).toEqual(["deleted-again"]);
    await expectStill(studio);
  });

  test("S05: policy ask: nothing is written on either side, a person is asked once", async () => {
    const studio = await openRunningStudio({ policy: { calendarDeletion: "ask" } });
    const id = await bookShown(studio);

    await deleteEventOf(studio, id);
    await letPass(studio, 30, 10);

    expect(attemptsSince(studio)).toEqual([]);
    expect(await liveEvents(studio)).toEqual([]);
    expect(await studio.appointment(id)).toMatchObject({ StatusID: 1 });
    expect(await openReviews(studio)).toEqual(["event-deleted"]);
    expect((await studio.maps()).map(({ status }) => status)).toEqual(["conflict"]);
    await expectStill(studio);
  });

  test("S05: policy ask: the question goes away with its cause", async () => {
    const studio = await openRunningStudio({ policy: { calendarDeletion: "ask" } });
    const id = await bookShown(studio);
    await deleteEventOf(studio, id);

    await studio.staff("cancel", { id });
    await studio.settle();

    expect(await openReviews(studio)).toEqual([]);
    expect(attemptsSince(studio)).toEqual([]);
    await expectStill(studio);
  });

  test.each([
    ["cancel", ["cancelappointment"]],
    ["restore", ["events.insert"]],
    ["ask", []],
  ] as const)(
    "S05: policy %s acts once also where push, poll, sweep and doubled deliveries tell of it",
    async (calendarDeletion, writes) => {
      const studio = await openRunningStudio({ policy: { calendarDeletion } });
      const id = await bookShown(studio);
      const { id: eventId } = await studio.eventOf(BAY_1, id);

      await onCalendar(studio, "DELETE", BAY_1, `/${eventId}`, undefined, "notify-double");
      await studio.receiveWebhook({ id: "msg_a", body: { AppointmentID: Number(id), ResourceName: "Bay 1" } });
      studio.providerCalls();
      await studio.turnSchedulers();
      await studio.call("POST", "/sandbox/google/expire-sync-tokens", {});
      await letPass(studio, 16, 3);

      expect(writesSince(studio)).toEqual(writes);
      await expectStill(studio);
    },
  );

  test("S05: the policy is the resource's own", async () => {
    const studio = await openRunningStudio({
      policy: { calendarDeletion: "cancel" },
      resource: { policy: { calendarDeletion: "restore" } },
    });
    const id = await bookShown(studio);

    await deleteEventOf(studio, id);

    expect(attemptsSince(studio)).toEqual(["events.insert 200"]);
    expect(await studio.appointment(id)).toMatchObject({ StatusID: 1 });
  });

  test("S05: the event of a stay that is over may be deleted without any of this", async () => {
    const studio = await openRunningStudio({ policy: { calendarDeletion: "cancel" } });
    const id = await bookShown(studio, "2027-01-11T09:00:00");
    await letPass(studio, 180);

    await deleteEventOf(studio, id);
    await letPass(studio, 30, 3);

    expect(attemptsSince(studio)).toEqual([]);
    expect(await studio.appointment(id)).toMatchObject({ StatusID: 1 });
    await expectStill(studio);
  });
});

/** Nothing is left of the booking's event: no pointer, no error, no retry, no alert. */
async function expectClean(studio: Studio, id: string): Promise<void> {
  const map = (await studio.maps()).find(({ bookingId }) => bookingId === id);
  expect(map).toMatchObject({ status: "cancelled", eventId: "", dirty: false, attempts: 0 });
  expect(map).not.toHaveProperty("error");
  expect(map).not.toHaveProperty("event");
  expect(await openAlerts(studio)).toEqual([]);
  expect(await openReviews(studio)).toEqual([]);
  await expectStill(studio);
}

describe("S08: an event is to be deleted that is gone already", () => {
  test("S08: 410, since a person was faster: success, state is clean", async () => {
    const studio = await openRunningStudio();
    const id = await bookShown(studio);
    const { id: eventId } = await studio.eventOf(BAY_1, id);
    await onCalendar(studio, "DELETE", BAY_1, `/${eventId}`, undefined, "notify-lost");
    studio.providerCalls();

    await studio.staff("cancel", { id });
    await studio.settle();

    expect(attemptsSince(studio)).toEqual(["events.delete 410"]);
    await expectClean(studio, id);
  });

  test("S08: 404, since it vanished without a trace: success, state is clean", async () => {
    const studio = await openRunningStudio();
    const id = await bookShown(studio);
    const { id: eventId } = await studio.eventOf(BAY_1, id);
    await studio.call("POST", "/sandbox/google/purge", { calendarId: BAY_1, eventId });

    await studio.staff("cancel", { id });
    await studio.settle();

    expect(attemptsSince(studio)).toEqual(["events.delete 404"]);
    await expectClean(studio, id);
  });

  test.each(["timeout-after", "status-after=500", "cut"])(
    "S08: the first answer was lost (%s): its repetition's 410 is a success",
    async (fault) => {
      const studio = await openRunningStudio();
      const id = await bookShown(studio);

      await breakCalls(studio, { api: "google", method: "DELETE", kinds: [fault], times: 1 });
      await studio.staff("cancel", { id });
      await studio.settle();
      await mendCalls(studio);

      expect(await liveEvents(studio)).toEqual([]);
      await expectClean(studio, id);
    },
  );

  test("S08: a booking that changes bays while its event is gone leaves nothing behind", async () => {
    const studio = await openRunningStudio();
    const id = await bookShown(studio);
    const { id: eventId } = await studio.eventOf(BAY_1, id);
    await onCalendar(studio, "DELETE", BAY_1, `/${eventId}`, undefined, "notify-lost");
    studio.providerCalls();

    await studio.staff("edit", { id, ResourceName: "Bay 2" });
    await studio.settle();

    expect(writesSince(studio)).toEqual(["events.insert"]);
    expect((await liveEvents(studio)).map(namedBy)).toEqual([id]);
    expect((await studio.eventOf(BAY_2, id)).start.dateTime).toContain("2027-01-13T10:00:00");
    expect(await studio.appointment(id)).toMatchObject({ StatusID: 1 });
    await expectStill(studio);
  });

  test("S08: after it, the booking re-enabled gets one event", async () => {
    const studio = await openRunningStudio();
    const id = await bookShown(studio);
    const { id: eventId } = await studio.eventOf(BAY_1, id);
    await onCalendar(studio, "DELETE", BAY_1, `/${eventId}`, undefined, "notify-lost");
    await studio.staff("cancel", { id });
    await studio.settle();

    await studio.staff("reenable", { id });
    await studio.settle();

    expect((await liveEvents(studio)).map(namedBy)).toEqual([id]);
    await expectStill(studio);
  });
});
