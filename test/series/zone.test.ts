import { describe, expect, test } from "vitest";
import { fromGraph } from "../../shared/series/from-graph.ts";
import { DOCUMENTED_HABITS } from "../../shared/series/graph-recurrence.ts";
import { readZone, sameZone, windowsZone } from "../../shared/series/zone.ts";

describe("S40: names of time zones", () => {
  test.each([
    ["W. Europe Standard Time", "Europe/Berlin"],
    ["GMT Standard Time", "Europe/London"],
    ["Eastern Standard Time", "America/New_York"],
    ["Lord Howe Standard Time", "Australia/Lord_Howe"],
    ["Tonga Standard Time", "Pacific/Tongatapu"],
    ["Hawaiian Standard Time", "Pacific/Honolulu"],
    ["UTC", "UTC"],
    ["  Europe/Oslo ", "Europe/Oslo"],
    ["Asia/Kolkata", "Asia/Kolkata"],
    ["Europe/Kyiv", "Europe/Kyiv"],
  ])("%j is read as %s", (name, zone) => {
    expect(readZone(name)).toEqual({ zone });
  });

  test("a Windows name is read as the resource's own zone, where that is one of those it stands for", () => {
    expect(readZone("W. Europe Standard Time", "Europe/Oslo")).toEqual({ zone: "Europe/Oslo" });
    expect(readZone("FLE Standard Time", "Europe/Kyiv")).toEqual({ zone: "Europe/Kyiv" });
    expect(readZone("India Standard Time", "Asia/Kolkata")).toEqual({ zone: "Asia/Kolkata" });
  });

  test("a Windows name is not bent to a resource in another zone", () => {
    expect(readZone("W. Europe Standard Time", "America/New_York")).toEqual({ zone: "Europe/Berlin" });
    expect(readZone("W. Europe Standard Time", "No/Where")).toEqual({ zone: "Europe/Berlin" });
  });

  test.each([
    ["tzone://Microsoft/Custom", "its time zone is a custom one, whose rules are not told"],
    ["Customized Time Zone", "its time zone is a custom one, whose rules are not told"],
    ["Mars Standard Time", "its time zone is unknown: Mars Standard Time"],
    ["+02:00", "its time zone is unknown: +02:00"],
    ["", "its time zone is unknown"],
    ["<script>", "its time zone is unknown"],
  ])("%j is told as what it is", (name, unreadable) => {
    expect(readZone(name)).toEqual({ unreadable });
  });

  test.each([
    ["Asia/Kolkata", "Asia/Calcutta"],
    ["Europe/Kyiv", "Europe/Kiev"],
    ["Europe/Oslo", "europe/oslo"],
  ])("%s and %s are one clock", (one, other) => {
    expect(sameZone(one, other)).toBe(true);
  });

  test("zones that only agree today, and names that are none, are not one clock", () => {
    expect(sameZone("Europe/Oslo", "Europe/London")).toBe(false);
    expect(sameZone("Europe/Oslo", "No/Where")).toBe(false);
    expect(sameZone("No/Where", "Else/Where")).toBe(false);
  });

  test.each([
    ["Europe/Oslo", "W. Europe Standard Time"],
    ["Europe/Kyiv", "FLE Standard Time"],
    ["Asia/Kolkata", "India Standard Time"],
    ["Asia/Calcutta", "India Standard Time"],
  ])("%s has the Windows name %s", (zone, windows) => {
    expect(windowsZone(zone)).toBe(windows);
  });

  test("every zone with a Windows name keeps its clock through it, and its own name where preferred", () => {
    const zones = Intl.supportedValuesOf("timeZone");
    const named = zones.flatMap((zone) => {
      const windows = windowsZone(zone);
      return windows === undefined ? [] : [{ zone, windows }];
    });

    expect(named.length).toBeGreaterThan(400);
    for (const { zone, windows } of named) expect(readZone(windows, zone)).toEqual({ zone });
  });

  test("only the series with a custom zone is unreadable, with its reason", () => {
    const master = (recurrenceTimeZone: string) => ({
      start: { dateTime: "2027-01-12T09:00:00.0000000", timeZone: "Europe/Oslo" },
      end: { dateTime: "2027-01-12T10:00:00.0000000", timeZone: "Europe/Oslo" },
      isAllDay: false,
      recurrence: {
        pattern: { type: "daily" as const, interval: 1 },
        range: { type: "noEnd" as const, startDate: "2027-01-12", recurrenceTimeZone },
      },
    });

    const custom = fromGraph(master("tzone://Microsoft/Custom"), DOCUMENTED_HABITS);
    const windows = fromGraph(master("W. Europe Standard Time"), DOCUMENTED_HABITS, "Europe/Oslo");

    expect(custom).toEqual({ unreadable: "its time zone is a custom one, whose rules are not told" });
    expect(windows).toMatchObject({ series: { first: { zone: "Europe/Oslo" } } });
  });
});
