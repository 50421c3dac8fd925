import { afterEach, beforeEach, expect, test } from "vitest";
import { BAY_1, NINE, openStudio, refusal, type Studio } from "./harness.ts";

let studio: Studio;
beforeEach(async () => {
  studio = await openStudio();
});
afterEach(() => studio.sandbox.close());

async function insert(requestBody: object) {
  const { data } = await studio.google.events.insert({ calendarId: BAY_1, requestBody: { ...NINE, ...requestBody } });
  return data;
}

test.each([
  [{ summary: "  Tom \n" }, { summary: "Tom" }],
  [{ summary: "To\u0000m\u0007" }, { summary: "Tom" }],
  [{ description: "<b>bold</b><script>alert(1)</script>" }, { description: "<b>bold</b>" }],
  [
    { description: '<a href="https://x.example" onclick="y()">x</a>' },
    { description: '<a href="https://x.example">x</a>' },
  ],
  [{ description: "a\r\nb" }, { description: "a\nb" }],
  [{ location: null, colorId: "5" }, { colorId: "5" }],
])("S24: %j is answered as %j and stays so when written back", async (written, expected) => {
  const first = await insert(written);
  const again = await insert(expected);

  expect(first).toMatchObject(expected);
  expect(again).toMatchObject(expected);
});

test.each([
  ["Asia/Calcutta", "Asia/Kolkata"],
  ["Europe/Kiev", "Europe/Kyiv"],
])("S24: the zone %s is answered as %s", async (written, answered) => {
  const start = { dateTime: "2027-07-01T09:00:00", timeZone: written };
  const data = await insert({ start, end: { dateTime: "2027-07-01T10:00:00", timeZone: written } });
  expect(data.start?.timeZone).toBe(answered);
});

test("S24: fractions of a second are cut and empty texts are not kept", async () => {
  const start = { dateTime: "2027-01-10T14:00:00.750Z" };
  const data = await insert({ summary: "", description: " ", start, end: { dateTime: "2027-01-10T15:00:00Z" } });
  expect(data.start?.dateTime).toBe("2027-01-10T09:00:00-05:00");
  expect(data).not.toHaveProperty("summary");
  expect(data).not.toHaveProperty("description");
});

test("S39: a time without an offset is read in its own zone", async () => {
  const start = { dateTime: "2027-07-01T09:00:00", timeZone: "Europe/London" };
  const data = await insert({ start, end: { dateTime: "2027-07-01T10:00:00", timeZone: "Europe/London" } });
  expect(data.start).toEqual({ dateTime: "2027-07-01T04:00:00-04:00", timeZone: "Europe/London" });
});

test("S38: all-day dates stay dates, with an exclusive end", async () => {
  const data = await insert({ start: { date: "2027-01-10" }, end: { date: "2027-01-12" } });
  expect([data.start, data.end]).toEqual([{ date: "2027-01-10" }, { date: "2027-01-12" }]);
});

test.each([
  ["an end before the start", { end: { dateTime: "2027-01-10T08:00:00-05:00" } }, "400 timeRangeEmpty"],
  ["an all-day event of no day", { start: { date: "2027-01-10" }, end: { date: "2027-01-10" } }, "400 timeRangeEmpty"],
  ["a date and a time mixed", { start: { date: "2027-01-10" } }, "400 invalid"],
  ["date and time in one field", { start: { date: "2027-01-10", dateTime: "2027-01-10T09:00:00Z" } }, "400 invalid"],
  ["no end", { end: null }, "400 invalid"],
  ["a time without offset or zone", { start: { dateTime: "2027-01-10T09:00:00" } }, "400 invalid"],
  ["an absurd date", { start: { dateTime: "20270-01-10T09:00:00Z" } }, "400 invalid"],
  ["a day that does not exist", { start: { date: "2027-02-30" }, end: { date: "2027-03-02" } }, "400 invalid"],
  ["an unknown zone", { start: { dateTime: "2027-01-10T09:00:00Z", timeZone: "Loft/Bay" } }, "400 invalid"],
  ["an unknown status", { status: "maybe" }, "400 invalid"],
  ["an id beside an iCalUID", { id: "both1", iCalUID: "x@y" }, "400 invalid"],
])("S41: %s is refused", async (_, wrong, expected) => {
  expect(await refusal(insert(wrong))).toBe(expected);
});

test("S41: an event of no length is accepted", async () => {
  expect((await insert({ end: NINE.start })).status).toBe("confirmed");
});

test("keys over 44 characters are dropped and values cut at 1024, without a word", async () => {
  const { extendedProperties } = await insert({
    extendedProperties: { private: { ["k".repeat(45)]: "x", kept: "v".repeat(2000) } },
  });
  expect(Object.keys(extendedProperties?.private ?? {})).toEqual(["kept"]);
  expect(extendedProperties?.private?.kept).toHaveLength(1024);
});

test("malformed JSON is a parse error", async () => {
  const response = await fetch(`${studio.sandbox.url}/google/calendar/v3/calendars/${BAY_1}/events`, {
    method: "POST",
    headers: { authorization: "Bearer x" },
    body: "{nope",
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('"reason":"parseError"');
});
