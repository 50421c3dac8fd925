import { LockstepError } from "../errors.ts";
import { isRuleId, sentenceOf } from "../sync/rules.ts";
import type { Span } from "../sync/time.ts";
import { type EventMap, type HeldItem, type HoldDoc, holdRef, mapRef } from "./documents.ts";
import type { World } from "./world.ts";

/** What approving one item of a hold takes away, or adopts: as both sides stand now. */
export interface HeldChange extends HeldItem {
  /** The reason in words. */
  readonly sentence: string;
  readonly title: string;
  readonly booking: Span | null;
  readonly event: Span | null;
  readonly status: EventMap["status"] | null;
}

export interface HoldDiff extends Omit<HoldDoc, "items"> {
  readonly items: readonly HeldChange[];
}

/** Items shown of one hold; its `items` are as many as the breaker held. */
const MAX_ITEMS = 500;

/** A hold, item by item. Throws NOT_FOUND. */
export async function holdDiff(world: World, ws: string, id: string): Promise<HoldDiff> {
  const store = world.store(ws);
  const hold = (await store.get<HoldDoc>(holdRef(id)))?.data;
  if (hold === undefined) throw new LockstepError("NOT_FOUND", { detail: `There is no hold ${id}.` });
  const items = hold.items.slice(0, MAX_ITEMS);
  const maps = items.length === 0 ? [] : await store.getMany(items.map(({ key, resource }) => mapRef(key, resource)));
  return {
    ...hold,
    // Proof: only Lockstep writes maps, with this shape.
    items: items.map((item, index) => changeOf(item, maps[index]?.data as EventMap | undefined)),
  };
}

function changeOf(item: HeldItem, map: EventMap | undefined): HeldChange {
  const event = map?.event?.kind === "live" ? map.event.content : undefined;
  return {
    ...item,
    sentence: isRuleId(item.reason) ? sentenceOf(item.reason) : item.reason,
    title: event?.title ?? map?.base?.event.title ?? "",
    booking: map?.base?.booking.span ?? null,
    event: event?.span ?? null,
    status: map?.status ?? null,
  };
}
