import { Temporal } from "temporal-polyfill";
import { remembered } from "../../shared/providers/remembered.ts";

/** Zones and evenings on which something is about to happen to the clock, or nothing is. */
export const EVENINGS: readonly (readonly [zone: string, start: string])[] = [
  ["Europe/London", "2027-01-11T08:00:00.000Z"],
  ["Europe/London", "2027-03-27T20:00:00.000Z"],
  ["Europe/London", "2027-10-30T19:30:00.000Z"],
  ["Europe/Oslo", "2027-12-31T21:30:00.000Z"],
  ["America/New_York", "2027-03-13T23:00:00.000Z"],
  ["America/New_York", "2027-11-06T22:00:00.000Z"],
  ["Australia/Lord_Howe", "2027-04-03T09:00:00.000Z"],
  ["Asia/Kolkata", "2027-06-01T15:00:00.000Z"],
  ["Pacific/Honolulu", "2027-02-28T08:00:00.000Z"],
];

/** Half hour number `slot` from the next full local hour after `start`, as local wall time. */
export const wallTime = remembered((zone: string, start: string, slot: number): string => {
  const first = Temporal.Instant.from(start).toZonedDateTimeISO(zone).toPlainDateTime();
  const wall = first.round({ smallestUnit: "hour", roundingMode: "ceil" }).add({ minutes: 30 * slot });
  return wall.toString({ smallestUnit: "second" });
});

/** The moment of a local wall time; what a clock change leaves out is read as the hour after it. */
export function momentOf(wall: string, zone: string): number {
  return Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).epochMilliseconds;
}

/** The local wall time of a moment, to the second. */
export function wallAt(ms: number, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDateTime();
  return local.toString({ smallestUnit: "second" });
}
