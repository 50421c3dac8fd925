import { expect, test } from "vitest";
import { BAY_1, BAY_2, openRunningStudio, type Studio } from "../flows/studio.ts";
import {
  attemptsSince,
  breakCalls,
  expectStill,
  letPass,
  liveEvents,
  mendCalls,
  namedBy,
  staffUntold,
  writesSince,
} from "./scene.ts";

interface Shared {
  readonly studio: Studio;
  /** The bays of an appointment, where they are not those of its own record. */
  readonly bays: Map<number, readonly string[]>;
}

/** A studio whose USchedule tells some appointments as one row, or none, for each of several bays. */
async function openShared(): Promise<Shared> {
  const bays = new Map<number, readonly string[]>();
  const onEach = (row: { AppointmentID: number; ResourceName: string }) =>
    (bays.get(row.AppointmentID) ?? [row.ResourceName]).map((ResourceName) => ({ ...row, ResourceName }));
  const studio = await openRunningStudio({
    fetch: (sandbox) => async (input, init) => {
      const answer = await sandbox(input, init);
      const url = input instanceof Request ? input.url : String(input);
      if (!answer.ok || !/\/get(?:api)?appointments?$/.test(url)) return answer;
      // Proof: the sandbox answers these two methods with one row or a list of them.
      const told = (await answer.json()) as Parameters<typeof onEach>[0] | Parameters<typeof onEach>[0][];
      return Response.json(Array.isArray(told) ? told.flatMap(onEach) : onEach(told));
    },
  });
  return { studio, bays };
}

/** An appointment on both bays, shown on both calendars. */
async function openOnBoth(): Promise<Shared & { readonly id: string }> {
  const { studio, bays } = await openShared();
  const start = "2027-01-12T10:00:00";
  const id = await studio.book(1, start);
  bays.set(Number(id), ["Bay 1", "Bay 2"]);
  await studio.settle();
  await letPass(studio, 2);
  return { studio, bays, id };
}

async function mapLines(studio: Studio): Promise<string[]> {
  return (await studio.maps()).map((map) => `${map.key} ${map.resource} ${map.status}`).toSorted();
}

test("S22: one booking on both bays has an event on each, and each its own map", async () => {
  const { studio, id } = await openOnBoth();

  const [one, two] = [await studio.eventOf(BAY_1, id), await studio.eventOf(BAY_2, id)];

  expect(attemptsSince(studio)).toEqual(["events.insert 200", "events.insert 200"]);
  expect(one.id).not.toBe(two.id);
  expect(one.extendedProperties?.private).toMatchObject({ bay: "1" });
  expect(two.extendedProperties?.private).toMatchObject({ bay: "2" });
  expect(await mapLines(studio)).toEqual([`uschedule:${id} bay-1 active`, `uschedule:${id} bay-2 active`]);
  expect((await studio.booking(id))?.resources).toEqual(["bay-1", "bay-2"]);
  await expectStill(studio);
});

test.each([
  ["Bay 1", "Bay 2", BAY_2],
  ["Bay 2", "Bay 1", BAY_1],
])("S22: removing %s removes one event, and puts back one when it comes again", async (_, kept, calendarId) => {
  const { studio, bays, id } = await openOnBoth();
  const before = await studio.eventOf(calendarId, id);
  studio.providerCalls();

  bays.set(Number(id), [kept]);
  await letPass(studio, 2, 3);
  const [left, ...others] = await liveEvents(studio);
  const removed = attemptsSince(studio);
  bays.set(Number(id), ["Bay 1", "Bay 2"]);
  await letPass(studio, 2, 3);

  expect(removed).toEqual(["events.delete 204"]);
  expect(others).toEqual([]);
  expect(left).toMatchObject({ id: before.id, etag: before.etag });
  expect(attemptsSince(studio)).toEqual(["events.insert 200"]);
  expect(await studio.eventOf(calendarId, id)).toEqual(before);
  expect(await liveEvents(studio)).toHaveLength(2);
  expect(await studio.appointment(id)).toMatchObject({ StatusID: 1 });
  await expectStill(studio);
});

test("S22: told by a webhook of one bay, the other one follows too", async () => {
  const { studio, id } = await openOnBoth();
  studio.providerCalls();

  await studio.staff("edit", { id, StartTime: "2027-01-13T15:00:00" });
  await studio.settle();

  expect(attemptsSince(studio)).toEqual(["events.patch 200", "events.patch 200"]);
  expect((await studio.eventOf(BAY_1, id)).start.dateTime).toContain("2027-01-13T15:00:00");
  expect((await studio.eventOf(BAY_2, id)).start.dateTime).toContain("2027-01-13T15:00:00");
  await expectStill(studio);
});

test("S22: cancelled, it leaves both calendars; another booking on one of them stays", async () => {
  const { studio, id } = await openOnBoth();
  const other = await studio.book(2, "2027-01-12T14:00:00");
  await studio.settle();
  studio.providerCalls();

  await staffUntold(studio, "cancel", { id });
  await letPass(studio, 2, 3);

  expect(attemptsSince(studio)).toEqual(["events.delete 204", "events.delete 204"]);
  expect((await liveEvents(studio)).map(namedBy)).toEqual([other]);
  await expectStill(studio);
});

test("S22: somebody deletes the event of one bay: the booking and the other event stay, a person is asked", async () => {
  const { studio, id } = await openOnBoth();
  const other = await studio.eventOf(BAY_2, id);
  await studio.deleteEvent(BAY_1, (await studio.eventOf(BAY_1, id)).id);
  studio.providerCalls();

  await studio.settle();
  await letPass(studio, 10, 3);

  expect(attemptsSince(studio)).toEqual([]);
  expect(await studio.appointment(id)).toMatchObject({ StatusID: 1 });
  expect(await studio.eventOf(BAY_2, id)).toEqual(other);
  expect((await studio.reviews()).map(({ kind, resource }) => [kind, resource])).toEqual([["event-deleted", "bay-1"]]);
  await expectStill(studio);
});

test("S22: somebody drags the event of one bay: it goes back and a person is asked, since booking anew would lose the other", async () => {
  const { studio, id } = await openOnBoth();
  const event = await studio.eventOf(BAY_1, id);
  await studio.drag(BAY_1, event.id, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
  studio.providerCalls();

  await studio.settle();
  await letPass(studio, 10, 3);

  expect(writesSince(studio)).toEqual(["events.patch"]);
  expect((await studio.eventOf(BAY_1, id)).start).toEqual(event.start);
  expect(await studio.appointment(id)).toMatchObject({ StatusID: 1 });
  expect((await studio.reviews()).map(({ kind, resource }) => [kind, resource])).toEqual([
    ["time-not-writable", "bay-1"],
  ]);
  await expectStill(studio);
});

test("S22: while no calendar answers, the bays do not send each other round in circles", async () => {
  const { studio, id } = await openOnBoth();
  await breakCalls(studio, { api: "google", kinds: ["status=503"] });

  await studio.staff("edit", { id, StartTime: "2027-01-13T15:00:00" });
  await studio.settle();
  const moved = await studio.book(1, "2027-01-14T10:00:00");
  await studio.staff("edit", { id: moved, ResourceName: "Bay 2" });
  await studio.settle();
  await mendCalls(studio);
  await letPass(studio, 20, 2);

  expect((await liveEvents(studio)).map(namedBy).toSorted()).toEqual([id, id, moved]);
  expect((await studio.eventOf(BAY_2, id)).start.dateTime).toContain("2027-01-13T15:00:00");
  expect((await studio.eventOf(BAY_2, moved)).start.dateTime).toContain("2027-01-14T10:00:00");
  await expectStill(studio);
});

test("S22: a booking that changes bays while no calendar answers is told once to each", async () => {
  const { studio } = await openShared();
  const id = await studio.book(1, "2027-01-14T10:00:00");
  await studio.settle();
  await breakCalls(studio, { api: "google", kinds: ["status=503"] });

  await studio.staff("edit", { id, ResourceName: "Bay 2" });
  await studio.receiveWebhook({ id: "msg_retry", body: { AppointmentID: Number(id), ResourceName: "Bay 1" } });
  await studio.settle();
  await mendCalls(studio);
  await letPass(studio, 20, 2);

  expect(await studio.events(BAY_1)).toEqual([]);
  expect((await studio.eventOf(BAY_2, id)).start.dateTime).toContain("2027-01-14T10:00:00");
  await expectStill(studio);
});
