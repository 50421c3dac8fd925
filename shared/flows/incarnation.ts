import type { EventMap } from "./documents.ts";

/**
 * The map without its event. The id of a deleted event stays taken, so the next event gets the next
 * incarnation (R2); one that was kept and marked is revived under its own id.
 */
export function withoutEvent(standing: EventMap): EventMap {
  const map = isGone(standing) ? unmarked(standing) : standing;
  const { event: _event, base: _base, intent: _intent, eventEdited: _edited, ...rest } = map;
  const incarnation = map.markedEventId === undefined ? map.incarnation + 1 : map.incarnation;
  return { ...rest, eventId: "", incarnation, endsAt: "", since: "", restored: 0 };
}

/** It was about to be struck out, and went instead: taken back from the bin it is looked at like any other event. */
function isGone({ event, eventId, markedEventId }: EventMap): boolean {
  return markedEventId === eventId && event?.kind !== "live";
}

function unmarked({ markedEventId: _begun, ...map }: EventMap): EventMap {
  return map;
}
