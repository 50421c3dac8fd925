import type { BookingObservation } from "../../shared/sync/booking.ts";
import type { Content } from "../../shared/sync/content.ts";
import type { EventObservation } from "../../shared/sync/event.ts";
import type { Known } from "../../shared/sync/event-map.ts";
import type { Policy } from "../../shared/sync/policy.ts";
import type { BookingView, EventView } from "../../shared/sync/view.ts";

/** Smallest states that have each view; tests change what they are about. */
export const NOW = "2027-01-10T12:00:00.000Z";

export const POLICY: Policy = {
  merge: "source-wins",
  cancellation: "delete",
  calendarDeletion: "cancel",
  overlappingMove: "rebook",
  absentListings: 3,
  absentSecondsApart: 60,
  checkoutGraceMinutes: 15,
  imminentMinutes: 60,
  breakerCount: 5,
  breakerPercent: 20,
};

export const AGREED: Content = {
  span: { kind: "timed", start: "2027-01-12T10:00:00.000Z", end: "2027-01-12T11:00:00.000Z", zone: "Europe/London" },
  title: "Maya Lindqvist",
  description: "left-handed clubs",
};

export const MOVED: Content = {
  ...AGREED,
  span: { kind: "timed", start: "2027-01-12T14:00:00.000Z", end: "2027-01-12T15:00:00.000Z" },
};

export const PAST: Content = {
  ...AGREED,
  span: { kind: "timed", start: "2027-01-09T10:00:00.000Z", end: "2027-01-09T11:00:00.000Z" },
};

export function knownWith(change: Partial<Known> = {}): Known {
  return {
    now: NOW,
    resource: "bay-1",
    policy: POLICY,
    capabilities: { writes: ["span"], cancel: true, changeResource: true },
    booking: liveBooking(),
    event: liveEvent(),
    hasEvent: true,
    base: { booking: AGREED, event: AGREED, agreement: 1 },
    restored: 0,
    ...change,
  };
}

export function liveBooking(content: Content = AGREED, resources: readonly string[] = ["bay-1"]): BookingObservation {
  return { kind: "live", content, resources };
}

export function liveEvent(content: Content = AGREED, marked = true): EventObservation {
  return { kind: "live", content, marked, etag: '"7"', updated: "2027-01-10T09:00:00.000Z" };
}

/** A state with exactly these two views. */
export function knownAs(booking: BookingView, event: EventView): Known {
  const past = event === "past-deleted";
  const agreed = past ? PAST : AGREED;
  const base = booking === "new" ? {} : { base: { booking: agreed, event: agreed, agreement: 1 } };
  const givesWay = booking === "yielding" ? { givesWay: { equal: false } } : {};
  const sides = { booking: bookingAs(booking, agreed), ...eventAs(event, agreed), ...givesWay };
  const { base: _agreed, ...rest } = knownWith(sides);
  return { base: undefined, ...rest, ...base };
}

function bookingAs(view: BookingView, agreed: Content): BookingObservation | undefined {
  switch (view) {
    case "unseen":
      return undefined;
    case "new":
    case "same":
    case "yielding":
      return liveBooking(agreed);
    case "changed":
      return liveBooking({ ...agreed, title: "Maya L." });
    case "moved":
      return liveBooking(agreed, ["bay-2"]);
    case "cancelled":
      return { kind: "cancelled", evidence: "explicit" };
    case "doubtful":
      return { kind: "doubtful", reason: "missing" };
  }
}

function eventAs(view: EventView, agreed: Content): Pick<Known, "event" | "hasEvent"> {
  switch (view) {
    case "none":
      return { event: undefined, hasEvent: false };
    case "same":
      return { event: liveEvent(agreed), hasEvent: true };
    case "changed":
      return { event: liveEvent(MOVED), hasEvent: true };
    case "deleted":
    case "past-deleted":
      return { event: { kind: "deleted" }, hasEvent: true };
    case "moved":
      return { event: { kind: "elsewhere", resource: "bay-2", content: agreed }, hasEvent: true };
    case "unmarked":
      return { event: liveEvent(agreed, false), hasEvent: true };
  }
}
