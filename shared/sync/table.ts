import type { TableRuleId } from "./rule-id.ts";
import type { BookingView, EventView } from "./view.ts";

/**
 * Every pair of views has its rule; a missing cell does not compile. Read a row as "the booking
 * side is …", a column as "and the event is …".
 */
export const TABLE = {
  unseen: {
    none: "booking-not-yet-seen",
    same: "booking-not-yet-seen",
    changed: "booking-not-yet-seen",
    deleted: "booking-not-yet-seen",
    "past-deleted": "booking-not-yet-seen",
    moved: "booking-not-yet-seen",
    unmarked: "marker-removed",
  },
  new: {
    none: "create-event",
    same: "adopt-event",
    changed: "adopt-and-update",
    deleted: "event-deleted",
    "past-deleted": "past-event-deleted",
    moved: "carry-resource-change",
    unmarked: "marker-removed",
  },
  same: {
    none: "create-event",
    same: "in-step",
    changed: "carry-event-edit",
    deleted: "event-deleted",
    "past-deleted": "past-event-deleted",
    moved: "carry-resource-change",
    unmarked: "marker-removed",
  },
  changed: {
    none: "create-event",
    same: "carry-booking-change",
    changed: "merge-both",
    deleted: "change-against-deletion",
    "past-deleted": "change-against-deletion",
    moved: "carry-resource-change",
    unmarked: "marker-removed",
  },
  moved: {
    none: "left-already",
    same: "leave-resource",
    changed: "leave-resource",
    deleted: "left-already",
    "past-deleted": "left-already",
    moved: "leave-resource",
    unmarked: "marker-removed",
  },
  yielding: {
    none: "gave-way",
    same: "give-way",
    changed: "give-way",
    deleted: "event-deleted",
    "past-deleted": "past-event-deleted",
    moved: "carry-resource-change",
    unmarked: "marker-removed",
  },
  cancelled: {
    none: "never-shown",
    same: "cancel-event",
    changed: "cancel-event",
    deleted: "both-gone",
    "past-deleted": "both-gone",
    moved: "cancel-event",
    unmarked: "marker-removed",
  },
  doubtful: {
    none: "wait-for-evidence",
    same: "wait-for-evidence",
    changed: "wait-for-evidence",
    deleted: "wait-for-evidence",
    "past-deleted": "wait-for-evidence",
    moved: "wait-for-evidence",
    unmarked: "marker-removed",
  },
} as const satisfies Record<BookingView, Record<EventView, TableRuleId>>;
