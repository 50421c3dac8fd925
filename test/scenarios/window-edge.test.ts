import { expect, test } from "vitest";
import { BAY_1, openRunningStudio, type Studio } from "../flows/studio.ts";
import {
  attemptsSince,
  expectStill,
  letPass,
  liveEvents,
  namedBy,
  staffUntold,
  storedEvents,
  writesSince,
} from "./scene.ts";
import { onCalendar, openReviews } from "./sides.ts";

/** The studio looks at 2027-01-10 to 2027-04-12 (excluded), from one day back to ninety ahead of 2027-01-11. */
const LAST_DAY = "2027-04-11";

async function bookShown(studio: Studio, start: string, more: Record<string, unknown> = {}): Promise<string> {
  const id = await studio.book(1, start, more);
  await studio.settle();
  await studio.poll();
  return id;
}

/** So many days go by, with every scheduler's turn several times a day. */
async function letDaysPass(studio: Studio, days: number): Promise<void> {
  await letPass(studio, 8 * 60, 3 * days);
}

test("S09: a past stay that leaves the list, and then the window, cancels nothing", async () => {
  const studio = await openRunningStudio();
  const past = await bookShown(studio, "2027-01-12T10:00:00");
  const present = await bookShown(studio, "2027-01-20T10:00:00");
  const before = await liveEvents(studio);
  await letDaysPass(studio, 1);
  studio.clock.advance(4 * 3_600_000);
  studio.providerCalls();

  await staffUntold(studio, "remove", { id: past });
  await letPass(studio, 2, 5);
  await letDaysPass(studio, 4);

  expect(attemptsSince(studio)).toEqual([]);
  expect(await liveEvents(studio)).toEqual(before);
  expect(await studio.appointment(present)).toMatchObject({ StatusID: 1 });
  expect(await studio.holds()).toEqual([]);
  await expectStill(studio);
});

test("S09: a past stay that a read by id no longer finds cancels nothing, whoever asks", async () => {
  const studio = await openRunningStudio();
  const id = await bookShown(studio, "2027-01-12T10:00:00");
  const before = await liveEvents(studio);
  await letPass(studio, 28 * 60);
  studio.providerCalls();

  await staffUntold(studio, "remove", { id });
  await studio.receiveWebhook({ id: "msg_late", body: { AppointmentID: Number(id), ResourceName: "Bay 1" } });
  await studio.settle();
  await letPass(studio, 2, 5);

  expect(attemptsSince(studio)).toEqual([]);
  expect(await liveEvents(studio)).toEqual(before);
});

test("S09: a stay that vanishes minutes before its end is over before it is missing often enough", async () => {
  const studio = await openRunningStudio();
  const id = await bookShown(studio, "2027-01-11T09:00:00");
  const before = await liveEvents(studio);
  studio.clock.advance(118 * 60_000);
  studio.providerCalls();

  await staffUntold(studio, "remove", { id });
  await letPass(studio, 1.1, 10);

  expect(attemptsSince(studio)).toEqual([]);
  expect(await liveEvents(studio)).toEqual(before);
});

test("S09: where people give the event of a stay that vanished a time to come, a person is asked once it is over", async () => {
  const studio = await openRunningStudio();
  const id = await bookShown(studio, "2027-01-11T09:00:00");
  const [shown] = await liveEvents(studio);
  studio.clock.advance(118 * 60_000);
  await staffUntold(studio, "remove", { id });
  await studio.drag(BAY_1, String(shown?.["id"]), "2027-01-13T15:00:00", "2027-01-13T16:00:00");
  studio.providerCalls();

  await letPass(studio, 1.1, 10);

  expect(attemptsSince(studio)).toEqual([]);
  expect(await openReviews(studio)).toEqual([`moved-after-end uschedule:${id}`]);
  await expectStill(studio);
});

test("S09: many past stays leaving at once neither cancel nor trip the breaker", async () => {
  const studio = await openRunningStudio();
  const ids: string[] = [];
  for (let hour = 8; hour < 20; hour++) {
    ids.push(await bookShown(studio, `2027-01-12T${String(hour).padStart(2, "0")}:00:00`));
  }
  const before = await liveEvents(studio);
  await letDaysPass(studio, 2);
  studio.providerCalls();

  for (const id of ids) await staffUntold(studio, "remove", { id });
  await letDaysPass(studio, 2);

  expect(attemptsSince(studio)).toEqual([]);
  expect(await liveEvents(studio)).toEqual(before);
  expect(await studio.holds()).toEqual([]);
});

test("S10: bookings at, across and behind the window's far edge get one event each while the days go by", async () => {
  const studio = await openRunningStudio();
  const inside = await bookShown(studio, `${LAST_DAY}T10:00:00`);
  const across = await bookShown(studio, `${LAST_DAY}T23:30:00`, { ServiceLength: 240 });
  const at = await bookShown(studio, "2027-04-12T12:00:00");
  const behind = await bookShown(studio, "2027-04-20T12:00:00");
  writesSince(studio);

  await letDaysPass(studio, 10);

  const shown = (await liveEvents(studio)).map(namedBy).toSorted();
  expect(shown).toEqual([inside, across, at, behind].toSorted());
  expect(attemptsSince(studio)).toEqual([]);
  await expectStill(studio);
});

test("S10: bookings behind the far edge of which nobody told appear once, when the window reaches them", async () => {
  const studio = await openRunningStudio();
  const order = (StartTime: string, ServiceLength = 60) => ({ ResourceName: "Bay 1", StartTime, ServiceLength });
  for (const start of ["2027-04-12T01:00:00", "2027-04-12T12:00:00", "2027-04-13T12:00:00"]) {
    await staffUntold(studio, "book", order(start));
  }
  await staffUntold(studio, "book", order(`${LAST_DAY}T23:30:00`, 60));

  await letDaysPass(studio, 5);

  expect(attemptsSince(studio)).toEqual(Array(4).fill("events.insert 200"));
  expect(await liveEvents(studio)).toHaveLength(4);
  await expectStill(studio);
});

test.each([
  ["far", "2027-05-20T10:00:00"],
  ["near", "2027-01-02T10:00:00"],
])("S10: a booking that staff move over the %s edge, and back, keeps its one event", async (_, outside) => {
  const studio = await openRunningStudio();
  const id = await bookShown(studio, "2027-02-01T10:00:00");
  const before = await studio.eventOf(BAY_1, id);
  writesSince(studio);

  await staffUntold(studio, "edit", { id, StartTime: outside });
  await letPass(studio, 2, 6);
  const [away] = await liveEvents(studio);
  await staffUntold(studio, "edit", { id, StartTime: "2027-02-01T15:00:00" });
  await letPass(studio, 2, 6);

  expect(away).toMatchObject({ id: before.id });
  expect(new Date(Number(away?.["startMs"])).toISOString().slice(0, 10)).toBe(outside.slice(0, 10));
  expect((await studio.eventOf(BAY_1, id)).start.dateTime).toContain("2027-02-01T15:00:00");
  expect((await studio.eventOf(BAY_1, id)).id).toBe(before.id);
  expect(attemptsSince(studio)).toEqual(["events.patch 200", "events.patch 200"]);
  expect(await storedEvents(studio, BAY_1)).toHaveLength(1);
  await expectStill(studio);
});

test("S10: an event dragged over the far edge moves its booking, and stays one when the window reaches it", async () => {
  const studio = await openRunningStudio();
  const id = await bookShown(studio, "2027-02-01T10:00:00");
  const event = await studio.eventOf(BAY_1, id);
  await studio.drag(BAY_1, event.id, "2027-04-14T10:00:00", "2027-04-14T11:00:00");
  writesSince(studio);

  await studio.settle();
  await letPass(studio, 2, 3);
  const made = writesSince(studio);
  await letDaysPass(studio, 8);

  expect(made.toSorted()).toEqual(["bookit", "cancelappointment", "events.patch"]);
  expect(attemptsSince(studio)).toEqual([]);
  const [only, ...others] = await liveEvents(studio);
  expect(others).toEqual([]);
  expect(only?.id).toBe(event.id);
  expect(await studio.appointment(only === undefined ? "" : (namedBy(only) ?? ""))).toMatchObject({
    StatusID: 1,
    StartTime: "2027-04-14T10:00:00",
  });
  expect((await studio.appointments()).filter((row) => row["holdsSlot"] === true)).toHaveLength(1);
  await expectStill(studio);
});

test("S10: an event dragged behind the near edge is not taken for deleted by a list that begins later", async () => {
  const studio = await openRunningStudio();
  const id = await bookShown(studio, "2027-02-01T10:00:00");
  const event = await studio.eventOf(BAY_1, id);
  const at = (dateTime: string) => ({ dateTime, timeZone: "Europe/London" });
  const times = { start: at("2027-01-05T10:00:00"), end: at("2027-01-05T11:00:00") };
  await onCalendar(studio, "PATCH", BAY_1, `/${event.id}`, times, "notify-lost");

  await studio.call("POST", "/sandbox/google/expire-sync-tokens", {});
  await letPass(studio, 2, 6);

  const [only, ...others] = await liveEvents(studio);
  expect(others).toEqual([]);
  expect(only?.id).toBe(event.id);
  const rows = (await studio.appointments()).filter((row) => row["holdsSlot"] === true);
  expect(rows).toMatchObject([{ StartTime: "2027-01-05T10:00:00", CustomerName: "Maya Lindqvist" }]);
  await expectStill(studio);
});

test("S10: an event across the near edge is neither deleted nor doubled as the edge moves over it", async () => {
  const studio = await openRunningStudio();
  const id = await bookShown(studio, "2027-01-12T23:30:00");
  const before = await liveEvents(studio);
  writesSince(studio);

  for (let hours = 0; hours < 24; hours++) {
    await studio.call("POST", "/sandbox/google/expire-sync-tokens", {});
    await letPass(studio, 180);
  }

  expect(attemptsSince(studio)).toEqual([]);
  expect(await liveEvents(studio)).toEqual(before);
  expect(await studio.appointment(id)).toMatchObject({ StatusID: 1 });
  await expectStill(studio);
});
