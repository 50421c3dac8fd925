import { isError, LockstepError } from "../../errors.ts";
import type { Stored } from "../../ports/store.ts";
import { type BookingDoc, type BookingKey, bookingRef } from "../documents.ts";
import { publishBookingHint } from "../publish.ts";
import { stayKeys } from "../stay-keys.ts";
import type { World } from "../world.ts";

/** Times a stay's document is read anew because its room's worker changed it meanwhile. */
const MAX_TRIES = 6;

/** Throws NOT_FOUND: mails never make a booking. */
export async function loadStay(world: World, ws: string, key: BookingKey): Promise<Stored<BookingDoc>> {
  const stored = await world.store(ws).get<BookingDoc>(bookingRef(key));
  if (stored === undefined) throw new LockstepError("NOT_FOUND", { detail: `There is no booking ${key}.` });
  return stored;
}

/**
 * Changes what mails say of a stay, on what it is now, and has its calendar shown it. `change` may be asked several
 * times; undefined: leave it. What is found changed already is told all the same, since whoever did it may have died
 * before telling. Throws NOT_FOUND.
 */
export async function amendStay(
  world: World,
  ws: string,
  key: BookingKey,
  change: (doc: BookingDoc) => BookingDoc | undefined,
): Promise<BookingDoc> {
  for (let tries = 1; ; tries++) {
    const { data, version, ref } = await loadStay(world, ws, key);
    const changed = change(data);
    if (changed === undefined) return data;
    const doc = withKeys(changed);
    try {
      await world.store(ws).commit([{ kind: "put", ref, data: doc, ifVersion: version }]);
      await tellRooms(world, ws, doc);
      return doc;
    } catch (error) {
      if (tries >= MAX_TRIES || !isError(error, "STORE_CONFLICT")) throw error;
    }
  }
}

/** The calendar's event says what the stay says now: decided and written where everything is (DESIGN §1). */
export async function tellRooms(world: World, ws: string, { source, bookingId, resources }: BookingDoc): Promise<void> {
  for (const resource of resources) {
    await publishBookingHint(world, { ws, resource, source, bookingId }, "mail");
  }
}

function withKeys({ code: _code, checkIn: _in, checkOut: _out, ...doc }: BookingDoc): BookingDoc {
  return { ...doc, ...stayKeys(doc.seen, doc.enrichment) };
}
