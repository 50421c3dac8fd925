import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readSlots } from "../../../shared/providers/uschedule/slots.ts";

const ASKED = { timeZone: "America/New_York", unitId: 101, minutes: 60, firstDate: "2027-01-10" };
const shapes: { intervals: unknown[]; starts: unknown[] } = JSON.parse(
  readFileSync("shared/providers/uschedule/fixtures/availability.json", "utf8"),
);

describe("reading availability", () => {
  test("free intervals with their ends are exact", () => {
    const { intervals, exact, coversAll } = readSlots(shapes.intervals, ASKED);

    expect(intervals).toEqual([
      { start: "2027-01-10T05:00:00.000Z", end: "2027-01-10T14:00:00.000Z" },
      { start: "2027-01-10T15:00:00.000Z", end: "2027-01-11T05:00:00.000Z" },
    ]);
    expect([exact, coversAll]).toEqual([true, false]);
  });

  test("bare starts are as long as was asked for", () => {
    const { intervals, exact } = readSlots(shapes.starts, ASKED);

    expect(intervals?.[0]).toEqual({ start: "2027-01-10T13:00:00.000Z", end: "2027-01-10T14:00:00.000Z" });
    expect(exact).toBe(false);
  });

  test("bare texts are starts, other units' slots are passed over, an empty list offers nothing", () => {
    expect(readSlots(["2027-01-10T10:00:00"], ASKED).intervals).toHaveLength(1);
    expect(readSlots([{ StartTime: "2027-01-10T10:00:00", ResourceUnitID: 102 }], ASKED).intervals).toEqual([]);
    expect(readSlots([], ASKED)).toEqual({ intervals: [], exact: true, coversAll: false });
  });

  test("one slot on a later day shows that the whole range was answered", () => {
    expect(readSlots(["2027-01-12T10:00:00"], ASKED).coversAll).toBe(true);
  });

  test("whatever is not understood tells nothing, never that a slot is taken", () => {
    const odd = [
      null,
      {},
      "none",
      { Slots: [] },
      [null],
      [{ StartTime: "10:00 AM" }],
      [{ StartTime: 7 }],
      [{ Time: "x" }],
    ];

    for (const answer of odd) expect(readSlots(answer, ASKED).intervals).toBeUndefined();
  });
});
