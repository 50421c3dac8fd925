import type { EventMap } from "./documents.ts";

/** What comes late or back does so within hours; by then a map has not begun so many others. */
const MAX_FORMER = 10;

/**
 * The map without its event. The id of a deleted event stays taken, so the next event gets the next
 * incarnation (R2); one that was kept and marked is revived under its own id.
 */
export function withoutEvent(standing: EventMap): EventMap {
  const map = isGone(standing) ? unmarked(standing) : standing;
  const {
    event: _event,
    base: _base,
    eventEdited: _edited,
    marker: _owed,
    imported: _theirs,
    ...rest
  } = withoutIntent(map);
  const incarnation = map.markedEventId === undefined ? map.incarnation + 1 : map.incarnation;
  return { ...rest, eventId: "", incarnation, endsAt: "", since: "", restored: 0 };
}

/** It was about to be struck out, and went instead: taken back from the bin it is looked at like any other event. */
function isGone({ event, eventId, markedEventId }: EventMap): boolean {
  return markedEventId === eventId && event?.kind !== "live";
}

/** The map of an event that is not struck out. */
export function unmarked({ markedEventId: _begun, ...map }: EventMap): EventMap {
  return map;
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

/**
 * The map that takes another one's place knows that one's events, too, one that is just being made among them: should
 * its twin outlast the call that was to remove it, it is told from a copy, and goes by the next look.
 */
export function inheriting(map: EventMap, former: EventMap | undefined): EventMap {
  const join = (theirs: readonly string[] = [], ours: readonly string[] = []) => {
    const all = [...theirs.filter((each) => !ours.includes(each)), ...ours].slice(-MAX_FORMER);
    return all.length === 0 ? undefined : all;
  };
  const known = former && withoutIntent(former);
  const uids = join(known?.uids, map.uids);
  const unlearned = join(known?.unlearned, map.unlearned);
  return { ...map, ...(uids && { uids }), ...(unlearned && { unlearned }) };
}

/** The map having this event, by what stays when a provider gives it another id on its way. */
export function withUid(map: EventMap, uid: string | undefined): EventMap {
  if (uid === undefined || map.uids?.at(-1) === uid) return map;
  const others = (map.uids ?? []).filter((each) => each !== uid);
  return { ...map, uids: [...others, uid].slice(-MAX_FORMER) };
}
