import { z } from "zod";
import type { Weekday } from "../sync/series.ts";
import type { GapHabit } from "./candidates.ts";

const DayOfWeek = z.enum(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]);
export type DayOfWeek = z.infer<typeof DayOfWeek>;

const WeekIndex = z.enum(["first", "second", "third", "fourth", "last"]);
export type WeekIndex = z.infer<typeof WeekIndex>;

/** Read with what Graph fills in for parts that a type does not use: `month: 0`, `endDate: "0001-01-01"`. */
const GraphPattern = z.object({
  type: z.enum(["daily", "weekly", "absoluteMonthly", "relativeMonthly", "absoluteYearly", "relativeYearly"]),
  interval: z.number().int().positive(),
  daysOfWeek: z.array(DayOfWeek).nullish(),
  firstDayOfWeek: DayOfWeek.nullish(),
  index: WeekIndex.nullish(),
  dayOfMonth: z.number().int().nullish(),
  month: z.number().int().nullish(),
});
export type GraphPattern = z.infer<typeof GraphPattern>;

const GraphRange = z.object({
  type: z.enum(["endDate", "noEnd", "numbered"]),
  startDate: z.string(),
  endDate: z.string().nullish(),
  numberOfOccurrences: z.number().int().nullish(),
  recurrenceTimeZone: z.string().nullish(),
});
export type GraphRange = z.infer<typeof GraphRange>;

/** `recurrence` of a Graph event (API_FACTS §3). Written, it holds only what its type uses: more is refused. */
export const GraphRecurrence = z.object({ pattern: GraphPattern, range: GraphRange });
export type GraphRecurrence = z.infer<typeof GraphRecurrence>;

/** Graph's way of saying when: no offset, a zone beside it. */
export const GraphTime = z.object({ dateTime: z.string(), timeZone: z.string() });
export type GraphTime = z.infer<typeof GraphTime>;

/** What Graph's reference leaves open about how Outlook repeats events. A provider has it as settings. */
export interface GraphHabits {
  /** A day that a month does not have (the 31st): its last day instead, or none in that month. */
  readonly shortMonth: "last-day" | "skipped";
  /** "Second" of several days of the week: the second among all of them, or the earliest of each one's second. */
  readonly severalDays: "nth-of-all" | "earliest-nth";
  readonly gaps: GapHabit;
  /** How zones are written; both are read. */
  readonly zoneNames: "iana" | "windows";
}

/** What the documentation of Exchange's older interfaces says, where Graph's is silent. Not seen on a live account. */
export const DOCUMENTED_HABITS: GraphHabits = {
  shortMonth: "last-day",
  severalDays: "nth-of-all",
  gaps: "shifted",
  zoneNames: "iana",
};

const NAMES = {
  MO: "monday",
  TU: "tuesday",
  WE: "wednesday",
  TH: "thursday",
  FR: "friday",
  SA: "saturday",
  SU: "sunday",
} as const satisfies Record<Weekday, DayOfWeek>;
const CODES = {
  monday: "MO",
  tuesday: "TU",
  wednesday: "WE",
  thursday: "TH",
  friday: "FR",
  saturday: "SA",
  sunday: "SU",
} as const satisfies Record<DayOfWeek, Weekday>;
const NTH = { first: 1, second: 2, third: 3, fourth: 4, last: -1 } as const satisfies Record<WeekIndex, number>;

export function graphDay(day: Weekday): DayOfWeek {
  return NAMES[day];
}

export function weekdayOf(day: DayOfWeek): Weekday {
  return CODES[day];
}

export function nthOf(index: WeekIndex): number {
  return NTH[index];
}

/** Graph counts to the fourth, and knows the last; a fifth it has not. */
export function indexOf(nth: number): WeekIndex | undefined {
  return WeekIndex.options.find((index) => NTH[index] === nth);
}
