import { LockstepError } from "../errors.ts";
import type { Decision, Effect } from "../sync/decision.ts";
import type { Span } from "../sync/time.ts";
import type { Desk } from "./desk.ts";
import type { Action } from "./documents.ts";

type Verb = "create" | "update" | "cancel";

const ACTIONS = {
  "insert-event": { action: "create", to: "calendar" },
  "restore-event": { action: "create", to: "calendar" },
  "patch-event": { action: "update", to: "calendar" },
  "remove-event": { action: "cancel", to: "calendar" },
  "move-booking": { action: "update", to: "booking" },
  "cancel-booking": { action: "cancel", to: "booking" },
  "create-booking": { action: "create", to: "booking" },
} as const satisfies Record<Action, { action: Verb; to: "calendar" | "booking" }>;

/** `USCHEDULE_TO_GCAL` for what goes to the calendar, the other way round for what goes to the booking. */
export function directionOf(desk: Desk, effect: Action): string {
  const { ws, source } = desk.place;
  const booking = desk.world.label(ws, { source });
  const calendar = desk.world.label(ws, { calendar: desk.resource.calendar });
  return ACTIONS[effect].to === "calendar" ? `${booking}_TO_${calendar}` : `${calendar}_TO_${booking}`;
}

/** The label of the side an effect came from; kept as the map's `lastSource`. */
export function originOf(desk: Desk, effect: Action): string {
  const { ws, source } = desk.place;
  return ACTIONS[effect].to === "calendar"
    ? desk.world.label(ws, { source })
    : desk.world.label(ws, { calendar: desk.resource.calendar });
}

type Carried = Effect | { readonly kind: "create-booking" };

/** One line for each effect that was carried out. */
export function logEffect(desk: Desk, decision: Pick<Decision, "rule">, effect: Carried, answer: string): void {
  const span = spanAfter(desk, effect);
  desk.world.log.write("INFO", "effect carried out", {
    ...fieldsOf(desk, decision, effect.kind),
    answer,
    start: span?.start,
    end: span?.end,
  });
}

/** When the booking takes place once the effect is done. */
function spanAfter(desk: Desk, effect: Carried): Span | undefined {
  const wanted = "content" in effect ? effect.content.span : "span" in effect ? effect.span : undefined;
  return wanted ?? desk.booking.seen?.span;
}

/** One line for each effect that failed, with the provider's redacted answer. */
export function logFailure(desk: Desk, decision: Decision, effect: Effect, error: unknown): void {
  const known = error instanceof LockstepError ? error : undefined;
  desk.world.log.write("ERROR", "effect failed", {
    ...fieldsOf(desk, decision, effect.kind),
    code: known?.code ?? "INTERNAL",
    providerError: known?.provider,
  });
}

function fieldsOf(desk: Desk, decision: Pick<Decision, "rule">, effect: Action) {
  return {
    action: ACTIONS[effect].action,
    direction: directionOf(desk, effect),
    ws: desk.place.ws,
    resource: desk.place.resource,
    appointmentId: desk.place.bookingId,
    calendarId: desk.map.calendarId,
    eventId: desk.map.eventId,
    rule: decision.rule,
    runId: desk.run.id,
  };
}
