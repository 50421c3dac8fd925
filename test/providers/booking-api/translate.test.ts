import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Reservation } from "../../../shared/providers/booking-api/schema.ts";
import { readRow, readRows, writeSpan } from "../../../shared/providers/booking-api/translate.ts";
import { webhook } from "../../../shared/providers/booking-api/webhook.ts";

const { items } = JSON.parse(readFileSync("shared/providers/booking-api/fixtures/list.json", "utf8")) as {
  items: Record<string, unknown>[];
};
const [CHOIR = {}, MARKET = {}, SERIES, MIXED, BROKEN] = items;

function booked(item: unknown) {
  const row = readRow(item);
  if (!("booking" in row)) throw new Error(row.bad.reason);
  return row.booking;
}

describe("reading a reservation", () => {
  test("a timed one is told in instants, with its rooms in order, kind, version and words", () => {
    expect(booked(CHOIR)).toMatchObject({
      id: "2001",
      kind: "booking",
      version: 3,
      status: "live",
      resources: ["room-2", "room-6"],
      span: {
        kind: "timed",
        start: "2027-01-11T17:00:00.000Z",
        end: "2027-01-11T18:30:00.000Z",
        zone: "Europe/Oslo",
      },
      fields: { title: "Choir practice", customer: "Kari Nordmann", email: "kari@example.org", notes: "Piano needed" },
    });
  });

  test("S38: whole days stay dates, and a cancelled one is cancelled", () => {
    expect(booked(MARKET)).toMatchObject({
      status: "cancelled",
      span: { kind: "all-day", start: "2027-01-16", end: "2027-01-18" },
    });
  });

  test("withheld words are left out, never empty", () => {
    expect(booked(MARKET).fields).toEqual({ id: "3001", kind: "event" });
    expect(booked({ ...MARKET, description: "" }).fields).toHaveProperty("notes", "");
  });

  test.each([
    ["version", { version: 4 }],
    ["state", { active: false }],
    ["room", { resources: ["room-2"] }],
    ["kind", { kind: "event" }],
    ["title", { title: "Concert" }],
  ])("another %s is another hash, the same row the same", (_, change) => {
    expect(booked({ ...CHOIR, ...change }).hash).not.toBe(booked(CHOIR).hash);
    expect(booked({ ...CHOIR }).hash).toBe(booked(CHOIR).hash);
  });

  test.each([
    ["a rule nobody can read", { ...SERIES, recurrence: "FREQ=SECONDLY" }, "1004", /./],
    ["two forms of time", MIXED, "2002", "one of its ends is a whole day, the other is not"],
    ["no version", BROKEN, "2003", "its version is not as the contract has it"],
    ["no id", { kind: "event" }, "(without an id)", "its id is not as the contract has it"],
    ["nothing", null, "(without an id)", "its shape is not as the contract has it"],
    ["an end before its start", { ...MARKET, end: { date: "2027-01-16" } }, "3001", "its end is not after its start"],
    ["a time far off", { ...MARKET, end: { date: "2227-01-16" } }, "3001", "it lies outside 2000 to 2100"],
  ])("S41: %s is set aside alone, with its reason", (_, item, id, reason) => {
    const stretch = { from: "2027-01-01T00:00:00.000Z", to: "2027-12-31T00:00:00.000Z" };
    const [row] = readRows(item, stretch, "Europe/Oslo");
    expect(row).toMatchObject({
      bad: { id, reason: typeof reason === "string" ? reason : expect.stringMatching(reason) },
    });
  });

  test("S40: a zone nobody knows is left out, the instants stay", () => {
    const zoned = { dateTime: "2027-01-11T18:00:00+01:00", timeZone: "Custom Zone" };

    const { span } = booked({ ...CHOIR, start: zoned });

    expect(span).toMatchObject({ start: "2027-01-11T17:00:00.000Z" });
    expect(span).not.toHaveProperty("zone");
  });
});

test.each([
  { kind: "timed", start: "2027-03-28T00:30:00.000Z", end: "2027-03-28T02:00:00.000Z", zone: "Europe/Oslo" },
  { kind: "all-day", start: "2027-03-27", end: "2027-03-29" },
] as const)("S37: a span is written as it is read ($kind, over a change of clocks)", (span) => {
  const { start, end } = writeSpan(span, "Europe/London");

  expect(booked({ ...CHOIR, start, end }).span).toEqual(span);
  expect(Reservation.safeParse({ ...CHOIR, start, end }).success).toBe(true);
});

describe("the webhook", () => {
  test("tells which reservation to read, and its version", () => {
    const body = { type: "reservation.changed", timestamp: "2027-01-04T10:00:00Z", data: { id: "2001", version: 4 } };

    expect(webhook.read(body)).toEqual({ bookingId: "2001", version: 4 });
  });

  test.each([
    ["no object", 7, "the body"],
    ["no data", { type: "reservation.changed" }, "`data`"],
    ["no version", { data: { id: "2001" } }, "`data.version`"],
  ])("S33: %s is INVALID_REQUEST naming the place", (_, body, place) => {
    expect(() => webhook.read(body)).toThrow(place);
  });
});
