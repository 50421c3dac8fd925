import { describe, expect, test } from "vitest";
import { decide } from "../../shared/sync/decide.ts";
import type { Decision } from "../../shared/sync/decision.ts";
import { BOOKING_VIEWS, type BookingView, EVENT_VIEWS, type EventView } from "../../shared/sync/view.ts";
import { AGREED, knownAs, MOVED } from "./known.ts";

/**
 * What every cell of the table does, said again without the table: rule, effects, status. A cell that
 * is missing here does not compile.
 */
type Expected = readonly [rule: Decision["rule"], effects: readonly string[], status: Decision["status"]];

const WAITING = ["booking-not-yet-seen", [], "pending"] as const;
const LEFT_ALONE = ["marker-removed", [], "conflict"] as const;
const DOUBT = ["wait-for-evidence", [], "active"] as const;

const CELLS: Record<BookingView, Record<EventView, Expected>> = {
  unseen: {
    none: WAITING,
    same: WAITING,
    changed: WAITING,
    deleted: WAITING,
    "past-deleted": WAITING,
    moved: WAITING,
    unmarked: LEFT_ALONE,
  },
  new: {
    none: ["create-event", ["insert-event"], "active"],
    same: ["adopt-event", ["patch-event"], "active"],
    changed: ["adopt-and-update", ["patch-event"], "active"],
    deleted: ["event-deleted", ["cancel-booking"], "cancelled"],
    "past-deleted": ["past-event-deleted", [], "cancelled"],
    moved: ["carry-resource-change", ["move-booking"], "active"],
    unmarked: LEFT_ALONE,
  },
  same: {
    none: ["create-event", ["insert-event"], "active"],
    same: ["in-step", [], "active"],
    changed: ["carry-event-edit", ["move-booking"], "active"],
    deleted: ["event-deleted", ["cancel-booking"], "cancelled"],
    "past-deleted": ["past-event-deleted", [], "cancelled"],
    moved: ["carry-resource-change", ["move-booking"], "active"],
    unmarked: LEFT_ALONE,
  },
  changed: {
    none: ["create-event", ["insert-event"], "active"],
    same: ["carry-booking-change", ["patch-event"], "active"],
    changed: ["merge-both", ["move-booking", "patch-event"], "active"],
    deleted: ["change-against-deletion", ["restore-event"], "active"],
    "past-deleted": ["change-against-deletion", ["restore-event"], "active"],
    moved: ["carry-resource-change", ["move-booking", "patch-event"], "active"],
    unmarked: LEFT_ALONE,
  },
  moved: {
    none: ["left-already", [], "cancelled"],
    same: ["leave-resource", ["remove-event"], "cancelled"],
    changed: ["leave-resource", ["remove-event"], "cancelled"],
    deleted: ["left-already", [], "cancelled"],
    "past-deleted": ["left-already", [], "cancelled"],
    moved: ["leave-resource", ["remove-event"], "cancelled"],
    unmarked: LEFT_ALONE,
  },
  yielding: {
    none: ["gave-way", [], "conflict"],
    same: ["give-way", ["remove-event"], "conflict"],
    changed: ["give-way", ["move-booking"], "conflict"],
    deleted: ["event-deleted", ["cancel-booking"], "cancelled"],
    "past-deleted": ["past-event-deleted", [], "cancelled"],
    moved: ["carry-resource-change", ["move-booking"], "active"],
    unmarked: LEFT_ALONE,
  },
  cancelled: {
    none: ["never-shown", [], "cancelled"],
    same: ["cancel-event", ["remove-event"], "cancelled"],
    changed: ["cancel-event", ["remove-event"], "cancelled"],
    deleted: ["both-gone", [], "cancelled"],
    "past-deleted": ["both-gone", [], "cancelled"],
    moved: ["cancel-event", ["remove-event"], "cancelled"],
    unmarked: LEFT_ALONE,
  },
  doubtful: {
    none: ["wait-for-evidence", [], "pending"],
    same: DOUBT,
    changed: DOUBT,
    deleted: DOUBT,
    "past-deleted": DOUBT,
    moved: DOUBT,
    unmarked: LEFT_ALONE,
  },
};

for (const booking of BOOKING_VIEWS) {
  describe(`the booking side is ${booking}`, () => {
    for (const event of EVENT_VIEWS) {
      const [rule, effects, status] = CELLS[booking][event];
      test(`and the event is ${event}: ${rule}`, () => {
        const decided = decide(knownAs(booking, event));

        expect(decided.views).toEqual({ booking, event });
        expect(decided.rule).toBe(rule);
        expect(decided.effects.map(({ kind }) => kind)).toEqual(effects);
        expect(decided.status).toBe(status);
      });
    }
  });
}

test("carry-booking-change sends only the fields that changed", () => {
  expect(decide(knownAs("changed", "same")).effects).toEqual([{ kind: "patch-event", content: { title: "Maya L." } }]);
});

test("carry-event-edit moves the booking to where the event was dragged", () => {
  expect(decide(knownAs("same", "changed")).effects).toEqual([{ kind: "move-booking", span: MOVED.span }]);
});

test("merge-both lets both sides win where they changed different fields", () => {
  const decided = decide(knownAs("changed", "changed"));

  expect(decided.effects).toEqual([
    { kind: "move-booking", span: MOVED.span },
    { kind: "patch-event", content: { title: "Maya L." } },
  ]);
  expect(decided.lost).toEqual([]);
});

test("create-event shows all that the booking says", () => {
  expect(decide(knownAs("new", "none")).effects).toEqual([{ kind: "insert-event", content: AGREED }]);
});

test("cancel-event keeps the edits that a cancelled booking's event had", () => {
  expect(decide(knownAs("cancelled", "changed")).lost).toEqual([
    { side: "calendar", field: "span", value: { span: MOVED.span } },
  ]);
});

test("cancel-event keeps what was edited on an event taken back from the bin", () => {
  const known = { ...knownAs("cancelled", "changed"), base: undefined };

  expect(decide({ ...known, said: AGREED }).lost).toEqual([
    { side: "calendar", field: "span", value: { span: MOVED.span } },
  ]);
  expect(decide({ ...known, said: MOVED }).lost).toEqual([]);
});

test("adopt-and-update keeps in the journal what the adopted event said", () => {
  expect(decide(knownAs("new", "changed")).lost).toEqual([
    { side: "calendar", field: "span", value: { span: MOVED.span } },
  ]);
});
