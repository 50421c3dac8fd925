import { afterEach, beforeEach, expect, test } from "vitest";
import { BAY_1, openStudio, refusal, type Studio } from "./harness.ts";

let studio: Studio;
beforeEach(async () => {
  studio = await openStudio();
});
afterEach(() => studio.sandbox.close());

/** Events of one hour at these hours of one day, ids `event09` … */
async function insertHours(...hours: number[]): Promise<void> {
  for (const hour of hours) {
    const at = (h: number) => ({ dateTime: `2027-01-10T${String(h).padStart(2, "0")}:00:00Z` });
    const id = `event${String(hour).padStart(2, "0")}`;
    const extendedProperties = { private: { hour: String(hour) } };
    const requestBody = { id, summary: `at ${hour}`, start: at(hour), end: at(hour + 1), extendedProperties };
    await studio.google.events.insert({ calendarId: BAY_1, requestBody });
  }
}

async function listIds(params: object = {}): Promise<(string | null | undefined)[]> {
  const { data } = await studio.google.events.list({ calendarId: BAY_1, ...params });
  return (data.items ?? []).map(({ id }) => id);
}

test("pages follow one another, each with exactly one of page and sync token", async () => {
  await insertHours(9, 10, 11, 12, 13);

  const first = await studio.google.events.list({ calendarId: BAY_1, maxResults: 2 });
  const pageToken = first.data.nextPageToken ?? "";
  const second = await studio.google.events.list({ calendarId: BAY_1, maxResults: 2, pageToken });
  const rest = { maxResults: 2, pageToken: second.data.nextPageToken ?? "" };
  const third = await studio.google.events.list({ calendarId: BAY_1, ...rest });

  const ids = [first, second, third].flatMap(({ data }) => data.items?.map(({ id }) => id));
  expect(ids).toEqual(["event09", "event10", "event11", "event12", "event13"]);
  expect(first.data.nextSyncToken).toBeUndefined();
  expect(third.data.nextPageToken).toBeUndefined();
  expect(third.data.nextSyncToken).toEqual(expect.any(String));
  expect(first.data).toMatchObject({ accessRole: "writer", timeZone: "America/New_York", kind: "calendar#events" });
});

test("a page holds 250 events by default and never more than 2500", async () => {
  studio.sandbox.arrange(() => {});
  await studio.call("/sandbox/options", { pageSize: 2500 });
  await insertHours(...Array.from({ length: 22 }, (_, hour) => hour));

  expect(await listIds()).toHaveLength(22);
  await studio.call("/sandbox/options", { pageSize: 10 });
  expect(await listIds({ maxResults: 5000 })).toHaveLength(10);
});

test("a page token of another query is refused", async () => {
  await insertHours(9, 10);
  const { data } = await studio.google.events.list({ calendarId: BAY_1, maxResults: 1 });

  const other = { maxResults: 1, pageToken: data.nextPageToken ?? "", showDeleted: true };
  expect(await refusal(studio.google.events.list({ calendarId: BAY_1, ...other }))).toBe("400 invalid");
  expect(await refusal(studio.google.events.list({ calendarId: BAY_1, pageToken: "junk" }))).toBe("400 invalid");
});

test("S10: timeMin compares with the end and timeMax with the start, both exclusive", async () => {
  await insertHours(9, 10, 11);

  expect(await listIds({ timeMin: "2027-01-10T10:00:00Z" })).toEqual(["event10", "event11"]);
  expect(await listIds({ timeMin: "2027-01-10T09:59:59Z" })).toEqual(["event09", "event10", "event11"]);
  expect(await listIds({ timeMax: "2027-01-10T11:00:00Z" })).toEqual(["event09", "event10"]);
});

test.each([
  [{ timeMin: "2027-01-10T10:00:00" }, "400 invalid"],
  [{ timeMin: "2027-01-10T10:00:00Z", timeMax: "2027-01-10T10:00:00Z" }, "400 timeRangeEmpty"],
  [{ orderBy: "startTime" }, "400 invalid"],
  [{ orderBy: "colour" }, "400 invalid"],
  [{ maxResults: 0 }, "400 invalid"],
  [{ calendarId: "nobody@sandbox" }, "404 notFound"],
])("a list with %j is refused with %s", async (params, expected) => {
  expect(await refusal(studio.google.events.list({ calendarId: BAY_1, ...params }))).toBe(expected);
});

test("deleted events are listed with showDeleted, and with updatedMin whatever showDeleted says", async () => {
  await insertHours(9, 10);
  studio.clock.advance(60_000);
  const updatedMin = studio.clock.now();
  await studio.google.events.delete({ calendarId: BAY_1, eventId: "event09" });

  expect(await listIds()).toEqual(["event10"]);
  expect(await listIds({ showDeleted: true })).toEqual(["event09", "event10"]);
  expect(await listIds({ updatedMin })).toEqual(["event09"]);
});

test("events are found by private property, by iCalUID and by text", async () => {
  await insertHours(9, 10);

  expect(await listIds({ privateExtendedProperty: ["hour=10"] })).toEqual(["event10"]);
  expect(await listIds({ iCalUID: "event09@google.com" })).toEqual(["event09"]);
  expect(await listIds({ q: "AT 9" })).toEqual(["event09"]);
});

test("orderBy=startTime and orderBy=updated sort", async () => {
  await insertHours(11, 9);
  studio.clock.advance(1000);
  await studio.google.events.patch({ calendarId: BAY_1, eventId: "event11", requestBody: { summary: "later" } });

  expect(await listIds({ singleEvents: true, orderBy: "startTime" })).toEqual(["event09", "event11"]);
  expect(await listIds({ orderBy: "updated" })).toEqual(["event09", "event11"]);
  expect(await listIds()).toEqual(["event11", "event09"]);
});

test("times are answered in the zone asked for", async () => {
  await insertHours(9);
  const { data } = await studio.google.events.list({ calendarId: BAY_1, timeZone: "Asia/Tokyo" });
  expect(data.items?.[0]?.start?.dateTime).toBe("2027-01-10T18:00:00+09:00");
});
