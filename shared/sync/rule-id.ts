/** Ids of the rules that stand in the table; `rules.ts` holds each one's sentence and decision. */
export type TableRuleId =
  | "booking-not-yet-seen"
  | "create-event"
  | "adopt-event"
  | "adopt-and-update"
  | "in-step"
  | "carry-booking-change"
  | "carry-event-edit"
  | "merge-both"
  | "event-deleted"
  | "change-against-deletion"
  | "past-event-deleted"
  | "carry-resource-change"
  | "leave-resource"
  | "left-already"
  | "give-way"
  | "gave-way"
  | "cancel-event"
  | "both-gone"
  | "never-shown"
  | "wait-for-evidence"
  | "marker-removed";

/** Every rule the journal can name; the breaker's stands behind the table, that of imports in front of it. */
export type RuleId = TableRuleId | "held-by-breaker" | "import-meeting";
