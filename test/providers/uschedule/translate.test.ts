import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { joinNotes, splitNotes } from "../../../shared/providers/uschedule/marker.ts";
import { joinRows, readRows } from "../../../shared/providers/uschedule/rows.ts";
import { Settings } from "../../../shared/providers/uschedule/schema.ts";
import { readRow } from "../../../shared/providers/uschedule/translate.ts";

const { statuses } = Settings.parse({});
const READING = { statuses, timeZone: "America/New_York", names: new Map([["101", "Bay 1"]]) };
const ROW = {
  AppointmentID: 410001,
  ResourceName: "Bay 1",
  StartTime: "2027-01-10T09:00:00",
  EndTime: "2027-01-10T10:00:00",
  StatusID: 1,
  CustomerName: "Priya Raman",
  Description: "Putting lesson",
};

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(`shared/providers/uschedule/fixtures/${name}.json`, "utf8"));
}

function read(fields: object) {
  return readRow({ ...ROW, ...fields }, READING);
}

function booking(fields: object) {
  const row = read(fields);
  if ("bad" in row) throw new Error(row.bad.reason);
  return row.booking;
}

describe("reading rows", () => {
  test("S41: a listing is read row by row; what cannot be read is told with its id and the reason", () => {
    const listing = fixture("listing");
    const { bookings, bad } = readRows(Array.isArray(listing) ? listing : [], READING);

    expect([...bookings.keys()]).toEqual(["410001", "410002"]);
    expect(bookings.get("410002")).toMatchObject({
      resources: ["Bay 2"],
      status: "unclear",
      span: { start: "2027-01-10T18:30:00.000Z", end: "2027-01-10T20:00:00.000Z", zone: "America/New_York" },
      fields: { id: "410002", notes: "18 holes", marker: "7f3a" },
    });
    expect(bookings.get("410002")?.fields).not.toHaveProperty("customer");
    expect([...bad.values()]).toEqual([
      { id: "410003", reason: "its end is not after its start" },
      { id: "410004", reason: "it lies outside 2000 to 2100", cancelled: true },
      { id: "(without an id)", reason: "it is not shaped like an appointment" },
    ]);
  });

  test("a record by id is read too: other names for id and notes, the room by its number", () => {
    const row = readRow(fixture("record"), READING);

    expect(row).toMatchObject({
      booking: {
        id: "410001",
        resources: ["Bay 1"],
        status: "cancelled",
        fields: { notes: "Putting lesson", customerId: "501", serviceId: "1", locationId: "1" },
      },
    });
  });

  test.each([
    [1, "live"],
    [9, "cancelled"],
    [10, "rescheduled"],
    [11, "pending"],
    [0, "unclear"],
    [2, "unclear"],
    [77, "unclear"],
    [undefined, "unclear"],
    ["9", "cancelled"],
  ])("S11: StatusID %s is %s", (StatusID, status) => {
    expect(booking({ StatusID }).status).toBe(status);
  });

  test("what the numbers mean can be set", () => {
    const own = Settings.parse({ statuses: { live: [1, 2], cancelled: [9, 0] } }).statuses;

    const row = readRow({ ...ROW, StatusID: 0 }, { ...READING, statuses: own });

    expect(row).toMatchObject({ booking: { status: "cancelled" } });
  });

  test.each([
    ["2027-01-10 09:00:00", "2027-01-10T14:00:00.000Z"],
    ["2027-01-10T09:00:00.0000000", "2027-01-10T14:00:00.000Z"],
    ["01/10/2027 9:00 AM", "2027-01-10T14:00:00.000Z"],
    ["1/10/2027 09:00:00 am", "2027-01-10T14:00:00.000Z"],
    ["01/10/2027 12:00 AM", "2027-01-10T05:00:00.000Z"],
    ["01/10/2027 00:30", "2027-01-10T05:30:00.000Z"],
    ["2027-07-10T00:00:00", "2027-07-10T04:00:00.000Z"],
    ["2027-01-10T09:00:00Z", "2027-01-10T09:00:00.000Z"],
    ["2027-01-10T09:00:00-08:00", "2027-01-10T17:00:00.000Z"],
  ])("S39: %s in New York is %s, whatever the server's zone", (StartTime, start) => {
    expect(booking({ StartTime, EndTime: "2027-08-01T00:00:00" }).span.start).toBe(start);
  });

  test("S39: in the hour a clock change skips or repeats, the times are still read", () => {
    const skipped = booking({ StartTime: "2027-03-14T02:30:00", EndTime: "2027-03-14T04:00:00" }).span;
    const repeated = booking({ StartTime: "2027-11-07T01:30:00", EndTime: "2027-11-07T03:00:00" }).span;

    expect([skipped.start, skipped.end]).toEqual(["2027-03-14T07:30:00.000Z", "2027-03-14T08:00:00.000Z"]);
    expect([repeated.start, repeated.end]).toEqual(["2027-11-07T05:30:00.000Z", "2027-11-07T08:00:00.000Z"]);
  });

  test.each([
    ["no length", { EndTime: ROW.StartTime }, "its end is not after its start"],
    ["no end", { EndTime: null }, "its end is no time"],
    ["a start that is no time", { StartTime: "soon" }, "its start is no time"],
    ["the 30th of February", { StartTime: "2027-02-30T09:00:00" }, "its start is no time"],
    ["13 o'clock in the afternoon", { StartTime: "01/10/2027 13:00 PM" }, "its start is no time"],
    ["an absurd year", { EndTime: "2999-01-01T00:00:00" }, "it lies outside 2000 to 2100"],
    ["no room", { ResourceName: " " }, "it names no resource"],
    ["no id", { AppointmentID: null }, "it has no id"],
    ["a status in words", { StatusID: "active" }, "it is not shaped like an appointment"],
  ])("S41: a row with %s is bad, alone", (_, fields, reason) => {
    expect(read(fields)).toMatchObject({ bad: { reason } });
  });

  test("S41: NUL bytes vanish, an end may be told as a length", () => {
    expect(booking({ CustomerName: "Pri\u0000ya", ResourceName: "Bay 1\u0000" })).toMatchObject({
      resources: ["Bay 1"],
      fields: { customer: "Priya" },
    });
    expect(booking({ EndTime: null, ServiceLength: 90 }).span.end).toBe("2027-01-10T15:30:00.000Z");
  });

  test("S22: rows with one id are one booking on several resources; when they differ otherwise it is bad", () => {
    const two = readRows([ROW, { ...ROW, ResourceName: "Bay 2" }, ROW], READING);
    const odd = joinRows([readRows([ROW, { ...ROW, StartTime: "2027-01-10T08:00:00" }], READING)]);

    expect(two.bookings.get("410001")?.resources).toEqual(["Bay 1", "Bay 2"]);
    expect([two.bookings.size, two.bad.size]).toEqual([1, 0]);
    expect([odd.bookings.size, odd.bad.get("410001")?.reason]).toEqual([0, "two rows with its id differ"]);
  });
});

describe("hashes", () => {
  test("cover what is observed, and nothing only a record by id carries", () => {
    const { hash } = booking({});
    const others = [
      { StatusID: 0 },
      { StatusID: 9 },
      { StatusID: 10 },
      { CustomerName: "Tom" },
      { Description: "x" },
      { ResourceName: "Bay 2" },
      { EndTime: "2027-01-10T10:30:00" },
    ].map((fields) => booking(fields).hash);

    expect(booking({ CustomerID: 501, ServiceID: 1, LocationID: 1 }).hash).toBe(hash);
    expect(new Set([hash, ...others]).size).toBe(8);
    expect(booking({ StatusID: 11 }).hash).toBe(booking({ StatusID: 0 }).hash);
  });
});

describe("the marker in the notes", () => {
  test("is found and taken out again where line breaks were lost", () => {
    expect(splitNotes("Left-handed [lockstep 410001.7f3a]")).toEqual({ notes: "Left-handed", marker: "410001.7f3a" });
    expect(splitNotes("a [lockstep 1] [lockstep 2]")).toEqual({ notes: "a", marker: "2" });
  });

  test("stands on a line of its own and is taken out again, whatever the line ends are", () => {
    expect(joinNotes("Left-handed", "7f3a")).toBe("Left-handed\n[lockstep 7f3a]");
    expect(joinNotes("", "7f3a")).toBe("[lockstep 7f3a]");
    expect(splitNotes("Left-handed\r\n[lockstep 7f3a]\r\n")).toEqual({ notes: "Left-handed", marker: "7f3a" });
    expect(splitNotes("[lockstep 1]\nfirst\n [lockstep 2] \nsecond")).toEqual({ notes: "first\nsecond", marker: "2" });
    expect(splitNotes("ask [lockstep 1] about it")).toEqual({ notes: "ask [lockstep 1] about it" });
  });
});
