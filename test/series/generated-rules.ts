import * as fc from "fast-check";
import type { GraphHabits, GraphRecurrence } from "../../shared/series/graph-recurrence.ts";
import { WEEKDAYS } from "../../shared/sync/series.ts";

/** Rules as people and programs write them, most of them ones that Outlook knows, some far from it. */
const weekdays = fc.subarray([...WEEKDAYS], { minLength: 1, maxLength: 4 });
const nth = fc.constantFrom(1, 2, 3, 4, -1, 5, -2);
const monthDays = fc.uniqueArray(fc.oneof(fc.integer({ min: 1, max: 31 }), fc.constantFrom(28, 29, 30, 31, -1, -2)), {
  minLength: 1,
  maxLength: 2,
});
const months = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 2 });
const list = (values: readonly (string | number)[]) => values.join(",");
const nothing = fc.constant("");

const byDay = weekdays.map((days) => `;BYDAY=${list(days)}`);
const byNth = fc
  .tuple(nth, weekdays)
  .map(([place, days]) => `;BYDAY=${list(days.slice(0, 1).map((day) => `${place}${day}`))}`);
const byPlace = fc.tuple(weekdays, nth).map(([days, place]) => `;BYDAY=${list(days)};BYSETPOS=${place}`);
const byFallback = fc.constantFrom(
  ";BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
  ";BYMONTHDAY=28,29,30;BYSETPOS=-1",
  ";BYMONTHDAY=29,-1;BYSETPOS=1",
);
const byMonthDay = monthDays.map((days) => `;BYMONTHDAY=${list(days)}`);
const byMonth = months.map((values) => `;BYMONTH=${list(values)}`);
const inMonth = fc.oneof(nothing, byMonthDay, byNth, byPlace, byDay, byFallback);

const parts = fc.oneof(
  fc.oneof({ weight: 3, arbitrary: nothing }, { weight: 1, arbitrary: byDay }).map((by) => `FREQ=DAILY${by}`),
  fc
    .tuple(fc.oneof(nothing, byDay), fc.constantFrom("", ";WKST=SU", ";WKST=WE"))
    .map(([by, wkst]) => `FREQ=WEEKLY${by}${wkst}`),
  inMonth.map((by) => `FREQ=MONTHLY${by}`),
  fc.tuple(fc.oneof(nothing, byMonth), inMonth).map(([month, by]) => `FREQ=YEARLY${month}${by}`),
);
const interval = fc.oneof(
  { weight: 2, arbitrary: nothing },
  fc.integer({ min: 2, max: 6 }).map((each) => `;INTERVAL=${each}`),
);
const ends = fc.oneof(
  nothing,
  fc.integer({ min: 1, max: 40 }).map((count) => `;COUNT=${count}`),
  fc.integer({ min: 0, max: 1_100 }).map((days) => `;UNTIL=${isoDay(days).replaceAll("-", "")}T120000Z`),
);

export const rule = fc.tuple(parts, interval, ends).map((words) => words.join(""));

/** A local date of 2027 or 2028. */
export const date = fc.oneof(fc.integer({ min: 0, max: 730 }), fc.constantFrom(30, 58, 424, 364)).map(isoDay);
/** No time that a clock skips. */
export const time = fc.constantFrom("00:15", "09:00", "12:30", "23:45");
export const zone = fc.constantFrom(
  "Europe/Oslo",
  "America/New_York",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "Pacific/Tongatapu",
);
export const habits: fc.Arbitrary<GraphHabits> = fc.record({
  shortMonth: fc.constantFrom("last-day", "skipped"),
  severalDays: fc.constantFrom("nth-of-all", "earliest-nth"),
  gaps: fc.constantFrom("shifted", "skipped"),
  zoneNames: fc.constantFrom("iana", "windows"),
});

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
const daysOfWeek = fc.subarray([...DAYS], { minLength: 1 });
const index = fc.constantFrom("first", "second", "third", "fourth", "last");
const each = fc.integer({ min: 1, max: 5 });
const dayOfMonth = fc.oneof(fc.integer({ min: 1, max: 31 }), fc.constantFrom(29, 30, 31));

/** Patterns of every type. A day of the month is one that its month can have. */
export const pattern: fc.Arbitrary<GraphRecurrence["pattern"]> = fc.oneof(
  fc.record({ type: fc.constant("daily"), interval: each }),
  fc.record({ type: fc.constant("weekly"), interval: each, daysOfWeek, firstDayOfWeek: fc.constantFrom(...DAYS) }),
  fc.record({ type: fc.constant("absoluteMonthly"), interval: each, dayOfMonth }),
  fc.record({ type: fc.constant("relativeMonthly"), interval: each, daysOfWeek, index }),
  fc
    .record({ type: fc.constant("absoluteYearly"), interval: each, dayOfMonth, month: fc.integer({ min: 1, max: 12 }) })
    .filter(({ dayOfMonth: day, month }) => day <= new Date(Date.UTC(2028, month, 0)).getUTCDate()),
  fc.record({
    type: fc.constant("relativeYearly"),
    interval: each,
    daysOfWeek,
    index,
    month: fc.integer({ min: 1, max: 12 }),
  }),
);

function isoDay(days: number): string {
  return new Date(Date.UTC(2027, 0, 1 + days)).toISOString().slice(0, 10);
}
