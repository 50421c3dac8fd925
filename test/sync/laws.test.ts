import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BookingObservation } from "../../shared/sync/booking.ts";
import { mayTrip, trips } from "../../shared/sync/breaker.ts";
import { type Content, differingFields } from "../../shared/sync/content.ts";
import { decide } from "../../shared/sync/decide.ts";
import { isDestructive } from "../../shared/sync/decision.ts";
import type { EventObservation } from "../../shared/sync/event.ts";
import type { Known } from "../../shared/sync/event-map.ts";
import { countMissing, grade } from "../../shared/sync/evidence.ts";
import { later } from "../../shared/sync/time.ts";
import { BOOKING_VIEWS, EVENT_VIEWS } from "../../shared/sync/view.ts";
import { AGREED, knownAs, knownWith, NOW, POLICY } from "./known.ts";

/** The laws of SPEC.md that are decisions, on generated states. A failure prints its seed and shrinks. */
const span = fc
  .record({ day: fc.integer({ min: 1, max: 28 }), hour: fc.integer({ min: 0, max: 22 }), zone: fc.boolean() })
  .map(({ day, hour, zone }) => {
    const start = `2027-01-${String(day).padStart(2, "0")}T${String(hour).padStart(2, "0")}:00:00.000Z`;
    return { kind: "timed" as const, start, end: later(start, 3_600_000), ...(zone ? { zone: "Europe/Kyiv" } : {}) };
  });
const text = fc.constantFrom("Maya", "Tom", "", "Maya, paid");
const content: fc.Arbitrary<Content> = fc.record({ span, title: text, description: text }, { requiredKeys: ["span"] });
const resources = fc.subarray(["bay-1", "bay-2"], { minLength: 1 });
const booking: fc.Arbitrary<BookingObservation | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.record({ kind: fc.constant("live" as const), content, resources }),
  fc.record({
    kind: fc.constant("cancelled" as const),
    evidence: fc.constantFrom("explicit" as const, "absent" as const),
  }),
  fc.record({
    kind: fc.constant("doubtful" as const),
    reason: fc.constantFrom("missing" as const, "past" as const, "unpaid" as const, "unclear" as const),
  }),
);
const event: fc.Arbitrary<EventObservation | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.record({ kind: fc.constant("live" as const), content, marked: fc.boolean() }),
  fc.record({ kind: fc.constant("deleted" as const) }),
  fc.record({ kind: fc.constant("elsewhere" as const), resource: fc.constant("bay-2"), content }),
);
const policy = fc.record({
  ...Object.fromEntries(Object.entries(POLICY).map(([key, value]) => [key, fc.constant(value)])),
  merge: fc.constantFrom("source-wins", "last-write-wins", "ask"),
  cancellation: fc.constantFrom("delete", "mark"),
  calendarDeletion: fc.constantFrom("cancel", "restore", "ask"),
}) as fc.Arbitrary<unknown> as fc.Arbitrary<Known["policy"]>; // proof: POLICY's keys, with values of their types
const known: fc.Arbitrary<Known> = fc
  .record({
    booking,
    event,
    policy,
    hasEvent: fc.boolean(),
    base: fc.option(fc.record({ booking: content, event: content, agreement: fc.nat({ max: 9 }) }), { nil: undefined }),
    restored: fc.integer({ min: 0, max: 2 }),
    writes: fc.constantFrom([], ["span"] as const),
    able: fc.boolean(),
    room: fc.constantFrom({}, { closed: true }, { givesWay: { equal: true } }, { givesWay: { equal: false } }),
  })
  .map(({ writes, able, room, ...rest }) =>
    knownWith({ ...rest, ...room, capabilities: { writes, cancel: able, changeResource: able } }),
  );

const RUNS = { numRuns: 2_000 };

describe("laws on generated states", () => {
  test("every state has a decision, and the same one every time", () => {
    fc.assert(
      fc.property(known, (state) => {
        expect(decide(structuredClone(state))).toEqual(decide(state));
      }),
      RUNS,
    );
  });

  test("law 1: an event without our marker is never touched", () => {
    fc.assert(
      fc.property(known, content, (state, theirs) => {
        const decided = decide({ ...state, hasEvent: true, event: { kind: "live", content: theirs, marked: false } });
        expect(decided.effects).toEqual([]);
      }),
      RUNS,
    );
  });

  test("laws 2 and 3: without evidence nothing is done, in either direction", () => {
    fc.assert(
      fc.property(known, fc.constantFrom("missing" as const, "past" as const, "unclear" as const), (state, reason) => {
        expect(decide({ ...state, booking: { kind: "doubtful", reason } }).effects).toEqual([]);
        expect(decide({ ...state, booking: undefined }).effects).toEqual([]);
      }),
      RUNS,
    );
  });

  test("law 3: a booking is cancelled only for an event that was deleted while still to come", () => {
    fc.assert(
      fc.property(known, (state) => {
        const decided = decide(state);
        if (decided.effects.some(({ kind }) => kind === "cancel-booking")) expect(decided.views.event).toBe("deleted");
      }),
      RUNS,
    );
  });

  test("law 4: a cancelled booking gets no event", () => {
    fc.assert(
      fc.property(known, (state) => {
        const decided = decide({ ...state, booking: { kind: "cancelled", evidence: "explicit" } });
        const kinds = decided.effects.map(({ kind }) => kind);
        expect(kinds).not.toContain("insert-event");
        expect(kinds).not.toContain("restore-event");
      }),
      RUNS,
    );
  });

  test("law 7: carried out, the next decision has nothing to do", () => {
    fc.assert(
      fc.property(known, (state) => {
        const decided = decide(state);
        if (decided.question !== undefined || decided.status !== "active") return;
        expect(decide(after(state)).effects).toEqual([]);
      }),
      RUNS,
    );
  });

  test("law 9: what the provider makes of our text is no edit", () => {
    fc.assert(
      fc.property(content, content, (said, returned) => {
        const shown = { ...returned, ...(said.span === undefined ? {} : { span: said.span }) };
        const state = knownWith({
          booking: { kind: "live", content: said, resources: ["bay-1"] },
          event: { kind: "live", content: shown, marked: true },
          base: { booking: said, event: shown, agreement: 1 },
        });
        expect(decide(state).rule).toBe("in-step");
      }),
      RUNS,
    );
  });

  test("law 11: an unknown field never differs and is never sent", () => {
    fc.assert(
      fc.property(content, (said) => {
        const { title: _unknown, ...rest } = said;
        expect(differingFields(rest, AGREED)).not.toContain("title");
        const decided = decide(knownWith({ booking: { kind: "live", content: rest, resources: ["bay-1"] } }));
        for (const effect of decided.effects) {
          if (effect.kind === "patch-event") expect(effect.content).not.toHaveProperty("title");
        }
      }),
      RUNS,
    );
  });

  test("what the breaker counts is all that takes something away", () => {
    for (const bookingView of BOOKING_VIEWS) {
      for (const eventView of EVENT_VIEWS) {
        const decided = decide(knownAs(bookingView, eventView));
        const takes = decided.effects.some(({ kind }) => kind === "cancel-booking" || kind === "remove-event");
        const comesBack = decided.rule === "leave-resource" || decided.rule === "give-way";
        expect(isDestructive(decided)).toBe(takes && !comesBack);
      }
    }
  });
});

/** The world as it is once a decision was carried out by providers that do as they are told. */
function after(state: Known): Known {
  const decided = decide(state);
  let next = { ...state };
  const live = next.booking?.kind === "live" ? next.booking : undefined;
  for (const effect of decided.effects) {
    if (effect.kind === "insert-event" || effect.kind === "restore-event") {
      next = { ...next, hasEvent: true, event: { kind: "live", content: effect.content, marked: true } };
    }
    if (effect.kind === "patch-event" && next.event?.kind === "live") {
      next = { ...next, event: { ...next.event, content: { ...next.event.content, ...effect.content } } };
    }
    if (effect.kind === "move-booking" && live !== undefined) {
      const moved = { ...live.content, ...(effect.span === undefined ? {} : { span: effect.span }) };
      next = { ...next, booking: { ...live, content: moved, resources: [effect.resource ?? next.resource] } };
      if (effect.resource !== undefined) {
        // Whom it gave way to in the room it left is not in its way there.
        const { givesWay: _left, ...there } = next;
        next = { ...there, resource: effect.resource };
      }
      if (next.event?.kind === "elsewhere")
        next = { ...next, event: { kind: "live", content: next.event.content, marked: true } };
    }
  }
  if (next.booking?.kind !== "live" || next.event?.kind !== "live") return next;
  return { ...next, base: { booking: next.booking.content, event: next.event.content, agreement: 1 } };
}

describe("evidence", () => {
  const finding = { now: NOW, policy: POLICY, since: NOW, wasLive: true, lastSpan: AGREED.span };

  test("S09: absence of a past booking is never a cancellation", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("seen" as const, "missing" as const),
        fc.integer({ min: 0, max: 10_000 }),
        (evidence, hours) => {
          const end = later(NOW, -hours * 3_600_000);
          const lastSpan = { kind: "timed" as const, start: later(end, -3_600_000), end };
          expect(grade({ ...finding, found: undefined, evidence, lastSpan })).toEqual({
            kind: "doubtful",
            reason: "past",
          });
        },
      ),
    );
  });

  test("S09: an absence that was proven while the booking was still to come counts when it is over", () => {
    const now = later(NOW, 86_400_000 * 30);
    const gone = { ...finding, now, found: undefined, since: NOW };

    expect(grade({ ...gone, evidence: "missing" })).toEqual({ kind: "cancelled", evidence: "absent" });
    expect(grade({ ...gone, evidence: "seen" })).toEqual({ kind: "doubtful", reason: "past" });
  });

  test("a missing booking is cancelled only with the poller's evidence", () => {
    expect(grade({ ...finding, found: undefined, evidence: "seen" })).toEqual({ kind: "doubtful", reason: "missing" });
    expect(grade({ ...finding, found: undefined, evidence: "missing" })).toEqual({
      kind: "cancelled",
      evidence: "absent",
    });
  });

  test("S12: an unpaid checkout waits out its grace, an imminent one shows at once", () => {
    const span = { kind: "timed" as const, start: "2027-01-12T10:00:00.000Z", end: "2027-01-12T11:00:00.000Z" };
    const found = { status: "pending" as const, span, content: AGREED, resources: ["bay-1"] };
    const checkout = { ...finding, found, evidence: "seen" as const, wasLive: false };

    expect(grade(checkout)).toEqual({ kind: "doubtful", reason: "unpaid", until: later(NOW, 15 * 60_000) });
    expect(grade({ ...checkout, since: later(NOW, -15 * 60_000) }).kind).toBe("live");
    expect(grade({ ...checkout, now: "2027-01-12T09:00:00.000Z", since: "2027-01-12T09:00:00.000Z" }).kind).toBe(
      "live",
    );
    expect(grade({ ...checkout, wasLive: true }).kind).toBe("live");
  });

  test("listings count only when they begin long enough after the last one (R8)", () => {
    const first = countMissing(undefined, { began: NOW, ended: later(NOW, 2_000) }, POLICY);
    const tooSoon = countMissing(first, { began: later(NOW, 61_000), ended: later(NOW, 63_000) }, POLICY);
    const second = countMissing(tooSoon, { began: later(NOW, 62_000), ended: later(NOW, 64_000) }, POLICY);

    expect([first.listings, tooSoon.listings, second.listings]).toEqual([1, 1, 2]);
  });
});

describe("held-by-breaker", () => {
  const state = { future: 10, counted: [], runAbsent: 0, openHold: false };
  const item = { key: "now", since: later(NOW, -86_400_000), derived: true };
  const before = (count: number, minutes = 10) =>
    Array.from({ length: count }, (_, index) => ({
      key: `before-${index}`,
      at: later(NOW, -minutes * 60_000),
      since: later(NOW, -86_400_000),
    }));

  test("the sixth of ten in an hour trips, the fifth does not", () => {
    expect(trips({ ...state, counted: before(4) }, item, POLICY, NOW)).toBe(false);
    expect(trips({ ...state, counted: before(5) }, item, POLICY, NOW)).toBe(true);
  });

  test("of a hundred, one in five may go", () => {
    expect(trips({ ...state, future: 81, counted: before(19) }, item, POLICY, NOW)).toBe(false);
    expect(trips({ ...state, future: 80, counted: before(20) }, item, POLICY, NOW)).toBe(true);
  });

  test("what is older than an hour no longer counts", () => {
    expect(trips({ ...state, counted: before(5, 61) }, item, POLICY, NOW)).toBe(false);
  });

  test("the last of several that lived together trips, however few", () => {
    expect(trips({ ...state, future: 1, counted: before(1) }, item, POLICY, NOW)).toBe(true);
    expect(trips({ ...state, future: 1 }, item, POLICY, NOW)).toBe(false);
  });

  test("one-by-one use of an empty calendar is no mass deletion", () => {
    const bornLater = { ...item, since: later(NOW, -60_000) };

    expect(trips({ ...state, future: 1, counted: before(3) }, bornLater, POLICY, NOW)).toBe(false);
  });

  test("a run that lacks more than allowed trips at once, explicit or not", () => {
    expect(trips({ ...state, runAbsent: 6 }, { ...item, derived: false }, POLICY, NOW)).toBe(true);
    expect(trips({ ...state, runAbsent: 5 }, { ...item, derived: false }, POLICY, NOW)).toBe(false);
  });

  test("what may not trip without a count trips with none", () => {
    const times = fc.integer({ min: 0, max: 90 }).map((minutes) => later(NOW, -minutes * 60_000));
    const counted = fc.array(fc.record({ key: fc.constantFrom("now", "a", "b", "c", "d"), at: times, since: times }));
    const states = fc.record({ counted, runAbsent: fc.nat(8), openHold: fc.boolean(), future: fc.nat(60) });
    const candidates = fc.record({ key: fc.constant("now"), since: times, derived: fc.boolean() });

    fc.assert(
      fc.property(states, candidates, fc.integer({ min: 1, max: 8 }), (any, candidate, breakerCount) => {
        const policy = { ...POLICY, breakerCount };
        expect(trips(any, candidate, policy, NOW) && !mayTrip(any, candidate, policy, NOW)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test("the first deletion in an hour needs no count, the one that could be the last or the sixth does", () => {
    expect(mayTrip(state, item, POLICY, NOW)).toBe(false);
    expect(mayTrip({ ...state, counted: before(1) }, item, POLICY, NOW)).toBe(true);
    expect(mayTrip({ ...state, counted: before(5) }, { ...item, since: later(NOW, -1) }, POLICY, NOW)).toBe(true);
  });

  test("an open hold stops every further one", () => {
    expect(trips({ ...state, openHold: true }, { ...item, derived: false }, POLICY, NOW)).toBe(true);
  });
});
