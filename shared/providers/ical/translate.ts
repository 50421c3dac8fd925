import { createHash } from "node:crypto";
import type { SourceBooking } from "../../ports/booking-source.ts";
import type { CanonicalStay } from "../../stays/canonical.ts";
import type { FeedRow } from "../../stays/feed-row.ts";
import type { Platform } from "../../stays/platform.ts";
import type { Span } from "../../sync/time.ts";

const PORTALS: Readonly<Record<Platform, string>> = {
  airbnb: "Airbnb",
  vrbo: "Vrbo",
  booking: "Booking.com",
  tripadvisor: "Tripadvisor",
  pms: "",
  calendar: "",
  unknown: "",
};

/** A home's stay as a booking of its resource. Nothing can be done to it here: its host alone has authority. */
export function asBooking(
  property: string,
  { id, row }: CanonicalStay,
  status: "live" | "cancelled" = "live",
): SourceBooking {
  const isBlock = row.nature === "block";
  const span: Span = row.timed ?? { kind: "all-day", start: row.start, end: row.end };
  const fields = fieldsOf(row);
  const text = JSON.stringify([property, status, row.nature, span.kind, span.start, span.end, fields]);
  const hash = createHash("sha256").update(text).digest("base64url");
  const kind = isBlock ? ({ kind: "closure" } as const) : {};
  return { id, resources: [property], status, span, fields, fixed: true, hash, ...kind };
}

/** What the feed says; what it does not say is left out (law 11). A block has no guest. */
function fieldsOf(row: FeedRow): Record<string, string> {
  const { title, platform, code, customer, phoneLast4, guests, notes } = row;
  const isBlock = row.nature === "block";
  const said = { code, customer, phoneLast4, guests, notes };
  return {
    title,
    stay: sayStay(row),
    ...(platform === "unknown" ? {} : { platform }),
    ...(isBlock
      ? { kind: "closure" }
      : Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))),
  };
}

/** What it is, for people: `Airbnb stay`, `Booking.com: booked or closed`, `Blocked`. */
function sayStay({ nature, platform }: FeedRow): string {
  const portal = PORTALS[platform];
  switch (nature) {
    case "block":
      return portal === "" ? "Blocked" : `Blocked at ${portal}`;
    case "stay-or-block":
      return portal === "" ? "Booked or closed" : `${portal}: booked or closed`;
    case "stay":
    case "note":
    case "cancelled":
      return portal === "" ? "Stay" : `${portal} stay`;
  }
}
