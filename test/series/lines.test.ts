import { describe, expect, test } from "vitest";
import { occurrencesOf } from "../../shared/series/occurrences.ts";
import { readRecurrence, writeRecurrence } from "../../shared/series/recurrence-lines.ts";
import type { Series, SeriesSpan } from "../../shared/sync/series.ts";
import { walkRule } from "./rule-walk.ts";
import { lessonAt, seriesOf } from "./series-of.ts";

const NEW_YORK = lessonAt("2027-01-10T09:00", "America/New_York");
const ALL_DAY: SeriesSpan = { kind: "all-day", start: "2027-01-10", end: "2027-01-12" };
const YEAR = { from: "2027-01-01", until: "2028-01-01" };

function startsOf(series: Series): string[] {
  return occurrencesOf(series, YEAR).items.map(({ original }) => original);
}

function reasonOf(first: SeriesSpan, ...lines: string[]): string | undefined {
  const read = readRecurrence(lines, first);
  return "unreadable" in read ? read.unreadable : undefined;
}

describe("the lines of a recurrence", () => {
  test("the last instance is there where UNTIL is its very start in UTC", () => {
    const series = seriesOf(NEW_YORK, "FREQ=WEEKLY;UNTIL=20270131T140000Z");

    const wanted = [
      "2027-01-10T14:00:00.000Z",
      "2027-01-17T14:00:00.000Z",
      "2027-01-24T14:00:00.000Z",
      "2027-01-31T14:00:00.000Z",
    ];
    expect(startsOf(series)).toEqual(wanted);
    expect(
      walkRule("FREQ=WEEKLY;UNTIL=20270131T140000Z", "2027-01-10T09:00", "America/New_York", "2028-01-01"),
    ).toEqual(wanted);
  });

  test("one second less in UNTIL, and it is gone", () => {
    expect(startsOf(seriesOf(NEW_YORK, "FREQ=WEEKLY;UNTIL=20270131T135959Z"))).toHaveLength(3);
  });

  test("a date as UNTIL of a timed series lets that whole local day through", () => {
    const late = lessonAt("2027-01-10T23:30", "America/New_York");

    expect(startsOf(seriesOf(late, "FREQ=DAILY;UNTIL=20270112")).at(-1)).toBe("2027-01-13T04:30:00.000Z");
  });

  test("an all-day series ends on the date of UNTIL, whatever form it has", () => {
    for (const until of ["20270112", "20270112T000000Z", "20270112T235959Z"]) {
      expect(startsOf(seriesOf(ALL_DAY, `FREQ=DAILY;UNTIL=${until}`))).toEqual([
        "2027-01-10",
        "2027-01-11",
        "2027-01-12",
      ]);
    }
  });

  test("EXDATE takes away in each of its forms, RDATE adds, EXRULE takes away by rule", () => {
    const series = seriesOf(
      NEW_YORK,
      "FREQ=DAILY;COUNT=9",
      "EXDATE;TZID=America/New_York:20270111T090000,20270112T090000",
      "EXDATE:20270113T140000Z",
      "EXDATE;VALUE=DATE:20270114",
      "EXDATE;TZID=Eastern Standard Time:20270115T090000",
      "RDATE:20270201T150000Z",
      "EXRULE:FREQ=DAILY;INTERVAL=7",
    );

    expect(startsOf(series)).toEqual([
      "2027-01-16T14:00:00.000Z",
      "2027-01-18T14:00:00.000Z",
      "2027-02-01T15:00:00.000Z",
    ]);
  });

  test("COUNT counts cancelled occurrences too", () => {
    expect(startsOf(seriesOf(NEW_YORK, "FREQ=DAILY;COUNT=3", "EXDATE:20270110T140000Z"))).toHaveLength(2);
  });

  test("all-day dates stay dates", () => {
    const series = seriesOf(ALL_DAY, "FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20270117", "RDATE;VALUE=DATE:20270301");

    expect(startsOf(series)).toEqual(["2027-01-10", "2027-01-24", "2027-03-01"]);
    expect(occurrencesOf(series, YEAR).items[0]?.span).toEqual({
      kind: "all-day",
      start: "2027-01-10",
      end: "2027-01-12",
    });
    expect(writeRecurrence(series).lines).toEqual([
      "RRULE:FREQ=WEEKLY;COUNT=3",
      "RDATE;VALUE=DATE:20270301",
      "EXDATE;VALUE=DATE:20270117",
    ]);
  });

  test("dates alone are a series, with its start", () => {
    expect(startsOf(seriesOf(NEW_YORK, "RDATE:20270201T150000Z"))).toEqual([
      "2027-01-10T14:00:00.000Z",
      "2027-02-01T15:00:00.000Z",
    ]);
  });

  test("what is read is written again in one spelling, defaults left out", () => {
    const lines = [
      "rrule:freq=monthly;wkst=mo;interval=1;byday=+2tu,-1FR;bysetpos=1;until=20280101t000000z",
      "RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,SU;COUNT=4",
    ];

    expect(writeRecurrence(seriesOf(NEW_YORK, ...lines), "left-out").lines).toEqual([
      "RRULE:FREQ=MONTHLY;UNTIL=20280101T000000Z;BYDAY=2TU,-1FR;BYSETPOS=1",
      "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;WKST=SU;BYDAY=TU,SU",
    ]);
  });

  test.each([
    ["RRULE:FREQ=SECONDLY", "it repeats more often than hourly, or does not say how often"],
    ["RRULE:INTERVAL=2", "it repeats more often than hourly, or does not say how often"],
    ["RRULE:FREQ=DAILY;INTERVAL=0", "the INTERVAL of its recurrence rule is not from 1 to 9999"],
    ["RRULE:FREQ=DAILY;COUNT=3;UNTIL=20270131T140000Z", "its recurrence rule has both COUNT and UNTIL"],
    ["RRULE:FREQ=DAILY;UNTIL=20270231T140000Z", "its recurrence holds a date that does not exist"],
    ["RRULE:FREQ=DAILY;UNTIL=soon", "its recurrence holds a date that cannot be read"],
    ["RRULE:FREQ=DAILY;UNTIL=99991231T000000Z", "its recurrence has a date outside 1970 to 2199"],
    ["RRULE:FREQ=MONTHLY;BYDAY=XX", "its recurrence rule names a day of the week that is none"],
    ["RRULE:FREQ=MONTHLY;BYDAY=0MO", "the BYDAY of its recurrence rule is out of range"],
    ["RRULE:FREQ=MONTHLY;BYMONTHDAY=32", "the BYMONTHDAY of its recurrence rule is out of range"],
    ["RRULE:FREQ=MONTHLY;BYMONTH=-1", "the BYMONTH of its recurrence rule is out of range"],
    ["RRULE:FREQ=WEEKLY;BYDAY=2TU", "its recurrence rule combines parts that RFC 5545 does not allow together"],
    ["RRULE:FREQ=MONTHLY;BYWEEKNO=2", "its recurrence rule combines parts that RFC 5545 does not allow together"],
    ["RRULE:FREQ=DAILY;BYSETPOS=1", "its recurrence rule combines parts that RFC 5545 does not allow together"],
    ["RRULE:FREQ=MONTHLY;RSCALE=CHINESE", "its recurrence rule has a part that is not understood"],
    ["RRULE:FREQ=DAILY;FREQ=WEEKLY", "its recurrence rule has a part that is not understood"],
    ["RDATE;VALUE=PERIOD:20270110T140000Z/PT1H", "its recurrence has extra dates of other lengths"],
    [
      'EXDATE;TZID="tzone://Microsoft/Custom":20270110T090000',
      "its time zone is a custom one, whose rules are not told",
    ],
    ["DTSTART:20270110T140000Z", "its recurrence has a line that is neither a rule nor a date"],
    ["nonsense", "its recurrence has a line without a value"],
  ])("%s is not read: %s", (line, reason) => {
    expect(reasonOf(NEW_YORK, line)).toBe(reason);
  });

  test("more lines or dates than the limit are not read", () => {
    const many = Array.from({ length: 201 }, () => "EXDATE:20270110T140000Z");
    const dates = `EXDATE:${Array.from({ length: 2_001 }, () => "20270110T140000Z").join(",")}`;

    expect(reasonOf(NEW_YORK, ...many)).toBe("its recurrence has more than 200 lines");
    expect(reasonOf(NEW_YORK, dates)).toBe("its recurrence has more than 2000 dates");
  });
});

describe("a start that its own rule does not give", () => {
  const SUNDAY_WEEKLY_ON_MONDAYS = ["RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=MO"];

  function read(oddStart: "counts" | "left-out"): Series {
    const result = readRecurrence(SUNDAY_WEEKLY_ON_MONDAYS, NEW_YORK, oddStart);
    if ("unreadable" in result) throw new Error(result.unreadable);
    return result.series;
  }

  test("counts as the first of COUNT, or not at all", () => {
    expect(startsOf(read("counts"))).toEqual([
      "2027-01-10T14:00:00.000Z",
      "2027-01-11T14:00:00.000Z",
      "2027-01-18T14:00:00.000Z",
    ]);
    expect(startsOf(read("left-out"))).toEqual([
      "2027-01-11T14:00:00.000Z",
      "2027-01-18T14:00:00.000Z",
      "2027-01-25T14:00:00.000Z",
    ]);
  });

  test("is the same again when written and read, for a reader of either habit", () => {
    for (const from of ["counts", "left-out"] as const) {
      for (const to of ["counts", "left-out"] as const) {
        const { first, lines } = writeRecurrence(read(from), to);
        const again = readRecurrence(lines, first, to);
        if ("unreadable" in again) throw new Error(again.unreadable);

        expect(startsOf(again.series)).toEqual(startsOf(read(from)));
      }
    }
  });

  test("is written to a reader that counts it as it was", () => {
    expect(writeRecurrence(read("counts"), "counts").lines).toEqual(SUNDAY_WEEKLY_ON_MONDAYS);
  });
});
