import { describe, expect, test } from "vitest";
import type { SourceBooking } from "../../../shared/ports/booking-source.ts";
import type { Availability, Verdict } from "../../../shared/providers/uschedule/availability.ts";
import { isOpen, settle } from "../../../shared/providers/uschedule/settle.ts";

type Times = readonly [start: string, end: string];

function row(id: string, [start, end]: Times, more: Partial<SourceBooking> = {}): SourceBooking {
  const span = { kind: "timed", start: at(start), end: at(end) } as const;
  return { id, resources: ["Bay 1"], status: "unclear", span, fields: {}, hash: id, ...more };
}

function at(time: string): string {
  return `2027-01-10T${time}:00.000Z`;
}

/** Offers exactly these times. */
function offering(...free: Times[]): Availability {
  return {
    verdict: async (_, span): Promise<Verdict> =>
      free.some(([start, end]) => at(start) <= span.start && span.end <= at(end)) ? "free" : "taken",
  };
}

const SILENT: Availability = { verdict: async () => "unknown" };
const A = row("1", ["10:00", "11:00"]);

describe("S11: a row whose status does not tell", () => {
  test("is freed when its whole slot is offered again, whoever else is listed there", async () => {
    expect(await settle(A, [], offering(["10:00", "11:00"]))).toBe("freed");
    expect(await settle(A, [row("2", ["10:00", "11:00"])], offering(["09:00", "12:00"]))).toBe("freed");
  });

  test("is held when its slot is not offered and nobody else is listed on it", async () => {
    const elsewhere = row("2", ["10:00", "11:00"], { resources: ["Bay 2"] });
    const later = row("3", ["11:00", "12:00"]);
    const cancelled = row("4", ["10:00", "11:00"], { status: "cancelled" });

    expect(await settle(A, [], offering())).toBe("held");
    expect(await settle(A, [A, elsewhere, later, cancelled], offering(["09:00", "10:30"]))).toBe("held");
  });

  test("is freed when only others hold its slot: what they leave of it is offered", async () => {
    const over = row("2", ["10:30", "11:30"], { status: "live" });

    expect(await settle(A, [over], offering(["09:00", "10:30"]))).toBe("freed");
    expect(await settle(A, [over], offering())).toBe("held");
  });

  test("whose slot was booked anew: the newest holds it, of the older nothing is known", async () => {
    const newer = row("2", ["09:30", "11:30"]);

    expect(await settle(A, [newer], offering())).toBe("unknown");
    expect(await settle(row("2", ["10:00", "11:00"]), [A], offering())).toBe("held");
    expect(await settle(row("10", ["10:00", "11:00"]), [row("9", ["10:00", "11:00"])], offering())).toBe("held");
    expect(await settle(row("2", ["10:00", "11:00"]), [{ ...A, status: "live" }], offering())).toBe("unknown");
  });

  test("stays unknown where availability does not tell", async () => {
    expect(await settle(A, [], SILENT)).toBe("unknown");
  });

  test("on two resources is freed only when both are offered", async () => {
    const both = row("1", ["10:00", "11:00"], { resources: ["Bay 1", "Bay 2"] });
    const oneOnly: Availability = { verdict: async (name) => (name === "Bay 1" ? "free" : "taken") };

    expect(await settle(both, [], oneOnly)).toBe("held");
    expect(await settle(both, [], offering(["10:00", "11:00"]))).toBe("freed");
  });

  test("a definite status needs no settling", () => {
    const open = (["live", "pending", "cancelled", "rescheduled", "unclear"] as const).filter((status) =>
      isOpen({ ...A, status }),
    );
    expect(open).toEqual(["pending", "unclear"]);
  });
});
