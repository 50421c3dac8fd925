import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readLocals, writeLocals } from "../../../shared/providers/portico/times.ts";
import { readId, readRow } from "../../../shared/providers/portico/translate.ts";

const OSLO = "Europe/Oslo";
const ROW = {
  ...{
    kind: "event",
    id: 12,
    active: 1,
    start: "2027-01-10T09:00:00",
    end: "2027-01-10T10:30:00",
    resources: [101, 102],
  },
  ...{ title: "Budsjettmøte", notes: "Ta med planen", customer: "Kari Nordmann", email: "kari@bergen.example" },
  within: null,
  made_with: null,
};

describe("a row", () => {
  test("is a booking with its kind, rooms, words, and the instants of the zone's wall clock", () => {
    expect(readRow(ROW, OSLO)).toEqual({
      booking: {
        ...{ id: "event-12", kind: "event", status: "live", resources: ["101", "102"] },
        span: { kind: "timed", start: "2027-01-10T08:00:00.000Z", end: "2027-01-10T09:30:00.000Z", zone: OSLO },
        fields: {
          ...{ id: "event-12", kind: "event", title: "Budsjettmøte", notes: "Ta med planen" },
          ...{ customer: "Kari Nordmann", email: "kari@bergen.example" },
        },
        hash: expect.stringMatching(/^[\w-]{43}$/),
      },
    });
  });

  test("of one number in two tables is two bookings", () => {
    expect(idOf({ ...ROW, kind: "booking" })).toBe("booking-12");
    expect(idOf({ ...ROW, kind: "allocation" })).toBe("allocation-12");
  });

  test("says nothing where the table says nothing: withheld words are left out, never empty", () => {
    const row = readRow({ ...ROW, title: null, notes: null, customer: null, email: null }, OSLO);

    expect(row).toMatchObject({ booking: { status: "live", resources: ["101", "102"] } });
    expect("booking" in row && row.booking.fields).toEqual({ id: "event-12", kind: "event" });
  });

  test("S47: of a booking names the allocation it takes place in", () => {
    expect(readRow({ ...ROW, kind: "booking", within: 3 }, OSLO)).toMatchObject({
      booking: { within: "allocation-3" },
    });
    expect(readRow(ROW, OSLO)).not.toHaveProperty("booking.within");
  });

  test("has the same hash whoever made it, and another one with any other room", () => {
    expect(hashOf({ ...ROW, made_with: "key-1" })).toBe(hashOf(ROW));
    expect(hashOf({ ...ROW, resources: [101] })).not.toBe(hashOf(ROW));
  });

  test("has no version: its table has none", () => {
    expect(readRow(ROW, OSLO)).not.toHaveProperty("booking.version");
  });

  test.each([
    [{ active: 2 }, "its active is not as Portico's tables have it"],
    [{ start: null }, "it has no time that can be read"],
    [{ start: "infinity" }, "it has no time that can be read"],
    [{ end: "2027-01-10T09:00:00" }, "its end is not after its start"],
    [{ end: "9999-12-31T00:00:00" }, "it lies outside 2000 to 2100"],
  ])("S41: %j is set aside alone, with its reason", (change, reason) => {
    expect(readRow({ ...ROW, ...change }, OSLO)).toEqual({ bad: { id: "event-12", reason } });
  });

  test.each([{ start: null }, { resources: "101" }])(
    "S41: set aside for %j, it tells its end all the same",
    (change) => {
      expect(readRow({ ...ROW, ...change, active: 0 }, OSLO)).toMatchObject({
        bad: { id: "event-12", cancelled: true },
      });
    },
  );
});

describe("S39: a local time", () => {
  test("that comes twice is the first of the two", () => {
    expect(readLocals("2027-10-31T02:30:00", "2027-10-31T04:00:00", OSLO)).toEqual({
      start: "2027-10-31T00:30:00.000Z",
      end: "2027-10-31T03:00:00.000Z",
    });
  });

  test("that ends before it starts, in the hour that comes twice, ends in the second", () => {
    expect(readLocals("2027-10-31T02:30:00", "2027-10-31T02:15:00", OSLO)).toEqual({
      start: "2027-10-31T00:30:00.000Z",
      end: "2027-10-31T01:15:00.000Z",
    });
  });

  test("that the clock skips is as much later; a span that has no length then is set aside", () => {
    expect(readLocals("2027-03-28T02:30:00", "2027-03-28T02:45:00", OSLO)).toEqual({
      start: "2027-03-28T01:30:00.000Z",
      end: "2027-03-28T01:45:00.000Z",
    });
    expect(readRow({ ...ROW, start: "2027-03-28T02:30:00", end: "2027-03-28T03:00:00" }, OSLO)).toHaveProperty("bad");
  });

  test("is written only where it is read back as the same instant", () => {
    const minutes = fc.integer({ min: 0, max: 2 * 24 * 60 });
    const night = fc.constantFrom("2027-03-27T12:00:00Z", "2027-10-30T12:00:00Z", "2027-06-01T00:00:00Z");
    fc.assert(
      fc.property(night, minutes, fc.integer({ min: 1, max: 600 }), (from, after, length) => {
        const at = (add: number) => new Date(Date.parse(from) + add * 60_000).toISOString();
        const span = { kind: "timed", start: at(after), end: at(after + length) } as const;

        const written = writeLocals(span, OSLO);

        if (written === undefined) expect(from).toContain("10-30");
        else expect(readLocals(written.start, written.end, OSLO)).toEqual({ start: span.start, end: span.end });
      }),
    );
  });

  test("is not written where the tables cannot tell it", () => {
    const second = { kind: "timed", start: "2027-10-31T01:15:00.000Z", end: "2027-10-31T03:00:00.000Z" } as const;
    const parts = { kind: "timed", start: "2027-01-10T08:00:00.500Z", end: "2027-01-10T09:00:00.000Z" } as const;

    expect([writeLocals(second, OSLO), writeLocals(parts, OSLO)]).toEqual([undefined, undefined]);
  });

  test("S38: whole days are written from midnight to midnight", () => {
    expect(writeLocals({ kind: "all-day", start: "2027-03-28", end: "2027-03-29" }, OSLO)).toEqual({
      start: "2027-03-28T00:00:00",
      end: "2027-03-29T00:00:00",
    });
  });
});

test("an id names a table and a number of it; nothing else is one", () => {
  expect(readId("allocation-3")).toEqual({ kind: "allocation", id: 3 });
  const others = [
    "12",
    "event-0",
    "event-012",
    "event-2147483648",
    "event-1;",
    "resource-1",
    "event-",
    "constructor-1",
  ];
  expect(others.map(readId)).toEqual(others.map(() => undefined));
});

function idOf(item: object): string | undefined {
  const row = readRow(item, OSLO);
  return "booking" in row ? row.booking.id : undefined;
}

function hashOf(item: object): string | undefined {
  const row = readRow(item, OSLO);
  return "booking" in row ? row.booking.hash : undefined;
}
