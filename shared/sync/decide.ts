import type { Decision } from "./decision.ts";
import type { Known } from "./event-map.ts";
import { RULES } from "./rules.ts";
import { TABLE } from "./table.ts";
import { type BookingView, type EventView, viewBooking, viewEvent } from "./view.ts";

export interface Decided extends Decision {
  readonly views: { readonly booking: BookingView; readonly event: EventView };
}

/** The one decision point: the same states give the same decision, however often and in whatever order. */
export function decide(known: Known): Decided {
  const views = { booking: viewBooking(known), event: viewEvent(known) };
  const rule = TABLE[views.booking][views.event];
  return { rule, views, ...beside(known, RULES[rule].decide(known)) };
}

/** What is shown in a room that is closed, or beside a reservation, stays as it is, and a person is told. */
function beside(known: Known, decision: Omit<Decision, "rule">): Omit<Decision, "rule"> {
  if (decision.status !== "active" || decision.question !== undefined) return decision;
  if (known.closed === true) return { ...decision, question: "room-closed" };
  return known.clashes === true ? { ...decision, question: "meeting-clash" } : decision;
}
