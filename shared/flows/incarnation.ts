import type { EventMap } from "./documents.ts";

/**
 * The map without its event. The id of a deleted event stays taken, so the next event gets the next
 * incarnation (R2); one that was kept and marked is revived under its own id.
 */
export function withoutEvent(map: EventMap): EventMap {
  const { event: _event, base: _base, intent: _intent, eventEdited: _edited, ...rest } = map;
  const incarnation = map.markedEventId === undefined ? map.incarnation + 1 : map.incarnation;
  return { ...rest, eventId: "", incarnation, endsAt: "", since: "", restored: 0 };
}
