import { describe, expect, test } from "vitest";
import { decide } from "../../shared/sync/decide.ts";
import type { Known } from "../../shared/sync/event-map.ts";
import type { Policy } from "../../shared/sync/policy.ts";
import { AGREED, knownAs, knownWith, liveBooking, liveEvent, MOVED, POLICY } from "./known.ts";

const LATER = {
  ...AGREED,
  span: { kind: "timed", start: "2027-01-13T09:00:00.000Z", end: "2027-01-13T10:00:00.000Z" },
} as const;

/** Booking and event both moved, to different times. */
function bothMoved(policy: Partial<Policy>, change: Partial<Known> = {}): Known {
  return knownWith({
    policy: { ...POLICY, ...policy },
    booking: liveBooking(LATER),
    event: liveEvent(MOVED),
    ...change,
  });
}

describe("the same field changed on both sides (S49)", () => {
  test("source-wins: the booking's time goes to the event, the dragged one is kept", () => {
    const decided = decide(bothMoved({ merge: "source-wins" }));

    expect(decided.effects).toEqual([{ kind: "patch-event", content: { span: LATER.span } }]);
    expect(decided.lost).toEqual([{ side: "calendar", field: "span", value: { span: MOVED.span } }]);
  });

  test("last-write-wins: the event's edit came clearly later and goes to the booking", () => {
    const decided = decide(
      bothMoved(
        { merge: "last-write-wins" },
        {
          bookingChanged: { after: "2027-01-10T08:00:00.000Z", before: "2027-01-10T08:01:00.000Z" },
          eventEdited: "2027-01-10T08:01:03.000Z",
        },
      ),
    );

    expect(decided.effects).toEqual([{ kind: "move-booking", span: MOVED.span }]);
    expect(decided.lost).toEqual([{ side: "booking", field: "span", value: { span: LATER.span } }]);
  });

  test("last-write-wins: where the intervals of doubt touch, the booking source wins (R14)", () => {
    const decided = decide(
      bothMoved(
        { merge: "last-write-wins" },
        {
          bookingChanged: { after: "2027-01-10T08:00:00.000Z", before: "2027-01-10T08:01:00.000Z" },
          eventEdited: "2027-01-10T08:01:02.000Z",
        },
      ),
    );

    expect(decided.effects).toEqual([{ kind: "patch-event", content: { span: LATER.span } }]);
  });

  test("last-write-wins without provider times: the booking source wins", () => {
    const decided = decide(bothMoved({ merge: "last-write-wins" }));

    expect(decided.effects).toEqual([{ kind: "patch-event", content: { span: LATER.span } }]);
  });

  test("ask: nothing moves, the base of that field stays, a person is asked", () => {
    const decided = decide(bothMoved({ merge: "ask" }));

    expect(decided.effects).toEqual([]);
    expect(decided.agreed).toEqual(["title", "description", "standing"]);
    expect(decided).toMatchObject({ status: "conflict", question: "merge-conflict" });
  });

  test("ask: the other fields go on", () => {
    const decided = decide(bothMoved({ merge: "ask" }, { booking: liveBooking({ ...LATER, title: "Maya L." }) }));

    expect(decided.effects).toEqual([{ kind: "patch-event", content: { title: "Maya L." } }]);
  });

  test("changed to the same value on both sides: nothing to do", () => {
    const decided = decide(bothMoved({ merge: "ask" }, { event: liveEvent(LATER) }));

    expect(decided).toMatchObject({
      effects: [],
      lost: [],
      agreed: ["span", "title", "description", "standing"],
      status: "active",
    });
  });
});

describe("what the source cannot take", () => {
  test("a title stays on the calendar", () => {
    const decided = decide(knownWith({ event: liveEvent({ ...AGREED, title: "Maya, paid cash" }) }));

    expect(decided).toMatchObject({ rule: "carry-event-edit", effects: [], kept: ["title"], status: "active" });
  });

  test("a title kept there and replaced by the source's own change later is kept in the journal (S49)", () => {
    const edited = { ...AGREED, title: "Maya, paid cash" };
    const decided = decide(
      knownWith({
        base: { booking: AGREED, event: edited, agreement: 1 },
        booking: liveBooking({ ...AGREED, title: "Maya Lund" }),
        event: liveEvent(edited),
      }),
    );

    expect(decided.effects).toEqual([{ kind: "patch-event", content: { title: "Maya Lund" } }]);
    expect(decided.lost).toEqual([{ side: "calendar", field: "title", value: { title: "Maya, paid cash" } }]);
  });

  test("a time is put back, and asked about", () => {
    const decided = decide(
      knownWith({
        capabilities: { writes: [], cancel: false, changeResource: false },
        event: liveEvent(MOVED),
      }),
    );

    expect(decided.effects).toEqual([{ kind: "patch-event", content: { span: AGREED.span } }]);
    expect(decided).toMatchObject({
      question: "time-not-writable",
      lost: [{ side: "calendar", field: "span", value: { span: MOVED.span } }],
    });
  });

  test("a change of resource is asked about", () => {
    const decided = decide({
      ...knownAs("same", "moved"),
      capabilities: { writes: [], cancel: false, changeResource: false },
    });

    expect(decided).toMatchObject({ effects: [], question: "resource-not-writable" });
  });
});

describe("event-deleted", () => {
  const deleted = (policy: Partial<Policy>, change: Partial<Known> = {}) =>
    decide({ ...knownAs("same", "deleted"), policy: { ...POLICY, ...policy }, ...change });

  test("cancel: the booking is cancelled", () => {
    expect(deleted({ calendarDeletion: "cancel" }).effects).toEqual([{ kind: "cancel-booking" }]);
  });

  test("restore: the event is put back", () => {
    expect(deleted({ calendarDeletion: "restore" }).effects).toEqual([{ kind: "restore-event", content: AGREED }]);
  });

  test("restore, deleted again: a person is asked; never an endless re-create (S05)", () => {
    expect(deleted({ calendarDeletion: "restore" }, { restored: 1 })).toMatchObject({
      effects: [],
      question: "deleted-again",
    });
  });

  test("ask", () => {
    expect(deleted({ calendarDeletion: "ask" })).toMatchObject({ effects: [], question: "event-deleted" });
  });

  test("a source that cannot cancel gets its event back", () => {
    const capabilities = { writes: [], cancel: false, changeResource: false };

    expect(deleted({ calendarDeletion: "cancel" }, { capabilities }).effects).toEqual([
      { kind: "restore-event", content: AGREED },
    ]);
  });
});

describe("change-against-deletion", () => {
  const against = (policy: Partial<Policy>, change: Partial<Known> = {}) =>
    decide({ ...knownAs("changed", "deleted"), policy: { ...POLICY, ...policy }, ...change });

  test("source-wins: the changed booking gets its event back", () => {
    expect(against({}).effects.map(({ kind }) => kind)).toEqual(["restore-event"]);
  });

  test("last-write-wins: a deletion after the change cancels", () => {
    const times = {
      bookingChanged: { after: "2027-01-10T08:00:00.000Z", before: "2027-01-10T08:01:00.000Z" },
      eventEdited: "2027-01-10T09:00:00.000Z",
    };

    expect(against({ merge: "last-write-wins" }, times).effects.map(({ kind }) => kind)).toEqual(["cancel-booking"]);
  });

  test("ask: a person decides", () => {
    expect(against({ merge: "ask" })).toMatchObject({ effects: [], question: "change-against-deletion" });
  });
});

test("cancel-event with policy mark keeps the event", () => {
  const decided = decide({ ...knownAs("cancelled", "same"), policy: { ...POLICY, cancellation: "mark" } });

  expect(decided.effects).toEqual([{ kind: "remove-event", how: "mark" }]);
});

test.each(["cancel-event", "leave-resource"] as const)(
  "%s: a description on the event of which the source says nothing is in the journal before it goes (S49)",
  (rule) => {
    const { description: _none, ...said } = AGREED;
    const decided = decide(
      knownWith({
        booking: rule === "cancel-event" ? { kind: "cancelled", evidence: "explicit" } : liveBooking(said, ["bay-2"]),
        base: { booking: said, event: AGREED, agreement: 1 },
      }),
    );

    expect(decided.rule).toBe(rule);
    expect(decided.lost).toEqual([
      { side: "calendar", field: "description", value: { description: AGREED.description } },
    ]);
  },
);
