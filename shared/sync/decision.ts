import type { Content, Field } from "./content.ts";
import type { MapStatus } from "./event-map.ts";
import type { Lost } from "./merge.ts";
import type { RuleId } from "./rule-id.ts";
import type { Span } from "./time.ts";

/** What the core wants done: data, carried out by the shell. Effects are in their crash-safe order. */
export interface Decision {
  readonly rule: RuleId;
  readonly effects: readonly Effect[];
  /** Fields on which both sides agree once the effects are done: there the base moves. */
  readonly agreed: readonly Field[];
  /** The map's status once the effects are done. */
  readonly status: MapStatus;
  readonly lost: readonly Lost[];
  /** Calendar edits that stay on the calendar alone. */
  readonly kept: readonly Field[];
  readonly question?: Question;
}

export type Effect =
  | { readonly kind: "insert-event"; readonly content: Content }
  /** Changes these fields in place; the marker is written along. */
  | { readonly kind: "patch-event"; readonly content: Content }
  | { readonly kind: "remove-event"; readonly how: "delete" | "mark" }
  /** Puts a deleted event back under the next incarnation. */
  | { readonly kind: "restore-event"; readonly content: Content }
  /** In place, or by rebooking, as the source can. */
  | { readonly kind: "move-booking"; readonly span?: Span; readonly resource?: string }
  | { readonly kind: "cancel-booking" };

/** What a person is asked; shown as a review item. */
export type Question =
  | "double-booking"
  | "room-closed"
  | "meeting-clash"
  | "merge-conflict"
  | "event-deleted"
  | "deleted-again"
  | "change-against-deletion"
  | "marker-removed"
  | "moved-after-end"
  | "time-not-writable"
  | "resource-not-writable";

/**
 * True where the decision would take something away for good: what the breaker counts (law 5). An event that gives
 * way comes back.
 */
export function isDestructive(decision: Decision): boolean {
  if (decision.effects.some((effect) => effect.kind === "cancel-booking")) return true;
  return decision.rule === "cancel-event";
}
