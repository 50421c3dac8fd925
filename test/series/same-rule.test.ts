import { describe, expect, test } from "vitest";
import { sameRule } from "../../shared/series/same-rule.ts";
import { lessonAt, seriesOf } from "./series-of.ts";

const TUESDAY = lessonAt("2027-01-12T09:00", "Asia/Kolkata");
const DAYS = { from: "2027-01-01", until: "2027-07-01" };
const WEEKLY = seriesOf(TUESDAY, "FREQ=WEEKLY");

describe("law 9: rules are compared by what they give", () => {
  test.each([
    ["written out", seriesOf(TUESDAY, "FREQ=WEEKLY;BYDAY=TU;WKST=SU")],
    ["under another name of the zone", seriesOf({ ...TUESDAY, zone: "Asia/Calcutta" }, "FREQ=WEEKLY")],
    ["with single occurrences cancelled", seriesOf(TUESDAY, "FREQ=WEEKLY", "EXDATE:20270119T033000Z")],
    ["as every Tuesday of the months", seriesOf(TUESDAY, "FREQ=MONTHLY;BYDAY=TU")],
  ])("%s it is the same", (_, other) => {
    expect(sameRule(WEEKLY, other, DAYS)).toBe(true);
  });

  test("a COUNT and the date it comes to are the same", () => {
    const counted = seriesOf(TUESDAY, "FREQ=WEEKLY;COUNT=80");
    const dated = seriesOf(TUESDAY, "FREQ=WEEKLY;UNTIL=20280718T120000Z");

    expect(sameRule(counted, dated, DAYS)).toBe(true);
  });

  test.each([
    ["another day", seriesOf(TUESDAY, "FREQ=WEEKLY;BYDAY=WE")],
    ["a longer lesson", seriesOf({ ...TUESDAY, end: "2027-01-12T05:00:00.000Z" }, "FREQ=WEEKLY")],
    ["an end within the days compared", seriesOf(TUESDAY, "FREQ=WEEKLY;COUNT=3")],
    ["an end far beyond them", seriesOf(TUESDAY, "FREQ=WEEKLY;COUNT=80")],
    ["an all-day series", seriesOf({ kind: "all-day", start: "2027-01-12", end: "2027-01-13" }, "FREQ=WEEKLY")],
    ["a date more", seriesOf(TUESDAY, "FREQ=WEEKLY", "RDATE:20270120T033000Z")],
  ])("%s is a change", (_, other) => {
    expect(sameRule(WEEKLY, other, DAYS)).toBe(false);
    expect(sameRule(other, WEEKLY, DAYS)).toBe(false);
  });
});
