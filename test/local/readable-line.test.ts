import { describe, expect, test } from "vitest";
import { readableLine, whenText } from "../../scripts/local/readable-line.ts";

const zoneOf = (resource: string) => (resource === "bay-1" ? "America/New_York" : undefined);
const EFFECT = {
  severity: "INFO",
  message: "effect carried out",
  time: "2027-01-12T10:02:11.000Z",
  action: "create",
  direction: "USCHEDULE_TO_GCAL",
  resource: "bay-1",
  appointmentId: "1001",
  rule: "create-event",
  start: "2027-01-12T14:00:00.000Z",
  end: "2027-01-12T15:00:00.000Z",
};

describe("readable lines", () => {
  test("a created event is one line, its time in the zone of its bay", () => {
    const line = readableLine(EFFECT, zoneOf)?.slice(10);

    expect(line).toBe("bay-1  uschedule 1001 → gcal  created  Tue 12 Jan 09:00–10:00  (create-event)");
  });

  test("a change carried back names the appointment on its own side", () => {
    const line = readableLine(
      { ...EFFECT, action: "cancel", direction: "GCAL_TO_USCHEDULE", rule: "event-deleted" },
      zoneOf,
    );

    expect(line?.slice(10)).toBe("bay-1  gcal → uschedule 1001  cancelled  Tue 12 Jan 09:00–10:00  (event-deleted)");
  });

  test("a failed change says so with the provider's answer", () => {
    const failed = {
      ...EFFECT,
      severity: "ERROR",
      code: "PROVIDER_FORBIDDEN",
      providerError: "403 requiredAccessLevel",
    };

    expect(readableLine(failed, zoneOf)).toContain("NOT created: PROVIDER_FORBIDDEN 403 requiredAccessLevel");
  });

  test("warnings are shown with their fields, ordinary lines are left to the log file", () => {
    const warning = {
      severity: "WARNING",
      message: "webhook refused",
      time: EFFECT.time,
      ws: "loft",
      source: "uschedule",
    };

    expect(readableLine(warning, zoneOf)?.slice(10)).toBe("! webhook refused  source=uschedule");
    expect(readableLine({ ...warning, severity: "INFO" }, zoneOf)).toBeUndefined();
  });

  test("a span over midnight names both days, an all-day one its date", () => {
    expect(whenText("2027-01-12T23:00:00.000Z", "2027-01-13T01:00:00.000Z", "UTC")).toBe(
      "Tue 12 Jan 23:00 – Wed 13 Jan 01:00",
    );
    expect(whenText("2027-01-12", "2027-01-13", "UTC")).toBe("Tue 12 Jan all day");
  });
});
