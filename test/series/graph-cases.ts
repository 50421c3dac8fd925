import type { GraphPattern } from "../../shared/series/graph-recurrence.ts";
import type { Inexpressible } from "../../shared/series/inexpressible.ts";

/** One rule, where it starts, and what it becomes: a type of pattern, or the reason why it is expanded. */
export interface GraphCase {
  readonly rule: string;
  /** Local, and an occurrence unless the case is about that. */
  readonly start: string;
  readonly becomes: GraphPattern["type"] | Inexpressible;
}

const TUESDAY = "2027-01-12T09:00";
const LAST_OF_JANUARY = "2027-01-31T09:00";

function at(start: string, ...cases: readonly [rule: string, becomes: GraphCase["becomes"]][]): GraphCase[] {
  return cases.map(([rule, becomes]) => ({ rule, start, becomes }));
}

/** In UNTIL, `<2027-06-01T09:00>` is a local time; the test writes it in UTC for each zone. */
export const GRAPH_CASES: readonly GraphCase[] = [
  ...at(
    TUESDAY,
    ["FREQ=DAILY", "daily"],
    ["FREQ=DAILY;INTERVAL=3", "daily"],
    ["FREQ=DAILY;COUNT=400", "daily"],
    ["FREQ=DAILY;INTERVAL=10;COUNT=1", "daily"],
    ["FREQ=DAILY;UNTIL=<2027-12-31T09:00>", "daily"],
    ["FREQ=DAILY;UNTIL=<2027-12-31T08:59>", "daily"],
    ["FREQ=DAILY;UNTIL=<2027-12-31T23:00>", "daily"],
    ["FREQ=DAILY;UNTIL=<2027-12-31T00:00>", "daily"],
    ["FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "weekly"],
    ["FREQ=DAILY;BYHOUR=9;BYMINUTE=0", "daily"],
    ["FREQ=WEEKLY", "weekly"],
    ["FREQ=WEEKLY;BYDAY=TU", "weekly"],
    ["FREQ=WEEKLY;BYDAY=TU,TH", "weekly"],
    ["FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU", "weekly"],
    ["FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "weekly"],
    ["FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,TU;WKST=TU", "weekly"],
    ["FREQ=WEEKLY;BYDAY=TU;COUNT=60", "weekly"],
    ["FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=<2028-02-29T09:00>", "weekly"],
    ["FREQ=WEEKLY;INTERVAL=4;BYDAY=SA,SU,TU;COUNT=17", "weekly"],
    ["FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "weekly"],
    ["FREQ=WEEKLY;BYDAY=FR", "weekly"],
    ["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "weekly"],
    ["FREQ=MONTHLY", "absoluteMonthly"],
    ["FREQ=MONTHLY;BYMONTHDAY=12", "absoluteMonthly"],
    ["FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=12;COUNT=5", "absoluteMonthly"],
    ["FREQ=MONTHLY;BYMONTHDAY=28", "absoluteMonthly"],
    ["FREQ=MONTHLY;BYMONTHDAY=12;BYSETPOS=1", "absoluteMonthly"],
    ["FREQ=MONTHLY;BYMONTHDAY=12;UNTIL=<2028-05-12T09:00>", "absoluteMonthly"],
    ["FREQ=MONTHLY;BYDAY=TU", "weekly"],
    ["FREQ=MONTHLY;BYDAY=2TU", "relativeMonthly"],
    ["FREQ=MONTHLY;BYDAY=+2TU", "relativeMonthly"],
    ["FREQ=MONTHLY;BYDAY=1MO", "relativeMonthly"],
    ["FREQ=MONTHLY;BYDAY=3SU;INTERVAL=2", "relativeMonthly"],
    ["FREQ=MONTHLY;BYDAY=4TH;COUNT=9", "relativeMonthly"],
    ["FREQ=MONTHLY;BYDAY=-1FR", "relativeMonthly"],
    ["FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", "relativeMonthly"],
    ["FREQ=MONTHLY;BYDAY=SU;BYSETPOS=-1", "relativeMonthly"],
    ["FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "relativeMonthly"],
    ["FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "relativeMonthly"],
    ["FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=2;INTERVAL=3", "relativeMonthly"],
    ["FREQ=MONTHLY;BYDAY=1SA,1SU;BYSETPOS=1", "relativeMonthly"],
    ["FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-1", "relativeMonthly"],
    ["FREQ=MONTHLY;BYDAY=-1FR;UNTIL=<2027-10-29T09:00>", "relativeMonthly"],
    ["FREQ=MONTHLY;BYMONTH=1;BYMONTHDAY=12", "absoluteYearly"],
    ["FREQ=YEARLY", "absoluteYearly"],
    ["FREQ=YEARLY;INTERVAL=2", "absoluteYearly"],
    ["FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17", "absoluteYearly"],
    ["FREQ=YEARLY;BYMONTH=3", "absoluteYearly"],
    ["FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=-1", "absoluteYearly"],
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "absoluteYearly"],
    ["FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=31;COUNT=2", "absoluteYearly"],
    ["FREQ=YEARLY;BYMONTHDAY=12", "absoluteMonthly"],
    ["FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "relativeYearly"],
    ["FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "relativeYearly"],
    ["FREQ=YEARLY;BYMONTH=1;BYDAY=TU;BYSETPOS=2", "relativeYearly"],
    ["FREQ=YEARLY;BYMONTH=12;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "relativeYearly"],
    ["FREQ=YEARLY;BYDAY=TU", "weekly"],
  ),
  ...at(
    LAST_OF_JANUARY,
    ["FREQ=MONTHLY;BYMONTHDAY=-1", "absoluteMonthly"],
    ["FREQ=MONTHLY;BYMONTHDAY=-1;INTERVAL=2;COUNT=7", "absoluteMonthly"],
    ["FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", "absoluteMonthly"],
    ["FREQ=MONTHLY;BYMONTHDAY=31,-1;BYSETPOS=1", "absoluteMonthly"],
    ["FREQ=MONTHLY;INTERVAL=12", "absoluteMonthly"],
    ["FREQ=YEARLY", "absoluteYearly"],
    ["FREQ=MONTHLY;BYDAY=-1SU", "relativeMonthly"],
    ["FREQ=MONTHLY", "short-months"],
    ["FREQ=MONTHLY;BYMONTHDAY=31;INTERVAL=2", "short-months"],
  ),
  ...at(
    "2027-01-30T09:00",
    ["FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", "absoluteMonthly"],
    ["FREQ=MONTHLY;BYMONTHDAY=30,-1;BYSETPOS=1", "absoluteMonthly"],
    ["FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=30", "absoluteMonthly"],
    ["FREQ=MONTHLY;BYMONTHDAY=30", "short-months"],
    ["FREQ=MONTHLY;BYMONTHDAY=29,30;BYSETPOS=-1", "set-position"],
  ),
  ...at(
    "2028-02-29T09:00",
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "short-months"],
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1", "absoluteYearly"],
  ),
  ...at(
    TUESDAY,
    ["FREQ=HOURLY;INTERVAL=7", "several-times-a-day"],
    ["FREQ=DAILY;BYHOUR=9,15", "several-times-a-day"],
    ["FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU", "limited-days"],
    ["FREQ=DAILY;BYMONTH=1,7", "limited-days"],
    ["FREQ=WEEKLY;BYMONTH=1;BYDAY=TU", "limited-days"],
    ["FREQ=WEEKLY;BYDAY=MO,TU,WE;BYSETPOS=2", "set-position"],
    ["FREQ=MONTHLY;BYMONTHDAY=1,12,15", "several-month-days"],
    ["FREQ=MONTHLY;BYMONTHDAY=-3", "counted-from-the-end"],
    ["FREQ=MONTHLY;BYMONTHDAY=12;BYMONTH=1,4,7", "several-months"],
    ["FREQ=YEARLY;BYMONTH=1,6;BYMONTHDAY=12", "several-months"],
    ["FREQ=MONTHLY;BYDAY=2TU,4TU", "several-weekdays"],
    ["FREQ=MONTHLY;BYDAY=1MO,2TU", "several-weekdays"],
    ["FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", "several-weekdays"],
    ["FREQ=MONTHLY;BYDAY=5TU", "fifth-weekday"],
    ["FREQ=MONTHLY;BYDAY=-2FR", "fifth-weekday"],
    ["FREQ=MONTHLY;BYDAY=TU;BYMONTHDAY=8,9,10,11,12,13,14", "weekday-and-month-day"],
    ["FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "weekday-and-month-day"],
    ["FREQ=MONTHLY;BYDAY=2TU,2FR;BYSETPOS=1", "set-position"],
    ["FREQ=MONTHLY;BYDAY=MO,TU,FR;BYSETPOS=1,-1", "set-position"],
    ["FREQ=YEARLY;BYDAY=20MO", "nth-in-year"],
    ["FREQ=YEARLY;INTERVAL=2;BYDAY=TU", "nth-in-year"],
    ["FREQ=YEARLY;BYWEEKNO=2,20;BYDAY=TU", "week-or-day-of-year"],
    ["FREQ=YEARLY;BYYEARDAY=12,-1", "week-or-day-of-year"],
  ),
];
