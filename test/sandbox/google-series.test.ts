import { afterEach, beforeEach, expect, test } from "vitest";
import { BAY_1, openStudio, type Studio } from "./harness.ts";

const WEEKLY = {
  id: "series",
  summary: "League",
  start: { dateTime: "2027-03-03T18:00:00", timeZone: "America/New_York" },
  end: { dateTime: "2027-03-03T19:00:00", timeZone: "America/New_York" },
};

let studio: Studio;
beforeEach(async () => {
  studio = await openStudio();
});
afterEach(() => studio.sandbox.close());

async function starts(params: object = {}) {
  const list = { calendarId: BAY_1, singleEvents: true, orderBy: "startTime", ...params };
  const { data } = await studio.google.events.list(list);
  return (data.items ?? []).map(({ start }) => start?.dateTime);
}

test("S37: a weekly series keeps its wall time across a change of clocks", async () => {
  await studio.google.events.insert({
    calendarId: BAY_1,
    requestBody: { ...WEEKLY, recurrence: ["rrule:count=3;freq=weekly"] },
  });

  expect(await starts()).toEqual([
    "2027-03-03T18:00:00-05:00",
    "2027-03-10T18:00:00-05:00",
    "2027-03-17T18:00:00-04:00",
  ]);
  const master = await studio.google.events.get({ calendarId: BAY_1, eventId: "series" });
  expect(master.data.recurrence).toEqual(["RRULE:FREQ=WEEKLY;COUNT=3"]);
});

test.each([
  ["RRULE:FREQ=DAILY;INTERVAL=2;COUNT=3", ["03", "05", "07"]],
  ["RRULE:FREQ=WEEKLY;BYDAY=WE,FR;UNTIL=20270312T000000Z", ["03", "05", "10"]],
  ["RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2", ["03", "17"]],
])("%s falls on the days %j of March", async (rule, days) => {
  await studio.google.events.insert({ calendarId: BAY_1, requestBody: { ...WEEKLY, recurrence: [rule] } });
  expect((await starts()).map((start) => start?.slice(8, 10))).toEqual(days);
});

test("EXDATE leaves one instance out; without singleEvents the master is listed alone", async () => {
  const recurrence = ["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=America/New_York:20270310T180000"];
  await studio.google.events.insert({ calendarId: BAY_1, requestBody: { ...WEEKLY, recurrence } });

  expect(await starts()).toHaveLength(2);
  const { data } = await studio.google.events.list({ calendarId: BAY_1 });
  expect(data.items).toMatchObject([{ id: "series", recurrence }]);
});

test("S42: one instance is moved, another deleted; the rest of the series stays", async () => {
  const recurrence = ["RRULE:FREQ=WEEKLY;COUNT=3"];
  await studio.google.events.insert({ calendarId: BAY_1, requestBody: { ...WEEKLY, recurrence } });
  const moved = { calendarId: BAY_1, eventId: "series_20270310T230000Z" };
  const times = { start: { dateTime: "2027-03-11T18:00:00-05:00" }, end: { dateTime: "2027-03-11T19:00:00-05:00" } };

  const { data } = await studio.google.events.patch({ ...moved, requestBody: times });
  await studio.google.events.delete({ calendarId: BAY_1, eventId: "series_20270317T220000Z" });

  expect(data).toMatchObject({
    recurringEventId: "series",
    originalStartTime: { dateTime: "2027-03-10T18:00:00-05:00" },
  });
  expect(await starts()).toEqual(["2027-03-03T18:00:00-05:00", "2027-03-11T18:00:00-05:00"]);
  const instances = await studio.google.events.instances({ calendarId: BAY_1, eventId: "series", showDeleted: true });
  expect(instances.data.items?.map(({ status }) => status)).toEqual(["confirmed", "confirmed", "cancelled"]);
});

test("deleting the master deletes its changed instances too", async () => {
  const recurrence = ["RRULE:FREQ=WEEKLY;COUNT=3"];
  await studio.google.events.insert({ calendarId: BAY_1, requestBody: { ...WEEKLY, recurrence } });
  const instance = { calendarId: BAY_1, eventId: "series_20270310T230000Z" };
  await studio.google.events.patch({ ...instance, requestBody: { summary: "Final" } });

  await studio.google.events.delete({ calendarId: BAY_1, eventId: "series" });

  expect(await starts()).toEqual([]);
});
