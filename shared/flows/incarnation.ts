import type { EventMap } from "./documents.ts";

/** What comes late comes within minutes; by then a map has not begun so many others. */
const MAX_FORMER = 10;

/**
 * The map without its event. The id of a deleted event stays taken, so the next event gets the next
 * incarnation (R2); one that was kept and marked is revived under its own id.
 */
export function withoutEvent(map: EventMap): EventMap {
  const { event: _event, base: _base, eventEdited: _edited, ...rest } = withoutPointer(map);
  const incarnation = map.markedEventId === undefined ? map.incarnation + 1 : map.incarnation;
  return { ...rest, incarnation, endsAt: "", since: "", restored: 0 };
}

/** The map pointing at no event, remembering what it pointed at. */
export function withoutPointer(map: EventMap): EventMap {
  const { eventId, intent } = map;
  if (eventId === "" || intent !== undefined) return { ...withoutIntent(map), eventId: "" };
  const others = (map.formerEvents ?? []).filter((id) => id !== eventId);
  return { ...map, eventId: "", formerEvents: [...others, eventId].slice(-MAX_FORMER) };
}

/** The map without an insert whose outcome nobody knows: should it still come, it is told from a copy by its key. */
export function withoutIntent({ intent, ...map }: EventMap): EventMap {
  if (intent === undefined) return map;
  const others = (map.unlearned ?? []).filter((key) => key !== intent.eventId);
  return { ...map, unlearned: [...others, intent.eventId].slice(-MAX_FORMER) };
}

/** The map after it is known what was made under this key: whatever else carries it is a copy. */
export function learned(map: EventMap, key: string | undefined): EventMap {
  const { unlearned = [], ...rest } = map;
  const left = unlearned.filter((each) => each !== key);
  return left.length === 0 ? rest : { ...rest, unlearned: left };
}
